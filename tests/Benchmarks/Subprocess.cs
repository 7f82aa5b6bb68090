using System.Diagnostics;

namespace TuningCluster.Benchmarks;

/// <summary>Commands that are run to their end.</summary>
internal static class Subprocess
{
    /// <returns>What it printed.</returns>
    /// <exception cref="BenchmarkException">It failed.</exception>
    public static string Output(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new BenchmarkException(
                $"'{start.FileName} {string.Join(' ', start.ArgumentList)}' ended with exit code {process.ExitCode}:{Environment.NewLine}{errors.GetAwaiter().GetResult()}");
    }
}
