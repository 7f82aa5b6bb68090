using System.Text.Json;
using TuningCluster.Cluster.Tests.Processes;
using TuningCluster.Cluster.Tests.Resuming;
using TuningCluster.Cluster.Tests.Studies;

namespace TuningCluster.Cluster.Tests.Outcomes;

/// <summary>Several objectives and constraints, from the file to what the verbs print.</summary>
public sealed class SeveralObjectivesTests : ProcessTests
{
    [Fact]
    public async Task The_front_is_printed_whole_and_survives_kills()
    {
        var workspace = NewWorkspace();
        var file = Constrained(workspace, "objectives: [ { metric: validation_loss }, { metric: parameters_count } ]", "width <= 8 or learning_rate <= 0.02", "parameters_count <= 60");
        await new Killer(workspace, "rings", file, seed: 5).Run(3);

        await FinishedStudy.MustHaveEndedOnce(workspace, "rings", 30);
        var trials = JsonDocument.Parse((await workspace.Tuning("trials", "rings", "-o", "json")).MustEndWith(0).Out).RootElement.EnumerateArray().ToList();
        Assert.All(trials, t => Assert.True(
            t.GetProperty("parameters").GetProperty("width").GetInt32() <= 8 || t.GetProperty("parameters").GetProperty("learning_rate").GetDouble() <= 0.02));
        var usable = trials.Where(t => t.GetProperty("violations").GetProperty("parameters_count <= 60").GetDouble() <= 0).ToList();
        Assert.NotEqual(trials.Count, usable.Count);

        var best = JsonDocument.Parse((await workspace.Tuning("best", "rings", "-o", "json")).MustEndWith(0).Out).RootElement.EnumerateArray().ToList();
        Assert.Equal(
            usable.Where(t => !usable.Exists(other => Beats(other, t))).Select(t => t.GetProperty("number").GetInt32()),
            best.Select(b => b.GetProperty("number").GetInt32()).Order());
        Assert.True(best[0].GetProperty("metrics").TryGetProperty("test_loss", out _));
    }

    [Fact]
    public async Task Without_a_trial_that_fulfils_the_constraints_there_is_no_best()
    {
        var workspace = NewWorkspace();
        var file = Constrained(workspace, "objective: { metric: validation_loss }", "width >= 1", "parameters_count <= 3");
        var ended = (await workspace.Tuning("run", file, "--trials", "4")).MustEndWith(3);

        Assert.Contains("4 complete, none of which fulfils parameters_count <= 3", ended.Error, StringComparison.Ordinal);
        Assert.Contains("has no trial that fulfils the constraints", (await workspace.Tuning("best", "rings")).MustEndWith(3).Error, StringComparison.Ordinal);
        (await workspace.Tuning("audit", "rings")).MustEndWith(0);
    }

    [Fact]
    public async Task Constraints_that_leave_nothing_are_told_before_anything_begins()
    {
        var workspace = NewWorkspace();
        var file = Constrained(workspace, "objective: { metric: validation_loss }", "width < 4", "parameters_count <= 3");
        foreach (var verb in (string[])["check", "run"])
        {
            var refused = (await workspace.Tuning(verb, file)).MustEndWith(2);
            Assert.Contains("none of 100000 random points fulfils them", refused.Error, StringComparison.Ordinal);
            Assert.Contains("rings.yaml:", refused.Error, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(workspace.StoreDirectory));
    }

    private static bool Beats(JsonElement one, JsonElement other)
    {
        var pairs = one.GetProperty("values").EnumerateArray().Zip(other.GetProperty("values").EnumerateArray(), (a, b) => a.GetDouble().CompareTo(b.GetDouble())).ToList();
        return pairs.TrueForAll(p => p <= 0) && pairs.Exists(p => p < 0);
    }

    private static string Constrained(Workspace workspace, string objective, params string[] constraints)
    {
        var file = StudyFiles.Network(workspace, trials: 30, epochs: 40);
        var path = workspace.PathOf(file);
        File.WriteAllText(path, File.ReadAllText(path)
            .Replace("objective: { metric: validation_loss, direction: minimize }", objective, StringComparison.Ordinal)
            + $"constraints: [ {string.Join(", ", constraints.Select(c => $"\"{c}\""))} ]\n");
        return file;
    }
}
