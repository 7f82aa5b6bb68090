using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TuningCluster.TestKit;

namespace TuningCluster.Benchmarks.Study;

/// <param name="TrialsPerHour">From the start of the first trial to the end of the last.</param>
/// <param name="MedianSeconds">Of a trial.</param>
internal sealed record ClusterResult(double TrialsPerHour, double MedianSeconds);

/// <summary>The slow digits study on a coordinator and so many workers of one slot, each a process in a folder of its own.</summary>
internal static class ClusterRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <param name="programs">The published <c>tuning</c> and <c>trial-worker</c>.</param>
    /// <exception cref="BenchmarkException">It failed.</exception>
    public static ClusterResult Run((string Tuning, string Worker) programs, int trials, int workers)
    {
        var root = Directory.CreateTempSubdirectory("tuning-scale-");
        var processes = new List<Process>();
        try
        {
            var (http, port) = ($"127.0.0.1:{Ports.Free()}", $"{Ports.Free()}");
            Start(programs.Tuning, ["coordinator", "--http", http, "--port", port], "coordinator", "Coordinator at");
            for (var i = 0; i < workers; i++)
            {
                Start(programs.Worker, ["--seed-node", $"127.0.0.1:{port}", "--slots", "1", "--name", $"w{i}"], $"w{i}", "Connected to");
            }

            File.WriteAllText(Path.Combine(root.FullName, "digits.yaml"), DigitsStudy.Slow(trials));
            Ask("submit", "digits.yaml");
            Ask("watch", "digits");
            using var json = JsonDocument.Parse(Ask("trials", "digits", "-o", "json"));
            var ended = json.RootElement.EnumerateArray().Select(t => (Start: t.GetProperty("startedAt").GetDateTimeOffset(), End: t.GetProperty("finishedAt").GetDateTimeOffset())).ToList();
            return new ClusterResult(ended.Count / (ended.Max(t => t.End) - ended.Min(t => t.Start)).TotalHours, Median.Of(ended.Select(t => (t.End - t.Start).TotalSeconds)));

            string Ask(params string[] verb) => Subprocess.Output(new ProcessStartInfo(programs.Tuning, [.. verb, "--to", http]) { WorkingDirectory = root.FullName });
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
}
