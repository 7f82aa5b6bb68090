using System.Diagnostics;
using System.Runtime.InteropServices;

namespace TuningCluster.Benchmarks;

/// <summary><c>tuning</c> and <c>trial-worker</c> as they are released: ReadyToRun, on the shared framework.</summary>
internal static class PublishedProgram
{
    /// <returns>The path of the executable.</returns>
    /// <exception cref="BenchmarkException">It does not build.</exception>
    public static string Publish() => Publish("Coordinator", "tuning", "published");

    /// <inheritdoc cref="Publish()"/>
    public static string PublishWorker() => Publish("TrialWorker", "trial-worker", "published-worker");

    private static string Publish(string project, string program, string place)
    {
        var folder = Path.Combine(Repository.Root, "artifacts", place);
        var runtime = $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        using var publish = Process.Start(new ProcessStartInfo("dotnet",
        [
            "publish", Path.Combine(Repository.Root, "src", project), "-c", "Release", "-r", runtime, "--self-contained", "false",
            "-p:PublishReadyToRun=true", "-o", folder, "--nologo", "-v", "quiet",
        ])
        {
            RedirectStandardOutput = true,
        })!;
        var output = publish.StandardOutput.ReadToEnd();
        publish.WaitForExit();
        return publish.ExitCode == 0
            ? Path.Combine(folder, program)
            : throw new BenchmarkException($"'{program}' could not be published:{Environment.NewLine}{output}");
    }
}
