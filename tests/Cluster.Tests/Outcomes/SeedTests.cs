using TuningCluster.Cluster.Tests.Processes;
using TuningCluster.Cluster.Tests.Studies;

namespace TuningCluster.Cluster.Tests.Outcomes;

/// <summary>The same seed, the same study.</summary>
public sealed class SeedTests : ProcessTests
{
    [Fact]
    public async Task One_seed_gives_the_same_trials_in_every_directory_one_or_two_at_a_time()
    {
        var rows = new List<IReadOnlyList<TrialRow>>();
        foreach (var parallel in (string[])["1", "1", "2"])
        {
            var workspace = NewWorkspace();
            (await workspace.Tuning("run", StudyFiles.Network(workspace, trials: 10, epochs: 20), "--seed", "7", "--parallel", parallel)).MustEndWith(0);
            rows.Add(await workspace.Trials("rings"));
        }

        Assert.Equal(10, rows[0].Count);
        Assert.Equal(rows[0].Select(r => r.Result), rows[1].Select(r => r.Result));
        Assert.Equal(rows[0].Select(r => r.Result), rows[2].Select(r => r.Result));
    }

    [Fact]
    [Trait("Lane", "Long")]
    public async Task Another_seed_gives_other_trials()
    {
        var parameters = new List<string>();
        foreach (var seed in (string[])["7", "8"])
        {
            var workspace = NewWorkspace();
            (await workspace.Tuning("run", StudyFiles.Function(workspace, trials: 1), "--seed", seed)).MustEndWith(0);
            parameters.Add((await workspace.Trials("branin"))[0].Parameters);
        }

        Assert.NotEqual(parameters[0], parameters[1]);
    }
}
