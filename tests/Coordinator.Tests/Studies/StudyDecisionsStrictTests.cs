using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Studies;

/// <summary>Strict studies: what is let in and when they end does not depend on who finishes first.</summary>
public sealed class StudyDecisionsStrictTests
{
    [Fact]
    public void A_trial_is_let_in_once_all_up_to_a_window_before_it_are_final()
    {
        var bench = Running(new BudgetSpec(10, null, null, null, null), window: 3, slots: 8);
        Assert.Equal(3, bench.Wanted);
        bench.Suggest(5);
        Assert.Equal(3, bench.State.Trials.Count);
        bench.Complete(2);
        bench.Complete(1);
        Assert.Equal(0, bench.Wanted);
        bench.Complete(0);
        Assert.Equal(3, bench.Wanted);
    }

    [Fact]
    public void It_sees_those_outcomes_in_number_order_and_the_rest_as_pending()
    {
        var bench = Running(new BudgetSpec(10, null, null, null, null), window: 2, slots: 2);
        bench.Suggest(2);
        bench.Complete(1, 7);
        bench.Complete(0, 8);
        bench.Suggest(1);
        var seen = bench.State.HistoryFor(2);

        Assert.Equal([0], seen.Finished);
        Assert.Equal([1, 2], seen.Open);
        Assert.Equal([8.0, null, null], seen.Trials.Select(t => t.Value));
        Assert.Equal([TrialState.Complete, TrialState.Running, TrialState.Running], seen.Trials.Select(t => t.State));
        Assert.Same(seen.Lineage, bench.State.HistoryFor(1).Lineage);
        Assert.NotSame(seen.Lineage, bench.State.History.Lineage);
    }

    [Fact]
    public void The_target_ends_it_after_the_first_trial_in_number_order_and_a_window_more_is_run()
    {
        var bench = Running(new BudgetSpec(20, null, 1, null, null), window: 3, slots: 3);
        bench.Suggest(3);
        bench.Complete(2, 0.5);
        Assert.Null(bench.EndReason);
        bench.Complete(0, 9);
        bench.Suggest(1);
        bench.Complete(1, 0.9);

        // Trial 1 reaches the target: 2 and 3 were let in before anybody could know, 4 is not.
        Assert.Equal((4, 0), (bench.State.Trials.Count, bench.Wanted));
        Assert.Null(bench.EndReason);
        Assert.Equal(TrialState.Running, bench.StateOf(3));
        bench.Complete(3, 5);
        Assert.Equal(FinishReason.TargetReached, bench.EndReason);
    }

    [Fact]
    public void Trials_that_the_window_owes_are_still_suggested_after_the_end_is_known()
    {
        var bench = Running(new BudgetSpec(20, null, 1, null, null), window: 4, slots: 1);
        bench.Suggest(1);
        bench.Complete(0, 0.5);
        Assert.Null(bench.EndReason);
        for (var n = 1; n < 4; n++)
        {
            Assert.Equal(1, bench.Wanted);
            bench.Suggest(1);
            bench.Complete(n, 3);
        }

        Assert.Equal((0, FinishReason.TargetReached), (bench.Wanted, bench.EndReason));
    }

    [Fact]
    public void A_longer_patience_opens_it_again()
    {
        var bench = Running(new BudgetSpec(20, null, null, 2, null), window: 1, slots: 1);
        for (var n = 0; n < 3; n++)
        {
            bench.Suggest(1);
            bench.Complete(n, n);
        }

        Assert.Equal(FinishReason.PatienceSpent, bench.EndReason);
        bench.Decide(new FinishStudy(Trial.NoMetrics));
        var spec = bench.State.Spec;
        bench.Decide(new ExtendStudy(spec.Budget with { Patience = 4 }, spec.Limits, spec.Parallel, spec.Retry));
        Assert.Equal((null, 1), (bench.EndReason, bench.Wanted));
    }

    [Fact]
    public void Of_equal_values_the_lowest_number_is_the_best_whoever_finished_first()
    {
        var bench = Running(new BudgetSpec(4, null, null, null, null), window: 4, slots: 4);
        bench.Suggest(4);
        bench.Complete(2, 1);
        bench.Complete(1, 1);
        bench.Complete(3, 1);
        Assert.Equal(1, bench.State.Best);
    }

    private static StudyBench Running(BudgetSpec budget, int window, int slots)
    {
        var bench = new StudyBench(Specs.Random() with { Budget = budget, Reproducible = new ReproducibleSpec(window) });
        bench.Join("a", slots);
        return bench;
    }
}
