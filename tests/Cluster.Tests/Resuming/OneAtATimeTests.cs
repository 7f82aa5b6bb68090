using TuningCluster.Cluster.Tests.Processes;
using TuningCluster.Cluster.Tests.Studies;

namespace TuningCluster.Cluster.Tests.Resuming;

/// <summary>With one trial at a time, kills change nothing at all: the study is the same to the last bit.</summary>
public sealed class OneAtATimeTests : ProcessTests
{
    [Fact]
    public Task A_random_study_killed_on_its_way_equals_one_that_was_left_alone() => Compare("rings", w => StudyFiles.Network(w, trials: 16, epochs: 60), seed: 11);

    [Fact]
    [Trait("Lane", "Long")]
    public Task A_grid_study_killed_on_its_way_equals_one_that_was_left_alone() => Compare("ring-grid", w => StudyFiles.Grid(w, epochs: 60), seed: 12);

    private async Task Compare(string study, Func<Workspace, string> write, int seed)
    {
        var calm = NewWorkspace();
        (await calm.Tuning("run", write(calm), "--parallel", "1")).MustEndWith(0);
        var expected = await calm.Trials(study);

        var harassed = NewWorkspace();
        var killer = new Killer(harassed, study, write(harassed), seed);
        await killer.Run(4, "--parallel", "1");
        Assert.InRange(killer.Kills, 1, 4);

        var rows = await FinishedStudy.MustBeWhole(harassed, study, expected.Count);
        Assert.Equal(expected.Select(r => r.Result), rows.Select(r => r.Result));
        var (best, calmBest) = (await harassed.Json("best", study), await calm.Json("best", study));
        foreach (var part in new[] { "number", "value", "parameters" })
        {
            Assert.Equal(calmBest.GetProperty(part).GetRawText(), best.GetProperty(part).GetRawText());
        }
    }
}
