using System.Text.Json;
using TuningCluster.Cluster.Tests.Processes;

namespace TuningCluster.Cluster.Tests.Studies;

/// <summary>What every finished study owes its user, whatever was done to its processes.</summary>
internal static class FinishedStudy
{
    /// <summary>Audit clean, every number ended once, the budget met exactly, the best the true best.</summary>
    /// <returns>Its trials.</returns>
    public static async Task<IReadOnlyList<TrialRow>> MustBeWhole(Workspace workspace, string study, int trials)
    {
        var rows = await MustHaveEndedOnce(workspace, study, trials);
        var show = await workspace.Json("show", study);
        var complete = rows.Where(r => r.State == "complete").ToList();
        var truth = show.GetProperty("direction").GetString() == "minimize" ? complete.MinBy(r => r.Objective())! : complete.MaxBy(r => r.Objective())!;
        IsOf(rows, truth, show.GetProperty("best"));
        return rows;
    }

    /// <summary>All of <see cref="MustBeWhole"/> but the best trial, of which there may be several, or only among those that fulfil constraints.</summary>
    public static async Task<IReadOnlyList<TrialRow>> MustHaveEndedOnce(Workspace workspace, string study, int trials)
    {
        var audit = (await workspace.Tuning("audit", study, "-o", "json")).MustEndWith(0).Json();
        var replay = (await workspace.Tuning("replay", study, "-o", "json")).MustEndWith(0).Json();
        Assert.Equal(audit.GetProperty("trials").GetInt32(), replay.GetProperty("checked").GetInt32());
        Assert.Empty(audit.GetProperty("faults").EnumerateArray().Select(f => f.GetString()));

        var rows = await workspace.Trials(study);
        Assert.Equal(Enumerable.Range(0, rows.Count), rows.Select(r => r.Number));
        Assert.All(rows, row => Assert.True(row.IsFinal, row.ToString()));
        Assert.Equal(trials, rows.Count(r => r.State != "cancelled"));

        Assert.Equal("completed", (await workspace.Json("show", study)).GetProperty("state").GetString());
        return rows;
    }

    /// <summary>What <c>best</c> prints is what <c>show</c> holds.</summary>
    public static async Task BestMustAgree(Workspace workspace, string study)
    {
        var (best, show) = (await workspace.Json("best", study), await workspace.Json("show", study));
        Assert.Equal(WithoutSpace(show.GetProperty("best").GetRawText()), WithoutSpace(best.GetRawText()));
    }

    // Equal values are equally best: the number is the study's choice.
    private static void IsOf(IReadOnlyList<TrialRow> rows, TrialRow truth, JsonElement best)
    {
        Assert.Equal(truth.Value, best.GetProperty("value").GetRawText());
        var named = rows[best.GetProperty("number").GetInt32()];
        Assert.Equal(truth.Value, named.Value);
        Assert.Equal(WithoutSpace(named.Parameters), WithoutSpace(best.GetProperty("parameters").GetRawText()));
    }

    private static string WithoutSpace(string json) => string.Concat(json.Where(c => !char.IsWhiteSpace(c)));
}
