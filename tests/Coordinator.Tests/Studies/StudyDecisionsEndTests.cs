using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Protocol;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Studies;

/// <summary>Budgets, ends, pauses, stops and extensions.</summary>
public sealed class StudyDecisionsEndTests
{
    private static readonly FinishStudy Finish = new(new Dictionary<string, double> { ["test_loss"] = 0.25 });

    [Fact]
    public void The_budget_of_trials_is_neither_overshot_nor_undershot()
    {
        var bench = Running(Specs.Random(4), slots: 3);
        for (var round = 0; round < 10; round++)
        {
            bench.Suggest(Math.Max(bench.Wanted, 2));
            Assert.True(bench.State.Counts.AgainstBudget + bench.State.Open.Count <= 4);
            if (bench.State.Open.IsEmpty)
            {
                bench.Decide(Finish);
            }
            else
            {
                bench.Complete(bench.State.Open[0]);
            }
        }

        Assert.Equal(4, bench.State.Trials.Count);
        Assert.Equal(4, bench.State.Counts.Complete);
        Assert.Equal(FinishReason.TrialsDone, bench.State.FinishReason);
    }

    [Fact]
    public void More_suggestions_than_the_budget_has_room_for_are_dropped()
    {
        var bench = Running(Specs.Random(4), slots: 8);
        Assert.Equal(4, bench.Wanted);
        bench.Suggest(8);
        Assert.Equal(4, bench.State.Trials.Count);
    }

    [Fact]
    public void Complete_pruned_diverged_and_failed_trials_spend_the_budget_and_cancelled_ones_do_not()
    {
        var bench = Running(Specs.Random(4), slots: 4);
        bench.Suggest(4);
        bench.Complete(0);
        bench.End(1, new TrialOutcome.Pruned(1));
        bench.End(2, new TrialOutcome.Diverged(1, "NaN"));
        Assert.Null(bench.EndReason);
        bench.End(3, new TrialOutcome.Failed(FailureReason.BadData, "gone"));
        Assert.Equal(FinishReason.TrialsDone, bench.EndReason);
    }

    [Fact]
    public void A_study_is_finished_only_when_nothing_is_in_flight_and_then_with_the_best_and_its_test_metrics()
    {
        var bench = Running(Specs.Random(2), slots: 2);
        bench.Suggest(2);
        bench.Complete(0, 2);
        Assert.Empty(bench.Decide(Finish).Events);
        bench.Complete(1, 1);

        var finished = Assert.IsType<StudyFinished>(Assert.Single(bench.Decide(Finish).Events));
        Assert.Equal((FinishReason.TrialsDone, 1), (finished.Reason, finished.Best));
        Assert.Equal(Finish.TestMetrics, bench.State.TestMetrics);
        Assert.Empty(bench.Decide(Finish).Events);
    }

    [Fact]
    public void A_study_that_has_not_come_to_its_end_is_not_finished() => Assert.Empty(Running(Specs.Random()).Decide(Finish).Events);

    [Fact]
    public void Reaching_the_target_cancels_what_is_in_flight()
    {
        var bench = Running(Specs.With(Specs.Random(100), b => b with { Target = 0.5 }), slots: 3);
        bench.Suggest(3);
        bench.Complete(0, 0.51);
        Assert.Null(bench.EndReason);
        var key = bench.Key(2);
        var decision = bench.Complete(1, 0.5);

        AssertCancelled(decision, key, "the target was reached");
        AssertEnds(bench, FinishReason.TargetReached, best: 1);
    }

    [Fact]
    public void A_target_of_a_maximised_study_is_reached_from_below()
    {
        var spec = Specs.With(Specs.Random(100), b => b with { Target = 0.9 });
        var bench = Running(spec with { Objective = spec.Objective with { Direction = Direction.Maximize } });
        bench.Suggest(1);
        bench.Complete(0, 0.5);
        Assert.Null(bench.EndReason);
        bench.Suggest(1);
        bench.Complete(1, 0.95);
        Assert.Equal(FinishReason.TargetReached, bench.EndReason);
    }

