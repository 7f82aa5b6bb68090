using TuningCluster.Cluster.Tests.Processes;
using TuningCluster.Cluster.Tests.Studies;

namespace TuningCluster.Cluster.Tests.Resuming;

/// <summary>kill -9 at any moment, the same command again: nothing is lost, nothing counted twice.</summary>
public sealed class KilledStudyTests : ProcessTests
{
    [Fact]
    public Task A_random_study_of_networks_survives_25_kills() => Random(kills: 25, trials: 50, epochs: 60, seed: 1);

    [Fact]
    public Task A_grid_study_survives_kills_and_tries_every_point_once() => Grid(kills: 6, epochs: 100, seed: 2);

    [Fact]
    [Trait("Lane", "Long")]
    public Task A_random_study_of_networks_survives_100_kills() => Random(kills: 100, trials: 300, epochs: 60, seed: 101);

    [Fact]
    [Trait("Lane", "Long")]
    public Task A_grid_study_survives_many_kills() => Grid(kills: 40, epochs: 300, seed: 201);

    [Fact]
    [Trait("Lane", "Long")]
    public async Task A_study_of_trials_that_take_no_time_survives_40_kills()
    {
        // Hundreds of events a second: kills land inside writes.
        var workspace = NewWorkspace();
        var file = StudyFiles.Function(workspace, trials: 6_000);
        var killer = new Killer(workspace, "branin", file, seed: 301);
        await killer.Run(40);
        await FinishedStudy.MustBeWhole(workspace, "branin", 6_000);
    }

    private async Task Random(int kills, int trials, int epochs, int seed)
    {
        var workspace = NewWorkspace();
        var file = StudyFiles.Network(workspace, trials, epochs);
        var killer = new Killer(workspace, "rings", file, seed);
        await killer.Run(kills);
        while (killer.Kills < kills)
        {
            // It was faster than its killer: a larger budget brings it back to life.
            trials += 40;
            await killer.Run(kills, "--trials", $"{trials}");
        }

        await FinishedStudy.MustBeWhole(workspace, "rings", trials);
        await FinishedStudy.BestMustAgree(workspace, "rings");
    }

    private async Task Grid(int kills, int epochs, int seed)
    {
        var workspace = NewWorkspace();
        var killer = new Killer(workspace, "ring-grid", StudyFiles.Grid(workspace, epochs), seed);
        await killer.Run(kills);
        Assert.InRange(killer.Kills, 1, kills);

        var points = StudyFiles.GridAxes.Aggregate(1, (product, values) => product * values);
        var rows = await FinishedStudy.MustBeWhole(workspace, "ring-grid", points);
        Assert.Equal(points, rows.Where(r => r.State != "cancelled").Select(r => r.Parameters).Distinct().Count());
    }
}
