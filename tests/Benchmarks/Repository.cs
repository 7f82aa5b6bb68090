namespace TuningCluster.Benchmarks;

/// <summary>The source tree that is measured.</summary>
internal static class Repository
{
    public static readonly string Root = FindRoot();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "TuningCluster.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"No TuningCluster.sln above {AppContext.BaseDirectory}.");
        }

        return folder.FullName;
    }
}
