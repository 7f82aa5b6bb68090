using TuningCluster.Cluster.Tests.Processes;
using TuningCluster.Cluster.Tests.Studies;

namespace TuningCluster.Cluster.Tests.Resuming;

/// <summary>A study that goes on otherwise than it was begun.</summary>
public sealed class ChangedMindTests : ProcessTests
{
    [Fact]
    public async Task A_wider_study_survives_kills_and_keeps_what_it_had()
    {
        var workspace = NewWorkspace();
        var file = StudyFiles.Network(workspace, trials: 8, epochs: 40);
        (await workspace.Tuning("run", file)).MustEndWith(0);
        var before = await workspace.Trials("rings");
        var text = await File.ReadAllTextAsync(workspace.PathOf(file), TestContext.Current.CancellationToken);

        // Narrower is refused with what would be allowed; wider without a budget, with what to do.
        workspace.Write(file, text.Replace("low: 4, high: 16", "low: 8, high: 16", StringComparison.Ordinal));
        Assert.Contains("low may be at most 4", (await workspace.Tuning("run", file)).MustEndWith(2).Error, StringComparison.Ordinal);
        workspace.Write(file, Wider(text));
        Assert.Contains("--trials 16", (await workspace.Tuning("run", file)).MustEndWith(2).Error, StringComparison.Ordinal);

        var killer = new Killer(workspace, "rings", file, seed: 5);
        await killer.Run(5, "--trials", "40");

        var rows = await FinishedStudy.MustBeWhole(workspace, "rings", 40);
        Assert.Equal(before.Select(r => r.Result), rows.Take(8).Select(r => r.Result));
        Assert.Contains(rows, r => r.Parameters.Contains("gelu", StringComparison.Ordinal));
        Assert.All(rows.Skip(8), r => Assert.Contains("batch_size", r.Parameters, StringComparison.Ordinal));
        await FinishedStudy.BestMustAgree(workspace, "rings");
    }

    [Fact]
    public async Task A_widened_grid_tries_every_point_once_over_kills()
    {
        var workspace = NewWorkspace();
        var file = StudyFiles.Grid(workspace, epochs: 20);
        (await workspace.Tuning("run", file)).MustEndWith(0);
        var text = await File.ReadAllTextAsync(workspace.PathOf(file), TestContext.Current.CancellationToken);
        workspace.Write(file, text.Replace("high: 16, step: 4", "high: 20, step: 4", StringComparison.Ordinal).Replace("[tanh, relu, sigmoid]", "[gelu, tanh, relu, sigmoid]", StringComparison.Ordinal));

        var killer = new Killer(workspace, "ring-grid", file, seed: 6);
        await killer.Run(4);

        var rows = await FinishedStudy.MustBeWhole(workspace, "ring-grid", 5 * 5 * 4);
        Assert.Equal(100, rows.Where(r => r.State != "cancelled").Select(r => r.Parameters).Distinct().Count());
    }

    [Fact]
    public async Task A_study_starts_from_another_one_and_from_the_table_it_prints_and_survives_kills()
    {
        var workspace = NewWorkspace();
        var earlier = StudyFiles.Network(workspace, trials: 20, epochs: 20);
        (await workspace.Tuning("run", earlier)).MustEndWith(0);
        workspace.Write("rings-trials.csv", (await workspace.Tuning("trials", "rings", "-o", "csv")).MustEndWith(0).Out);

        var study = Warm(workspace, "from-study", "study: ring");
        Assert.Contains("study: rings", (await workspace.Tuning("run", study)).MustEndWith(2).Error, StringComparison.Ordinal);
        study = Warm(workspace, "from-study", "study: rings");
        await new Killer(workspace, "from-study", study, seed: 7).Run(3);
        await FinishedStudy.MustBeWhole(workspace, "from-study", 10);
        Assert.Equal((20, "rings"), await Start("from-study", "study"));

        var table = Warm(workspace, "from-table", "csv: rings-trials.csv");
        var check = (await workspace.Tuning("check", table)).MustEndWith(0);
        Assert.Contains("csv rings-trials.csv: 20 trials", check.Out, StringComparison.Ordinal);
        Assert.Contains("starts from 20 trials of 'rings-trials.csv'", (await workspace.Tuning("run", table)).MustEndWith(0).Error, StringComparison.Ordinal);
        // The source is needed no more, and both have learned the same.
        File.Delete(workspace.PathOf("rings-trials.csv"));
        (await workspace.Tuning("run", table, "--trials", "12")).MustEndWith(0);
        Assert.Equal((20, "rings-trials.csv"), await Start("from-table", "csv"));
        foreach (var name in (string[])["from-study", "from-table"])
        {
            (await workspace.Tuning("audit", name)).MustEndWith(0);
            (await workspace.Tuning("replay", name)).MustEndWith(0);
        }

        Assert.Equal((await workspace.Trials("from-study"))[0].Parameters, (await workspace.Trials("from-table"))[0].Parameters);

        async Task<(int, string?)> Start(string name, string key)
        {
            var start = (await workspace.Json("show", name)).GetProperty("warmStart");
            return (start.GetProperty("trials").GetInt32(), start.GetProperty(key).GetString());
        }
    }

