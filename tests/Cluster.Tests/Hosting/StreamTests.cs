using TuningCluster.Cluster.Tests.Processes;
using TuningCluster.Cluster.Tests.Studies;

namespace TuningCluster.Cluster.Tests.Hosting;

/// <summary>Data on stdout, talk on stderr, log lines in the log, and no file but the store's.</summary>
public sealed class StreamTests : ProcessTests
{
    [Fact]
    public async Task Run_prints_one_json_value_on_stdout_however_often()
    {
        // Several times: what strays onto stdout while a process ends does so now and then.
        var workspace = NewWorkspace();
        var file = StudyFiles.Function(workspace, trials: 5);
        for (var i = 0; i < 3; i++)
        {
            var run = (await workspace.Tuning("run", file, "-o", "json", "--fresh")).MustEndWith(0);
            var best = run.Json();
            Assert.Equal("branin", best.GetProperty("study").GetString());
            Assert.Equal("complete", best.GetProperty("state").GetString());
            Assert.DoesNotContain("[INF", run.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("akka", run.Error, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Contains("Remoting", workspace.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_drained_run_prints_nothing_on_stdout()
    {
        var workspace = NewWorkspace();
        var run = workspace.Start("run", StudyFiles.Network(workspace, trials: 200, epochs: 100), "-o", "json");
        await run.Line("complete");
        run.Send(Signal.Interrupt);
        Assert.Equal("", (await run.Ended()).MustEndWith(130).Out);
    }

    [Fact]
    public async Task Nothing_is_written_but_the_store()
    {
        var workspace = NewWorkspace();
        var file = StudyFiles.Network(workspace, trials: 4, epochs: 5);
        var before = Files(workspace);
        (await workspace.Tuning("run", file)).MustEndWith(0);
        foreach (var verb in (string[])["best", "trials", "show", "audit"])
        {
            (await workspace.Tuning(verb, "rings")).MustEndWith(0);
        }

        Assert.Equal(before, Files(workspace).Where(f => !f.StartsWith(".tuning", StringComparison.Ordinal)));
        string[] known = ["blobs", "lock", "lock.owner", "logs", "studies.db", "studies.db-shm", "studies.db-wal"];
        Assert.Empty(Directory.EnumerateFileSystemEntries(workspace.StoreDirectory).Select(Path.GetFileName).Except(known));
    }

    private static List<string> Files(Workspace workspace) =>
        [.. Directory.EnumerateFiles(workspace.Directory, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(workspace.Directory, f)).Order(StringComparer.Ordinal)];
}
