using System.Text.Json;
using TuningCluster.Cluster.Tests.Processes;
using TuningCluster.Cluster.Tests.Studies;
using TuningCluster.Cluster.Tests.Workers;

namespace TuningCluster.Cluster.Tests.Resuming;

/// <summary>Populations of real processes: weights go from trial to trial, whatever is killed and whoever trains.</summary>
public sealed class PopulationTests : ProcessTests
{
    private const string Study = "ring-population";
    private const int Trials = StudyFiles.Members * StudyFiles.Turns;

    /// <summary>Steps too short to move a weight: the value of a network is that of the weights it began with.</summary>
    private const string NoRate = "low: 1e-30, high: 1e-29, log: true";

    [Fact]
    public async Task A_population_survives_10_kills()
    {
        var workspace = NewWorkspace();
        var killer = new Killer(workspace, Study, StudyFiles.Population(workspace, epochs: 1600), seed: 3);
        await killer.Run(10);
        Assert.InRange(killer.Kills, 1, 10);

        var rows = await FinishedStudy.MustBeWhole(workspace, Study, Trials);
        await FinishedStudy.BestMustAgree(workspace, Study);
        Assert.All(rows, r => Assert.Contains(r.State, (string[])["complete", "diverged"]));
        EndsWithoutRemains(workspace);
    }

    [Fact]
    public async Task Every_trial_begins_with_the_weights_of_its_parent_though_the_run_was_killed()
    {
        var workspace = NewWorkspace();
        var killer = new Killer(workspace, Study, StudyFiles.Population(workspace, epochs: 800, NoRate), seed: 5);
        await killer.Run(4);
        await FinishedStudy.MustBeWhole(workspace, Study, Trials);
        await MustGoOnWithTheWeightsOfTheirParents(workspace);
    }

    [Fact]
    public async Task Workers_that_share_a_folder_go_on_from_each_others_weights()
    {
        var workspace = NewWorkspace();
        var run = workspace.Start("run", StudyFiles.Population(workspace, epochs: 4000, NoRate, parallel: 1));
        await WorkerProcess.Join(workspace, run, "helper");
        (await run.Ended()).MustEndWith(0);

        var rows = await FinishedStudy.MustBeWhole(workspace, Study, Trials);
        Assert.All(rows, r => Assert.Equal("complete", r.State));
        Assert.Contains(rows, r => r.Worker == "helper");
        Assert.Contains(rows, r => r.Worker == "local");
        var trials = await MustGoOnWithTheWeightsOfTheirParents(workspace);
        Assert.Contains(trials, t => Parent(t) is { } parent && rows[parent].Worker != rows[Number(t)].Worker);
    }

    [Fact]
    public async Task A_trial_whose_parents_weights_are_gone_fails_and_says_so()
    {
        var workspace = NewWorkspace();
        var file = StudyFiles.Population(workspace, epochs: 1600);
        (await workspace.Tuning("run", file, "--trials", $"{StudyFiles.Members}")).MustEndWith(0);
        Directory.Delete(Path.Combine(workspace.StoreDirectory, "checkpoints"), recursive: true);
        await workspace.Tuning("run", file, "--trials", $"{2 * StudyFiles.Members}");

        var rows = await FinishedStudy.MustBeWhole(workspace, Study, 2 * StudyFiles.Members);
        Assert.All(rows.Skip(StudyFiles.Members), r => Assert.Equal(("failed", 3), (r.State, r.Attempts)));
        Assert.All(rows.Skip(StudyFiles.Members), r => Assert.Matches("^The checkpoint of trial [0-5], from which this trial goes on, is neither on this worker's machine nor with the coordinator", r.Reason));
    }

    [Fact]
    public async Task A_larger_budget_goes_on_where_the_members_are()
    {
        var workspace = NewWorkspace();
        var file = StudyFiles.Population(workspace, epochs: 160, NoRate);
        foreach (var trials in (int[])[3, 14, 30])
        {
            (await workspace.Tuning("run", file, "--trials", $"{trials}")).MustEndWith(0);
            await FinishedStudy.MustBeWhole(workspace, Study, trials);
        }

        await MustGoOnWithTheWeightsOfTheirParents(workspace);
        (await workspace.Tuning("run", file)).MustEndWith(0);
        await FinishedStudy.MustBeWhole(workspace, Study, Trials);
        await MustGoOnWithTheWeightsOfTheirParents(workspace);
        EndsWithoutRemains(workspace);
    }

    /// <returns>The trials.</returns>
    private static async Task<List<JsonElement>> MustGoOnWithTheWeightsOfTheirParents(Workspace workspace)
    {
        var trials = (await workspace.Json("trials", Study)).EnumerateArray().ToList();
        var children = trials.Where(t => t.GetProperty("state").GetString() == "complete" && Parent(t) is not null).ToList();
        Assert.NotEmpty(children);
        foreach (var child in children)
        {
            var (last, first) = (Curve(trials[Parent(child)!.Value])[^1], Curve(child)[0]);
            Assert.Equal(last.GetProperty("step").GetInt32() + 1, first.GetProperty("step").GetInt32());
            Assert.Equal(last.GetProperty("value").GetDouble(), first.GetProperty("value").GetDouble());
        }

        // And that was not because all are alike.
        Assert.Equal(StudyFiles.Members, trials.Where(t => Parent(t) is null).Select(t => t.GetProperty("value").GetDouble()).Distinct().Count());
        return trials;
    }

    // The last message may still have been on its way when the process ended.
    private static void EndsWithoutRemains(Workspace workspace)
    {
        var folder = Path.Combine(workspace.StoreDirectory, "checkpoints");
        var left = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.left", SearchOption.AllDirectories) : [];
        Assert.True(left.Length <= StudyFiles.Members, $"What {left.Length} trials left is still kept.");
    }

    private static List<JsonElement> Curve(JsonElement trial) => [.. trial.GetProperty("intermediate").EnumerateArray()];

    private static int Number(JsonElement trial) => trial.GetProperty("number").GetInt32();

    private static int? Parent(JsonElement trial) => trial.GetProperty("parent") is { ValueKind: JsonValueKind.Number } parent ? parent.GetInt32() : null;
}