    [Fact]
    public async Task The_best_trials_are_trained_again_over_kills_and_the_best_mean_wins()
    {
        var workspace = NewWorkspace();
        var file = StudyFiles.Network(workspace, trials: 8, epochs: 300);
        File.AppendAllText(workspace.PathOf(file), "reevaluate: { top: 3, seeds: 4 }\n");
        await new Killer(workspace, "rings", file, seed: 8).Run(4);

        (await workspace.Tuning("audit", "rings")).MustEndWith(0);
        (await workspace.Tuning("replay", "rings")).MustEndWith(0);
        var trials = (await workspace.Json("trials", "rings")).EnumerateArray().ToList();
        Assert.Equal(8 + (3 * 4), trials.Count);
        var means = trials.Where(t => t.TryGetProperty("copyOf", out _)).GroupBy(t => t.GetProperty("copyOf").GetInt32())
            .ToDictionary(g => g.Key, g => g.Select(t => t.GetProperty("value").GetDouble()).ToList());
        Assert.Equal(trials.Take(8).OrderBy(t => t.GetProperty("value").GetDouble()).Take(3).Select(t => t.GetProperty("number").GetInt32()).Order(), means.Keys.Order());
        // Other seeds, other values.
        Assert.All(means.Values, values => Assert.Equal(4, values.Distinct().Count()));
        var best = await workspace.Json("best", "rings");
        Assert.Equal(means.MinBy(m => m.Value.Average()).Key, best.GetProperty("number").GetInt32());
        Assert.Equal(means.Values.Min(v => v.Average()), best.GetProperty("reevaluated").GetProperty("mean").GetDouble(), 1e-12);
        Assert.True(best.GetProperty("metrics").TryGetProperty("test_loss", out _));
        Assert.Contains("over 4 other seeds", (await workspace.Tuning("best", "rings")).MustEndWith(0).Out, StringComparison.Ordinal);
    }

    private static string Warm(Workspace workspace, string name, string source)
    {
        var file = StudyFiles.Network(workspace, trials: 10, epochs: 40, name: name);
        var path = workspace.PathOf(file);
        File.WriteAllText(path, File.ReadAllText(path).Replace("name: random", "name: tpe", StringComparison.Ordinal) + $"warm_start: {{ {source} }}\n");
        return file;
    }

    [Fact]
    public async Task Failed_trials_are_run_again()
    {
        var workspace = NewWorkspace();
        var file = StudyFiles.Network(workspace, trials: 4, epochs: 40);
        var text = await File.ReadAllTextAsync(workspace.PathOf(file), TestContext.Current.CancellationToken);
        workspace.Write(file, text + "limits: { time: 1ms }\n");
        (await workspace.Tuning("run", file)).MustEndWith(3);
        Assert.All(await workspace.Trials("rings"), r => Assert.Equal("failed", r.State));

        var retry = (await workspace.Tuning("retry-failed", "rings")).MustEndWith(0);
        Assert.Contains("Trials 0, 1, 2, 3 of study 'rings' will be run again", retry.Error, StringComparison.Ordinal);
        Assert.Equal("", retry.Out);
        Assert.Equal("running", (await workspace.Json("show", "rings")).GetProperty("state").GetString());
        Assert.Contains("no failed trial", (await workspace.Tuning("retry-failed", "rings")).MustEndWith(0).Error, StringComparison.Ordinal);

        workspace.Write(file, text);
        (await workspace.Tuning("run", file)).MustEndWith(0);

        var rows = await FinishedStudy.MustBeWhole(workspace, "rings", 8);
        Assert.Equal(rows.Take(4).Select(r => r.Parameters), rows.Skip(4).Select(r => r.Parameters));
        Assert.All(rows.Skip(4), r => Assert.Equal("complete", r.State));
        (await workspace.Tuning("retry-failed", "nosuch")).MustEndWith(2);
    }

    private static string Wider(string text) => text
        .Replace("low: 4, high: 16", "low: 4, high: 24", StringComparison.Ordinal)
        .Replace("[tanh, relu] }", "[gelu, tanh, relu] }\n  batch_size:    { type: int, low: 16, high: 64 }", StringComparison.Ordinal);
}
