using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace TuningCluster.Benchmarks.Startup;

/// <summary>One run of the demo study in an empty folder, ended as soon as it has said when its first trial ran.</summary>
internal static partial class DemoRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>As the program measures it itself, from the start of its process.</summary>
    /// <exception cref="BenchmarkException">It ended, or two minutes passed, without a word.</exception>
    public static double SecondsToFirstTrial(string program)
    {
        var folder = Directory.CreateTempSubdirectory("tuning-startup-");
        try
        {
            using var run = Process.Start(new ProcessStartInfo(program, ["run", "demo", "--timings", "--http", "off"])
            {
                WorkingDirectory = folder.FullName,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            try
            {
                return ReadTimings(run).WaitAsync(Patience).GetAwaiter().GetResult();
            }
            catch (TimeoutException)
            {
                throw new BenchmarkException($"'tuning run demo --timings' did not start a trial in {Patience.TotalMinutes:F0} minutes.");
            }
            finally
            {
                run.Kill(entireProcessTree: true);
                run.WaitForExit();
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<double> ReadTimings(Process run)
    {
        // Read and dropped: a full pipe would stop the program.
        run.OutputDataReceived += (_, _) => { };
        run.BeginOutputReadLine();

        var said = new List<string>();
        while (await run.StandardError.ReadLineAsync() is { } line)
        {
            if (FirstTrial().Match(line) is { Success: true } timings)
            {
                return double.Parse(timings.Groups[1].ValueSpan, CultureInfo.InvariantCulture) / 1000;
            }

            said.Add(line);
        }

        throw new BenchmarkException(
            $"'tuning run demo --timings' ended without its 'timings:' line. It said:{Environment.NewLine}{string.Join(Environment.NewLine, said)}");
    }

    [GeneratedRegex(@"^timings:.*\bfirst_trial_ms=([0-9.]+)")]
    private static partial Regex FirstTrial();
}
