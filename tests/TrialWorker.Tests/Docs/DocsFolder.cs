namespace TuningCluster.TrialWorker.Tests.Docs;

/// <summary>The repository's <c>docs</c> folder.</summary>
internal static class DocsFolder
{
    /// <summary>Whether files that the code makes are to be written anew: <c>TUNING_UPDATE_GOLDEN=1</c>.</summary>
    public static bool IsUpdate => Environment.GetEnvironmentVariable("TUNING_UPDATE_GOLDEN") == "1";

    /// <param name="name">Of a file, below the folder.</param>
    public static string PathOf(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "TuningCluster.sln")))
            {
                return Path.Combine(folder.FullName, "docs", name);
            }
        }

        throw new DirectoryNotFoundException("The repository's root was not found above the tests.");
    }
}
