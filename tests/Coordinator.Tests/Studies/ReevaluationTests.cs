using TuningCluster.Coordinator.Hosting;
using TuningCluster.Coordinator.Persistence;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Protocol;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Studies;

public sealed class ReevaluationTests
{
    private static readonly StudySpec Spec = Specs.Random() with { Reevaluate = new ReevaluateSpec(2, 2) };

    [Fact]
    public void The_best_mean_of_the_copies_wins_and_the_own_value_is_left_out()
    {
        var bench = Over(Spec, 3, 1, 2, 5);

        // Trials 1 and 2, the best by value, have two copies each; nothing is suggested any more.
        Assert.Equal([1, 1, 2, 2], bench.State.Trials.Skip(4).Select(t => t.CopyOf));
        Assert.Equal(bench.State.Trials[1].Parameters, bench.State.Trials[4].Parameters);
        Assert.Equal((0, 4, (int?)1), (bench.Wanted, bench.State.Counts.AgainstBudget, bench.State.Best));
        Complete(bench, 4, 4, 5, 6, 6, 3);
        Assert.Null(bench.EndReason);
        Complete(bench, 7, 3.5);

        // Means 5 and 3.25: the best by its own value was lucky.
        Assert.Equal((FinishReason.TrialsDone, (int?)2, 4), (bench.EndReason, bench.State.Best, bench.State.Counts.AgainstBudget));
        bench.Decide(new FinishStudy(Trial.NoMetrics));
        Assert.Equal(2, bench.Journal.OfType<StudyFinished>().Single().Best);
        Assert.Empty(StudyAudit.Run(bench.Journal).Faults);
        var best = Assert.Single(StudyViewBuilder.Best(bench.State));
        Assert.Equal((2, 3.25, Math.Sqrt(0.125)), (best.Value, best.Mean, best.Deviation!.Value));
    }

    [Fact]
    public void A_copy_is_never_the_best_by_itself_and_spends_nothing()
    {
        var bench = Over(Specs.With(Spec, b => b with { Failures = 1, Patience = 5 }), 3, 1, 2, 5);
        Complete(bench, 4, -100);
        bench.End(5, new TrialOutcome.Failed(FailureReason.MemoryLimit, "it would not fit"));
        Assert.Equal((1, 0, 4), (bench.State.Best, bench.State.Counts.AgainstFailures, bench.State.Counts.AgainstBudget));
        bench.End(6, new TrialOutcome.Diverged(1, "loss is NaN"));
        bench.End(7, new TrialOutcome.Diverged(1, "loss is NaN"));

        Assert.Equal((FinishReason.TrialsDone, (int?)1), (bench.EndReason, bench.State.Best));
    }

    [Fact]
    public void Where_no_copy_comes_to_anything_the_value_decides()
    {
        var bench = Over(Spec, 3, 1, 2, 5);
        foreach (var number in (int[])[4, 5, 6, 7])
        {
            bench.End(number, new TrialOutcome.Diverged(1, "loss is NaN"));
        }

        bench.Decide(new FinishStudy(Trial.NoMetrics));
        Assert.Equal(1, bench.State.Best);
        Assert.Empty(StudyAudit.Run(bench.Journal).Faults);
    }

    [Fact]
    public void A_larger_budget_goes_on_and_copies_that_are_there_count_at_the_next_end()
    {
        var bench = Over(Spec, 3, 1, 2, 5);
        Complete(bench, 4, 4, 5, 6, 6, 3, 7, 3.5);
        bench.Decide(new FinishStudy(Trial.NoMetrics));
        bench.Decide([.. RunPlan.For(Specs.With(Spec, b => b with { Trials = 5 }), bench.State, fresh: false).First]);
        Assert.Equal((1, 1), (bench.State.Best, bench.Wanted));
        bench.Suggest(1);
        bench.Complete(8, 1.5);

        // Trials 1 and 8 are the best now, and trial 1 has its copies.
        Assert.Equal([8, 8], bench.State.Trials.Skip(9).Select(t => t.CopyOf));
        Complete(bench, 9, 7, 10, 7);
        bench.Decide(new FinishStudy(Trial.NoMetrics));
        Assert.Equal(1, bench.State.Best);
        Assert.Empty(StudyAudit.Run(bench.Journal).Faults);
    }

    [Fact]
    public void A_larger_budget_in_the_middle_lets_the_copies_end()
    {
        var bench = Over(Spec, 3, 1, 2, 5);
        Complete(bench, 4, 4);
        bench.Decide([.. RunPlan.For(Specs.With(Spec, b => b with { Trials = 5 }), bench.State, fresh: false).First]);
        Assert.Equal(1, bench.Wanted);
        bench.Suggest(1);
        bench.Complete(8, 9);
        Complete(bench, 5, 4, 6, 3, 7, 3);
        bench.Decide(new FinishStudy(Trial.NoMetrics));

        Assert.Equal((9, 2), (bench.State.Trials.Count, bench.State.Best));
        Assert.Empty(StudyAudit.Run(bench.Journal).Faults);
    }

    [Fact]
    public void The_state_survives_a_snapshot_and_stopping_ends_it()
    {
        var bench = Over(Spec, 3, 1, 2, 5);
        Complete(bench, 4, 4);
        var again = SnapshotMapper.Restore((StudySnapshot)JournalManifests.Table.Read("s:study", StudyBench.Bytes(bench.State)), _ => throw new InvalidOperationException("There are no blocks."));
        Assert.Equal(StudyBench.Bytes(bench.State), StudyBench.Bytes(again));
        Assert.Equal((bench.State.Reevaluation, bench.State.Counts), (again.Reevaluation, again.Counts));

        bench.Decide(new StopStudy());
        Assert.Equal((StudyPhase.Finished, FinishReason.Stopped, 1), (bench.State.Phase, bench.State.FinishReason, bench.State.Best));
        Assert.Empty(StudyAudit.Run(bench.Journal).Faults);
    }

    [Fact]
    public void The_weights_of_whoever_may_be_trained_again_are_kept()
    {
        var bench = new StudyBench(Spec);
        bench.Join("a", slots: 1);
        var sent = new List<double?>();
        foreach (var value in (double[])[3, 1, 2, 5])
        {
            sent.AddRange(bench.Suggest(1).Effects.OfType<SendRun>().Select(r => r.Incumbent));
            sent.AddRange(bench.Complete(bench.State.Trials.Count - 1, value).Effects.OfType<SendRun>().Select(r => r.Incumbent));
        }

        // Any while there are less than two; then as good as the second best. Of copies none.
        Assert.Equal([null, null, 3, 2, double.NegativeInfinity], sent.Take(5));
    }

    /// <summary>A study whose trials are done with these values, on a worker of as many slots as copies.</summary>
    private static StudyBench Over(StudySpec spec, params double[] values)
    {
        var bench = new StudyBench(spec);
        bench.Join("a", slots: 4);
        bench.Suggest(values.Length);
        Complete(bench, [.. values.SelectMany((value, number) => (double[])[number, value])]);
        return bench;
    }

    /// <param name="ends">Number and value in turn.</param>
    private static void Complete(StudyBench bench, params double[] ends)
    {
        foreach (var end in ends.Chunk(2))
        {
            bench.Complete((int)end[0], end[1]);
        }
    }
}
