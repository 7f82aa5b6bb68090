using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace TuningCluster.Benchmarks.Study;

/// <param name="TrialsPerHour">From the start of the first trial to the end of the last.</param>
/// <param name="MedianSeconds">Of a trial.</param>
internal sealed record ClusterResult(double TrialsPerHour, double MedianSeconds);

/// <summary>A study on a coordinator and so many workers of one slot, each a process in a folder of its own.</summary>
internal static class ClusterRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <param name="programs">The published <c>tuning</c> and <c>trial-worker</c>.</param>
    /// <param name="study">Name of the study that is in the file.</param>
    /// <exception cref="BenchmarkException">It failed.</exception>
    public static ClusterResult Run((string Tuning, string Worker) programs, string file, string study, int workers)
    {
        var root = Directory.CreateTempSubdirectory("tuning-scale-");
        var processes = new List<Process>();
        try
        {
            var (http, port) = ($"127.0.0.1:{FreePort()}", FreePort());
            Start(programs.Tuning, ["coordinator", "--http", http, "--port", port], "coordinator", "Coordinator at");
            for (var i = 0; i < workers; i++)
            {
                Start(programs.Worker, ["--seed-node", $"127.0.0.1:{port}", "--slots", "1", "--name", $"w{i}"], $"w{i}", "Connected to");
            }

            Ask(programs.Tuning, root.FullName, ["submit", file, "--to", http]);
            Ask(programs.Tuning, root.FullName, ["watch", study, "--to", http]);
            using var json = JsonDocument.Parse(Ask(programs.Tuning, root.FullName, ["trials", study, "-o", "json", "--to", http]));
            var trials = json.RootElement.EnumerateArray().Select(t => (Start: t.GetProperty("startedAt").GetDateTimeOffset(), End: t.GetProperty("finishedAt").GetDateTimeOffset())).ToList();
            return new ClusterResult(trials.Count / (trials.Max(t => t.End) - trials.Min(t => t.Start)).TotalHours, Median.Of(trials.Select(t => (t.End - t.Start).TotalSeconds)));
        }
        finally
        {
            foreach (var process in processes)
            {
                process.Kill();
                process.WaitForExit();
                process.Dispose();
            }

            root.Delete(recursive: true);
        }

        void Start(string program, string[] arguments, string folder, string ready)
        {
            var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = root.CreateSubdirectory(folder).FullName,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            processes.Add(process);
            var isReady = new TaskCompletionSource();
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, line) =>
            {
                if (line.Data?.Contains(ready, StringComparison.Ordinal) == true)
                {
                    isReady.TrySetResult();
                }
            };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            try
            {
                isReady.Task.WaitAsync(Patience).GetAwaiter().GetResult();
            }
            catch (TimeoutException)
            {
                throw new BenchmarkException(string.Create(CultureInfo.InvariantCulture, $"'{Path.GetFileName(program)} {string.Join(' ', arguments)}' did not say '{ready}' in {Patience.TotalMinutes:F0} minutes."));
            }
        }
    }

    private static string Ask(string program, string folder, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new BenchmarkException($"'tuning {string.Join(' ', arguments)}' ended with exit code {process.ExitCode}:{Environment.NewLine}{errors.GetAwaiter().GetResult()}");
    }

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }
}
