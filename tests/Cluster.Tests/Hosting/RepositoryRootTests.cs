using TuningCluster.Cluster.Tests.Processes;

namespace TuningCluster.Cluster.Tests.Hosting;

/// <summary>The README's command, typed at the root of the repository.</summary>
public sealed class RepositoryRootTests
{
    [Fact]
    public async Task Dotnet_run_finds_files_relative_to_where_the_user_stands()
    {
        var root = RepositoryRoot.Find();
        Assert.SkipWhen(root is null, "The tests do not run inside the repository.");
        Assert.SkipUnless(File.Exists(Path.Combine(root, "src", "Coordinator", "bin", "Release", "net10.0", "tuning.dll")), "The Release configuration is not built.");

        string[] command = ["run", "-c", "Release", "--no-build", "--project", "src/Coordinator", "--", "check", "examples/digits.yaml"];
        await using var process = TuningProcess.Start(Programs.Dotnet, root, command);
        var result = (await process.Ended()).MustEndWith(0);
        Assert.Contains("digits", result.Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(root, "src", "Coordinator", ".tuning")));
    }
}
