using System.Diagnostics;
using System.Runtime.InteropServices;

namespace TuningCluster.Benchmarks;

/// <summary><c>tuning</c> as it is released: ReadyToRun, on the shared framework.</summary>
internal static class PublishedProgram
{
    /// <returns>The path of the executable.</returns>
    /// <exception cref="BenchmarkException">It does not build.</exception>
    public static string Publish()
    {
        var folder = Path.Combine(Repository.Root, "artifacts", "published");
        var runtime = $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        using var publish = Process.Start(new ProcessStartInfo("dotnet",
        [
            "publish", Path.Combine(Repository.Root, "src", "Coordinator"), "-c", "Release", "-r", runtime, "--self-contained", "false",
            "-p:PublishReadyToRun=true", "-o", folder, "--nologo", "-v", "quiet",
        ])
        {
            RedirectStandardOutput = true,
        })!;
        var output = publish.StandardOutput.ReadToEnd();
        publish.WaitForExit();
        return publish.ExitCode == 0
            ? Path.Combine(folder, "tuning")
            : throw new BenchmarkException($"'tuning' could not be published:{Environment.NewLine}{output}");
    }
}
