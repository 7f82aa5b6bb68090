using TuningCluster.Coordinator.Pruning;
using TuningCluster.Shared.Trials;
using static TuningCluster.Coordinator.Tests.Pruning.Curves;

namespace TuningCluster.Coordinator.Tests.Pruning;

/// <summary>Median, patience and threshold, by hand.</summary>
public sealed class SimpleRulesTests
{
    private static readonly JudgementSteps Each = new(1, 0);

    [Theory]
    [InlineData(3, 0, 0, 3)]
    [InlineData(3, 0, 3, 6)]
    [InlineData(3, 4, 0, 6)]
    [InlineData(3, 6, 0, 9)]
    [InlineData(1, 0, 7, 8)]
    public void Judgements_come_at_multiples_of_the_interval_after_the_warm_up(int interval, int warmup, int step, int next) =>
        Assert.Equal(next, new JudgementSteps(interval, warmup).After(step));

    [Fact]
    public void Median_compares_the_best_so_far_with_what_complete_trials_had_at_the_step()
    {
        var pruner = new MedianPruner(Each, startup: 3, percentile: 50);
        double[][] complete = [[5, 4, 3], [6, 5, 4], [7, 6, 1]];

        Assert.False(Stops(complete, [7, 5]));
        Assert.True(Stops(complete, [7, 5.5]));
        // It was better once.
        Assert.False(Stops(complete, [4.5, 5.5]));
        Assert.False(Stops(complete[..2], [9, 9]));
        Assert.True(new MedianPruner(Each, startup: 3, percentile: 25).Stops(WithPaused(complete, [7, 4.6]), 3));
        Assert.False(new MedianPruner(Each, startup: 3, percentile: 25).Stops(WithPaused(complete, [7, 4.5]), 3));
        // Those that were pruned say nothing.
        Assert.False(pruner.Stops(History([.. complete[..2].Select((c, n) => Complete(n, c)), Trial(2, TrialState.Pruned, 1, 1), Paused(3, 9, 9)]), 3));

        bool Stops(double[][] others, double[] own) => pruner.Stops(WithPaused(others, own), others.Length);
    }

    [Fact]
    public void Patience_ends_who_has_not_become_better_for_so_many_steps()
    {
        var pruner = new PatiencePruner(Each, patience: 2, progress: 0.1);

        Assert.False(pruner.Stops(History(Paused(0, 5, 4.95)), 0));
        Assert.True(pruner.Stops(History(Paused(0, 5, 4.95, 4.92)), 0));
        Assert.False(pruner.Stops(History(Paused(0, 5, 4.95, 4.89)), 0));
    }

    [Fact]
    public void Threshold_ends_who_leaves_the_range_after_the_warm_up()
    {
        var pruner = new ThresholdPruner(new JudgementSteps(1, 1), lower: null, upper: 3);

        Assert.False(pruner.Stops(History(Paused(0, 9, 3)), 0));
        Assert.True(pruner.Stops(History(Paused(0, 1, 3.1)), 0));
        Assert.True(new ThresholdPruner(Each, lower: 0.5, upper: null).Stops(History(Paused(0, 0.4)), 0));
    }

    private static Coordinator.Search.StudyHistory WithPaused(double[][] complete, double[] paused) =>
        History([.. complete.Select((c, n) => Complete(n, c)), Paused(complete.Length, paused)]);
}
