namespace TuningCluster.Cluster.Tests.Hosting;

internal static class RepositoryRoot
{
    /// <summary>Null when the tests do not run inside it.</summary>
    public static string? Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "TuningCluster.sln")))
            {
                return directory.FullName;
            }
        }

        return null;
    }

    /// <summary>A folder of it; the test is skipped outside.</summary>
    public static string FolderOf(params string[] path)
    {
        var root = Find();
        Assert.SkipWhen(root is null, "The tests do not run inside the repository.");
        return Path.Combine([root, .. path]);
    }
}
