using TuningCluster.Cluster.Tests.Processes;
using TuningCluster.Cluster.Tests.Studies;

namespace TuningCluster.Cluster.Tests.Outcomes;

/// <summary>A network that leaves the finite numbers is a result of its trial, not of its study.</summary>
public sealed class DivergenceTests : ProcessTests
{
    [Fact]
    public async Task A_diverging_trial_is_one_of_many_and_the_study_goes_on()
    {
        var workspace = NewWorkspace();
        // From harmless to absurd.
        var file = Diverging(workspace, "low: 1e-3, high: 1e30, log: true", trials: 16);
        (await workspace.Tuning("run", file)).MustEndWith(0);

        var rows = await FinishedStudy.MustBeWhole(workspace, "rings", 16);
        Assert.Contains(rows, r => r.State == "complete");
        var diverged = rows.Where(r => r.State == "diverged").ToList();
        Assert.NotEmpty(diverged);
        Assert.All(diverged, r =>
        {
            Assert.Equal("null", r.Value);
            Assert.NotNull(r.Reason);
            Assert.Equal(1, r.Attempts);
        });
    }

    [Fact]
    public async Task A_study_of_nothing_but_diverged_trials_ends_with_3()
    {
        var workspace = NewWorkspace();
        var file = Diverging(workspace, "low: 1e28, high: 1e30, log: true", trials: 4);
        var ended = (await workspace.Tuning("run", file)).MustEndWith(3);
        Assert.Contains("ended without a usable trial", ended.Error, StringComparison.Ordinal);
        Assert.Contains("4 diverged", ended.Error, StringComparison.Ordinal);

        Assert.All(await workspace.Trials("rings"), r => Assert.Equal("diverged", r.State));
        (await workspace.Tuning("audit", "rings")).MustEndWith(0);
        (await workspace.Tuning("best", "rings")).MustEndWith(3);
        // And so it stays.
        (await workspace.Tuning("run", file)).MustEndWith(3);
    }

    // Nothing but the plainest step follows a gradient out of the finite numbers; Adam divides it by its size first.
    private static string Diverging(Workspace workspace, string learningRate, int trials)
    {
        var file = StudyFiles.Network(workspace, trials, epochs: 30, learningRate: learningRate);
        var path = workspace.PathOf(file);
        File.WriteAllText(path, File.ReadAllText(path)
            .Replace("model: { ", "model: { optimizer: sgd, ", StringComparison.Ordinal)
            .Replace("choices: [tanh, relu]", "choices: [relu, identity]", StringComparison.Ordinal));
        return file;
    }
}
