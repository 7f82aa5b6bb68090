using System.Runtime.InteropServices;

namespace TuningCluster.Cluster.Tests.Processes;

/// <summary>Where the executables under test lie: beside the tests.</summary>
internal static class Programs
{
    public static string Tuning { get; } = Find("tuning");

    public static string TrialWorker { get; } = Find("trial-worker");

    /// <summary>Root of the .NET that runs the tests: its programs shall run on the same.</summary>
    public static string DotnetRoot { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    public static string Dotnet => Path.Combine(DotnetRoot, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");

    private static string Find(string name)
    {
        var path = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? name + ".exe" : name);
        return File.Exists(path) ? path : throw new FileNotFoundException($"'{name}' is not beside the tests.", path);
    }
}
