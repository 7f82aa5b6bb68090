namespace TuningCluster.Benchmarks.Contests;

/// <summary>Programs that may or may not be installed.</summary>
internal static class Programs
{
    /// <summary>Every program of that name on the search path, in its order.</summary>
    public static IEnumerable<string> OnPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .Where(File.Exists);
}