    [Fact]
    public void Spending_the_time_cancels_what_is_in_flight()
    {
        var bench = Running(Specs.With(Specs.Random(100), b => b with { Time = TimeSpan.FromMinutes(10) }));
        bench.Suggest(1);
        bench.Elapsed = TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1);
        Assert.Empty(bench.Tick().Events);
        var key = bench.Key(0);
        bench.Elapsed = TimeSpan.FromMinutes(10);

        AssertCancelled(bench.Tick(), key, "the time budget was spent");
        AssertEnds(bench, FinishReason.TimeSpent, best: null);
    }

    [Fact]
    public void Spending_the_patience_cancels_what_is_in_flight()
    {
        var bench = Running(Specs.With(Specs.Random(100), b => b with { Patience = 2 }), slots: 4);
        bench.Suggest(4);
        bench.Complete(0, 1);
        bench.Complete(1, 2);
        Assert.Null(bench.EndReason);
        var key = bench.Key(3);

        AssertCancelled(bench.End(2, new TrialOutcome.Diverged(1, "NaN")), key, "the patience was spent");
        AssertEnds(bench, FinishReason.PatienceSpent, best: 0);
    }

    [Fact]
    public void Patience_waits_for_a_first_value()
    {
        var bench = Running(Specs.With(Specs.Random(100), b => b with { Patience = 1 }));
        for (var i = 0; i < 3; i++)
        {
            bench.Suggest(1);
            bench.End(i, new TrialOutcome.Diverged(1, "NaN"));
        }

        Assert.Null(bench.EndReason);
    }

    [Fact]
    public void Too_many_failures_cancel_what_is_in_flight_and_divergence_is_no_failure()
    {
        var bench = Running(Specs.With(Specs.Random(100), b => b with { Failures = 1 }), slots: 3);
        bench.Suggest(3);
        bench.End(0, new TrialOutcome.Diverged(1, "NaN"));
        Assert.Null(bench.EndReason);
        var key = bench.Key(2);

        AssertCancelled(bench.End(1, new TrialOutcome.Failed(FailureReason.BadData, "gone")), key, "too many trials failed");
        AssertEnds(bench, FinishReason.TooManyFailures, best: null);
    }

    [Fact]
    public void A_space_is_exhausted_once_its_last_point_has_ended()
    {
        var bench = Running(Specs.Grid(), slots: 4);
        bench.SamplerSize = 6;
        bench.Suggest(bench.Wanted);
        bench.Complete(0);
        bench.Complete(1);
        Assert.Equal(2, bench.Wanted);
        bench.Suggest(2);
        Assert.Equal(0, bench.Wanted);
        for (var n = 2; n < 6; n++)
        {
            Assert.Null(bench.EndReason);
            bench.Complete(n);
        }

        AssertEnds(bench, FinishReason.SpaceExhausted, best: 0);
    }

    [Fact]
    public void Enqueued_sets_are_tried_beside_every_point_of_the_space()
    {
        var bench = Running(Specs.Grid() with { Enqueue = [Specs.Point(1), Specs.Point(2)] }, slots: 100);
        bench.SamplerSize = 6;
        Assert.Equal(8, bench.Wanted);
        bench.Decide(bench.Suggestions(2, enqueued: true));
        Assert.Equal(6, bench.Wanted);
        Assert.Empty(bench.State.Enqueued);
    }

    [Fact]
    public void A_smaller_budget_cancels_the_youngest_open_trials()
    {
        var bench = Running(Specs.Random(10), slots: 3);
        bench.Suggest(5);
        bench.Complete(1);
        var key = bench.Key(3);
        var decision = Extend(bench, b => b with { Trials = 3 });

        Assert.Equal([4, 3], decision.Events.OfType<TrialCancelled>().Select(e => e.Number));
        Assert.Equal(new SendStop("a", key, StopReason.Cancelled), Assert.Single(decision.Effects.OfType<SendStop>()));
        Assert.Equal([0, 2], bench.State.Open);

        bench.Complete(0);
        bench.Complete(2);
        AssertEnds(bench, FinishReason.TrialsDone, best: 0);
        Assert.Equal(3, bench.State.Counts.AgainstBudget);
    }

    [Fact]
    public void A_budget_smaller_than_what_is_done_ends_the_study_and_undoes_nothing()
    {
        var bench = Running(Specs.Random(10), slots: 3);
        bench.Suggest(3);
        bench.Complete(0);
        bench.Complete(1);
        Extend(bench, b => b with { Trials = 1 });

        Assert.Empty(bench.State.Open);
        Assert.Equal((2, 1), (bench.State.Counts.Complete, bench.State.Counts.Cancelled));
        AssertEnds(bench, FinishReason.TrialsDone, best: 0);
    }

    [Fact]
    public void A_larger_budget_makes_room_for_exactly_so_many_more()
    {
        var bench = Running(Specs.Random(2), slots: 8);
        bench.Suggest(2);
        Assert.Equal(0, bench.Wanted);
        Extend(bench, b => b with { Trials = 5 });
        Assert.Equal(3, bench.Wanted);
    }

    [Fact]
    public void A_finished_study_opens_again_for_a_larger_budget_only()
    {
        var bench = Running(Specs.Random(1));
        bench.Suggest(1);
        bench.Complete(0);
        bench.Decide(Finish);

        Assert.Empty(Extend(bench, b => b).Events);
        Assert.Empty(Extend(bench, b => b with { Time = TimeSpan.FromHours(9) }).Events);
        Assert.Empty(bench.Decide(new ExtendStudy(bench.State.Spec.Budget, bench.State.Spec.Limits, new ParallelSpec(9, 1), bench.State.Spec.Retry)).Events);
        Assert.Equal(StudyPhase.Finished, bench.State.Phase);

        Assert.IsType<StudyExtended>(Extend(bench, b => b with { Trials = 2 }).Events[0]);
        Assert.Equal(StudyPhase.Running, bench.State.Phase);
        Assert.Equal(1, bench.Wanted);
    }

    [Fact]
    public void The_same_study_file_again_is_no_event() => Assert.Empty(Extend(Running(Specs.Random()), b => b).Events);

    [Fact]
    public void A_finished_study_takes_no_more_suggestions_and_gives_nothing_out()
    {
        var bench = Running(Specs.Random(1), slots: 4);
        bench.Suggest(1);
        bench.Complete(0);
        bench.Decide(Finish);
        Assert.Equal(0, bench.Wanted);
        Assert.Empty(bench.Suggest(2).Events);
        Assert.Empty(bench.Tick().Events);
        Assert.Empty(bench.Decide(new PauseStudy("lunch"), new ResumeStudy(), new StopStudy()).Events);
    }

    [Fact]
    public void A_paused_study_gives_nothing_out_and_takes_the_outcomes_of_what_runs()
    {
        var bench = Running(Specs.Random(9), slots: 2);
        bench.Suggest(3);
        Assert.IsType<StudyPaused>(Assert.Single(bench.Decide(new PauseStudy("lunch")).Events));
        Assert.Empty(bench.Decide(new PauseStudy("lunch")).Events);

        Assert.Equal([typeof(TrialCompleted)], bench.Complete(0).Events.Select(e => e.GetType()));
        Assert.Equal(0, bench.Wanted);
        Assert.Empty(bench.Suggest(1).Events);
        bench.FallSilent(1);
        Assert.Empty(bench.Join("b").Events);
    }

    [Fact]
    public void A_resumed_study_gives_out_what_was_waiting()
    {
        var bench = Running(Specs.Random(9));
        bench.Suggest(2);
        bench.Decide(new PauseStudy("lunch"));
        bench.Complete(0);

        Assert.Equal([typeof(StudyResumed), typeof(TrialStarted)], bench.Decide(new ResumeStudy()).Events.Select(e => e.GetType()));
        Assert.Empty(bench.Decide(new ResumeStudy()).Events);
    }

    [Fact]
    public void The_end_of_a_paused_study_comes_all_the_same()
    {
        var bench = Running(Specs.Random(1));
        bench.Suggest(1);
        bench.Decide(new PauseStudy("lunch"));
        bench.Complete(0);
        AssertEnds(bench, FinishReason.TrialsDone, best: 0);
    }

    [Fact]
    public void A_stop_cancels_everything_and_finishes_the_study_at_once()
    {
        var bench = Running(Specs.Random(9), slots: 2);
        bench.Suggest(3);
        bench.Complete(0);
        var keys = new[] { bench.Key(1), bench.Key(2) };
        var decision = bench.Decide(new StopStudy());

        Assert.Equal([1, 2], decision.Events.OfType<TrialCancelled>().Select(e => e.Number));
        Assert.Equal(keys, decision.Effects.OfType<SendStop>().Select(s => s.Key));
        Assert.Equal((FinishReason.Stopped, 0), (Assert.IsType<StudyFinished>(decision.Events[^1]).Reason, bench.State.Best));
        Assert.Empty(bench.Decide(new StopStudy()).Events);
    }

    [Fact]
    public void The_outcome_of_a_cancelled_trial_is_acknowledged_and_changes_nothing()
    {
        var bench = Running(Specs.Random(9));
        bench.Suggest(1);
        var key = bench.Key(0);
        bench.Decide(new StopStudy());

        var decision = bench.Decide(StudyBench.Outcome(key, new TrialOutcome.Completed(1, null)));
        Assert.Empty(decision.Events);
        Assert.IsType<SendAcknowledge>(Assert.Single(decision.Effects));
        Assert.Null(bench.State.Best);
    }

    [Fact]
    public void A_study_is_created_once()
    {
        var bench = Running(Specs.Random());
        Assert.Empty(bench.Decide(new CreateStudy("other.1.00000000", Specs.Random(9))).Events);
        Assert.Equal(StudyBench.Id, bench.State.Id);
    }

    [Fact]
    public void Every_event_bears_the_time_of_its_decision()
    {
        var bench = Running(Specs.Random(), slots: 2);
        bench.Elapsed = TimeSpan.FromSeconds(90);
        Assert.All(bench.Suggest(2).Events, e => Assert.Equal((bench.Context.Now, TimeSpan.FromSeconds(90)), (e.At, e.Elapsed)));
    }

    private static StudyBench Running(StudySpec spec, int slots = 1)
    {
        var bench = new StudyBench(spec);
        bench.Join("a", slots);
        return bench;
    }

    private static Decision Extend(StudyBench bench, Func<BudgetSpec, BudgetSpec> change)
    {
        var spec = bench.State.Spec;
        return bench.Decide(new ExtendStudy(change(spec.Budget), spec.Limits, spec.Parallel, spec.Retry));
    }

    private static void AssertCancelled(Decision decision, AttemptKey key, string reason)
    {
        var cancelled = Assert.Single(decision.Events.OfType<TrialCancelled>());
        Assert.Equal((key.Number, reason), (cancelled.Number, cancelled.Reason));
        Assert.Equal(new SendStop("a", key, StopReason.Cancelled), Assert.Single(decision.Effects.OfType<SendStop>()));
        Assert.DoesNotContain(decision.Events, e => e is StudyFinished);
    }

    private static void AssertEnds(StudyBench bench, FinishReason reason, int? best)
    {
        Assert.Equal(0, bench.Wanted);
        Assert.Empty(bench.State.Open);
        var finished = Assert.IsType<StudyFinished>(Assert.Single(bench.Decide(Finish).Events));
        Assert.Equal((reason, best), (finished.Reason, finished.Best));
    }
}
