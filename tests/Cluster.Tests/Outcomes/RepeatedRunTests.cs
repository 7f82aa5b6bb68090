using TuningCluster.Cluster.Tests.Processes;
using TuningCluster.Cluster.Tests.Studies;

namespace TuningCluster.Cluster.Tests.Outcomes;

/// <summary>The same name again: goes on, extends, prints, refuses or begins anew.</summary>
public sealed class RepeatedRunTests : ProcessTests
{
    [Fact]
    public async Task A_finished_study_prints_its_result_and_runs_nothing()
    {
        var workspace = NewWorkspace();
        var file = StudyFiles.Function(workspace, trials: 8);
        var first = (await workspace.Tuning("run", file, "-o", "json")).MustEndWith(0);
        var again = (await workspace.Tuning("run", file, "-o", "json")).MustEndWith(0);
        Assert.Equal(first.Out, again.Out);
        Assert.DoesNotContain("trial ", again.Error, StringComparison.Ordinal);
        Assert.Contains("was finished before", (await workspace.Tuning("run", file)).MustEndWith(0).Out, StringComparison.Ordinal);
        await FinishedStudy.MustBeWhole(workspace, "branin", 8);
    }

    [Fact]
    public async Task A_larger_budget_extends_a_finished_study_and_keeps_what_it_has()
    {
        var workspace = NewWorkspace();
        var file = StudyFiles.Function(workspace, trials: 8);
        (await workspace.Tuning("run", file)).MustEndWith(0);
        var before = await workspace.Trials("branin");

        (await workspace.Tuning("run", file, "--trials", "14")).MustEndWith(0);
        var after = await FinishedStudy.MustBeWhole(workspace, "branin", 14);
        Assert.Equal(before, after.Take(8));

        // A smaller one takes nothing back.
        (await workspace.Tuning("run", file, "--trials", "5")).MustEndWith(0);
        Assert.Equal(after, await workspace.Trials("branin"));
    }

    [Fact]
    public async Task Fresh_begins_anew_under_the_same_name_and_delete_takes_both()
    {
        var workspace = NewWorkspace();
        var file = StudyFiles.Function(workspace, trials: 8);
        (await workspace.Tuning("run", file)).MustEndWith(0);
        var first = await workspace.Json("show", "branin");

        (await workspace.Tuning("run", file, "--fresh", "--seed", "5", "--trials", "4")).MustEndWith(0);
        var second = await workspace.Json("show", "branin");
        Assert.NotEqual(first.GetProperty("id").GetString(), second.GetProperty("id").GetString());
        await FinishedStudy.MustBeWhole(workspace, "branin", 4);

        (await workspace.Tuning("delete", "branin", "--yes")).MustEndWith(0);
        Assert.Empty((await workspace.Json("studies")).EnumerateArray());
    }

    [Fact]
    public async Task Another_space_under_the_same_name_is_refused_naming_what_changed()
    {
        var workspace = NewWorkspace();
        var file = StudyFiles.Function(workspace, trials: 4);
        (await workspace.Tuning("run", file)).MustEndWith(0);
        var before = await workspace.Trials("branin");
        File.WriteAllText(workspace.PathOf(file), File.ReadAllText(workspace.PathOf(file)).Replace("high: 10", "high: 9", StringComparison.Ordinal));

        var refused = (await workspace.Tuning("run", file, "--trials", "9")).MustEndWith(2);
        Assert.Contains("parameters.x1", refused.Error, StringComparison.Ordinal);
        Assert.Contains("10", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--fresh", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("parameters.x2", refused.Error, StringComparison.Ordinal);
        Assert.Equal(before, await workspace.Trials("branin"));

        Assert.Contains("strategy.seed", (await workspace.Tuning("run", "branin.yaml", "--seed", "43")).MustEndWith(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changed_data_under_the_same_name_is_refused()
    {
        var workspace = NewWorkspace();
        var file = StudyFiles.Network(workspace, trials: 2, epochs: 2);
        (await workspace.Tuning("run", file)).MustEndWith(0);
        await File.AppendAllTextAsync(workspace.PathOf("rings.csv"), "0.1,0.2,inner\n");
        Assert.Contains("data", (await workspace.Tuning("run", file, "--trials", "9")).MustEndWith(2).Error, StringComparison.Ordinal);
    }
}
