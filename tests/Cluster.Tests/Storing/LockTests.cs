using TuningCluster.Cluster.Tests.Processes;
using TuningCluster.Cluster.Tests.Studies;

namespace TuningCluster.Cluster.Tests.Storing;

/// <summary>One writer a store, and no lock outlives its holder.</summary>
public sealed class LockTests : ProcessTests
{
    [Fact]
    public async Task A_second_writer_ends_with_exit_4_and_names_the_first_whose_death_frees_the_store()
    {
        var workspace = NewWorkspace();
        var file = StudyFiles.Network(workspace, trials: 1_000_000, epochs: 500);
        var other = StudyFiles.Function(workspace, trials: 10);
        var owner = workspace.Start("run", file);
        await owner.Line("complete");

        // The same study, another study, and a verb that writes.
        foreach (var command in (string[][])[["run", file], ["run", other], ["delete", "rings", "--yes"], ["retry-failed", "rings"]])
        {
            var refused = (await workspace.Tuning(command)).MustEndWith(4);
            Assert.Contains($"process {owner.Id} ", refused.Error, StringComparison.Ordinal);
            Assert.Contains($"tuning run {file}", refused.Error, StringComparison.Ordinal);
            Assert.Equal("", refused.Out);
        }

        Assert.False(owner.HasEnded);
        await owner.Kill();

        (await workspace.Tuning("run", other)).MustEndWith(0);
        await FinishedStudy.MustBeWhole(workspace, "branin", 10);
        (await workspace.Tuning("audit", "rings")).MustEndWith(0);

        (await workspace.Tuning("delete", "rings", "--yes")).MustEndWith(0);
        (await workspace.Tuning("show", "rings")).MustEndWith(2);
        Assert.Equal("branin", Assert.Single((await workspace.Json("studies")).EnumerateArray()).GetProperty("name").GetString());
    }

    [Fact]
    public async Task Of_two_runs_started_together_one_wins_and_the_other_says_so()
    {
        var workspace = NewWorkspace();
        var file = StudyFiles.Network(workspace, trials: 10, epochs: 150);
        var results = await Task.WhenAll(workspace.Start("run", file).Ended(), workspace.Start("run", file).Ended());
        // On a crowded machine the second may come when the first is through: then it prints the result.
        Assert.Contains(results, r => r.Code == 0);
        Assert.All(results, r => Assert.Contains(r.Code, (int[])[0, 4]));
        await FinishedStudy.MustBeWhole(workspace, "rings", 10);
    }

    [Fact]
    [Trait("Lane", "Long")]
    public async Task Two_stores_do_not_know_of_each_other()
    {
        var workspace = NewWorkspace();
        var file = StudyFiles.Function(workspace, trials: 10);
        var results = await Task.WhenAll(
            workspace.Start("run", file, "--storage", "sqlite:a/studies.db").Ended(), workspace.Start("run", file, "--storage", "sqlite:b/studies.db").Ended());
        Assert.All(results, r => r.MustEndWith(0));
        Assert.False(Directory.Exists(workspace.StoreDirectory));
    }
}
