using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Studies;

public sealed class StudyTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly IntermediateValue[] Curve = [new(1, 3), new(2, 2)];
    private static readonly Dictionary<string, double> Metrics = new() { ["validation_loss"] = 2 };

    [Fact]
    public void A_study_begins_with_what_the_user_enqueued_and_nothing_else()
    {
        var spec = Specs.Random() with { Enqueue = [Specs.Point(1), Specs.Point(2)] };
        var state = Fold(spec);

        Assert.Equal(StudyBench.Id, state.Id);
        Assert.Same(spec, state.Spec);
        Assert.Equal(StudyPhase.Running, state.Phase);
        Assert.Empty(state.Trials);
        Assert.Equal([Specs.Point(1), Specs.Point(2)], state.Enqueued.Select(queued => queued.Parameters));
        Assert.Equal(1, state.Sequence);
        Assert.Equal(Start, state.CreatedAt);
    }

    [Fact]
    public void A_suggestion_becomes_a_waiting_trial()
    {
        var state = Fold(Specs.Random(), Suggested(0), Suggested(1));

        Assert.Equal([0, 1], state.Open);
        Assert.Equal((2, 0, 2), (state.WaitingCount, state.RunningCount, state.Sampled));
        Assert.Equal(TrialState.Waiting, state.Trials[1].State);
        Assert.Equal(Specs.Point(1), state.Trials[1].Parameters);
    }

    [Fact]
    public void A_suggestion_of_an_enqueued_set_takes_it_off_the_list_and_is_no_point_of_the_sampler()
    {
        var state = Fold(
            Specs.Random() with { Enqueue = [Specs.Point(7), Specs.Point(8)] }, new TrialSuggested(0, Specs.Point(7), true, 1, "enqueue", "00"));

        Assert.True(state.Trials[0].Enqueued);
        Assert.Equal([Specs.Point(8)], state.Enqueued.Select(queued => queued.Parameters));
        Assert.Equal(0, state.Sampled);
    }

    [Fact]
    public void Sets_enqueued_later_stand_behind_the_earlier_ones()
    {
        var state = Fold(Specs.Random() with { Enqueue = [Specs.Point(1)] }, new TrialEnqueued(Specs.Point(2)));
        Assert.Equal([Specs.Point(1), Specs.Point(2)], state.Enqueued.Select(queued => queued.Parameters));
    }

    [Fact]
    public void A_start_gives_the_trial_its_attempt_and_lease_and_keeps_the_time_of_the_first()
    {
        var state = Fold(Specs.Random(), Suggested(0), Started(0), Released(0, 1, ReleaseCause.Drained), Started(0, 2, "b"));
        var trial = state.Trials[0];

        Assert.Equal((TrialState.Running, 2), (trial.State, trial.Attempts));
        Assert.Equal(new Lease("lease-0-2", "b", "i1"), trial.Lease);
        Assert.Equal(Start.AddSeconds(2), trial.StartedAt);
        Assert.Equal(1, state.RunningCount);
    }

    [Fact]
    public void Intermediate_values_join_the_curve()
    {
        var trial = Fold(
            Specs.Random(), Suggested(0), Started(0), new ReportsRecorded(0, 1, [Curve[0]]), new ReportsRecorded(0, 1, [Curve[1]])).Trials[0];

        Assert.Equal(Curve, trial.Curve);
        Assert.Equal(2, trial.ReachedStep);
    }

    [Fact]
    public void A_completed_trial_has_value_curve_metrics_and_model()
    {
        var state = Fold(Specs.Random(), Suggested(0), Started(0), Completed(0, 2));
        var trial = state.Trials[0];

        Assert.Equal((TrialState.Complete, 2.0, "feed"), (trial.State, trial.Value, trial.Model));
        Assert.Equal(Curve, trial.Curve);
        Assert.Equal(Metrics, trial.Metrics);
        Assert.Equal(Start.AddSeconds(3), trial.FinishedAt);
        Assert.Empty(state.Open);
        Assert.Equal([0], state.Finished);
        Assert.Equal(new TrialCounts(1, 0, 0, 0, 0), state.Counts);
        Assert.Same(trial, state.BestTrial);
    }

    public static TheoryData<TrialState, TrialEvent> Ends => new()
    {
        { TrialState.Pruned, new TrialPruned(0, 1, 2, Curve, Metrics) },
        { TrialState.Failed, new TrialFailed(0, 1, FailureReason.TimeLimit, "over 2m", Curve, Metrics) },
        { TrialState.Diverged, new TrialDiverged(0, 1, 2, "loss is NaN", Curve, Metrics) },
        { TrialState.Cancelled, new TrialCancelled(0, "stopped") },
    };

    [Theory]
    [MemberData(nameof(Ends), DisableDiscoveryEnumeration = true)]
    public void Every_other_end_is_counted_under_its_own_state_and_is_never_the_best(TrialState end, TrialEvent e)
    {
        var state = Fold(Specs.Random(), Suggested(0), Started(0), e);

        Assert.Equal(end, state.Trials[0].State);
        Assert.Null(state.Trials[0].Value);
        Assert.Null(state.Best);
        Assert.Empty(state.Open);
        foreach (var other in Enum.GetValues<TrialState>().Where(s => s.IsFinal()))
        {
            Assert.Equal(other == end ? 1 : 0, state.Counts.Of(other));
        }

        Assert.Equal(end == TrialState.Cancelled ? 0 : 1, state.Counts.AgainstBudget);
    }

    [Fact]
    public void A_cancelled_suggestion_no_longer_counts_against_the_samplers_size() =>
        Assert.Equal(1, Fold(Specs.Random(), Suggested(0), Suggested(1), new TrialCancelled(1, "stopped")).Sampled);

    [Fact]
    public void A_paused_trial_keeps_its_checkpoint_and_may_start_again()
    {
        var paused = Fold(Specs.Random(), Suggested(0), Started(0), new TrialPaused(0, 1, 2, "beef", Curve));
        Assert.Equal((TrialState.Paused, "beef", 2), (paused.Trials[0].State, paused.Trials[0].Checkpoint, paused.Trials[0].ReachedStep));
        Assert.Equal([0], paused.Open);

        Assert.Equal(TrialState.Running, Study.Apply(paused, Started(0, 2)).Trials[0].State);
        Assert.Equal(TrialState.Pruned, Study.Apply(paused, new TrialPruned(0, 1, 2, Curve, Metrics)).Trials[0].State);
    }

    [Theory]
    [InlineData(ReleaseCause.WorkerLost, 1, 0)]
    [InlineData(ReleaseCause.TrainingError, 0, 1)]
    [InlineData(ReleaseCause.Drained, 0, 0)]
    [InlineData(ReleaseCause.LocalRestart, 0, 0)]
    public void Each_cause_of_a_release_is_kept_apart(ReleaseCause cause, int losses, int errors)
    {
        var trial = Fold(Specs.Random(), Suggested(0), Started(0), Released(0, 1, cause)).Trials[0];
        Assert.Equal((TrialState.Waiting, losses, errors), (trial.State, trial.Losses, trial.TrainingErrors));
    }

    [Fact]
    public void Getting_further_than_before_forgives_losses_and_getting_as_far_does_not()
    {
        var once = Fold(Specs.Random(), Suggested(0), Started(0), Released(0, 1, ReleaseCause.WorkerLost, 5));
        Assert.Equal((1, 5), (once.Trials[0].Losses, once.Trials[0].ReachedStep));

        var asFar = Next(once, Started(0, 2), Released(0, 2, ReleaseCause.WorkerLost, 5));
        Assert.Equal(2, asFar.Trials[0].Losses);

        var further = Next(once, Started(0, 2), Released(0, 2, ReleaseCause.WorkerLost, 6));
        Assert.Equal((1, 6), (further.Trials[0].Losses, further.Trials[0].ReachedStep));
    }

    [Fact]
    public void The_best_is_the_earliest_of_the_least_values_and_patience_counts_from_it()
    {
        var state = Fold(Specs.Random(), [.. Run(0, 2), .. Run(1, 1), .. Run(2, 1), .. Run(3, 4)]);
        Assert.Equal((1, 2), (state.Best, state.SinceBest));
    }

    [Fact]
    public void The_best_of_a_maximised_study_is_the_greatest_value()
    {
        var spec = Specs.Random();
        spec = spec with { Objective = spec.Objective with { Direction = Direction.Maximize } };
        Assert.Equal(1, Fold(spec, [.. Run(0, 2), .. Run(1, 4), .. Run(2, 1)]).Best);
    }

    [Fact]
    public void Failed_and_diverged_trials_spend_patience_and_cancelled_ones_do_not()
    {
        var state = Fold(
            Specs.Random(),
            [
                .. Run(0, 1), Suggested(1), Started(1), new TrialDiverged(1, 1, 1, "NaN", [], Metrics),
                Suggested(2), Started(2), new TrialFailed(2, 1, FailureReason.BadData, "gone", [], Metrics), Suggested(3), new TrialCancelled(3, "stopped"),
            ]);
        Assert.Equal(2, state.SinceBest);
    }

    [Fact]
    public void A_paused_study_resumes()
    {
        var paused = Fold(Specs.Random(), new StudyPaused("lunch"));
        Assert.Equal(StudyPhase.Paused, paused.Phase);
        Assert.Equal(StudyPhase.Running, Study.Apply(paused, new StudyResumed()).Phase);
    }

    [Fact]
    public void A_finished_study_keeps_reason_and_test_metrics_and_an_extension_opens_it_again()
    {
        var finished = Fold(Specs.Random(1), [.. Run(0, 1), new StudyFinished(FinishReason.TrialsDone, 0, Metrics)]);
        Assert.Equal((StudyPhase.Finished, FinishReason.TrialsDone), (finished.Phase, finished.FinishReason));
        Assert.Equal(Metrics, finished.TestMetrics);

        var spec = Specs.Random(9);
        var extended = Study.Apply(finished, new StudyExtended(spec.Budget, spec.Limits, spec.Parallel, spec.Retry));
        Assert.Equal((StudyPhase.Running, null), (extended.Phase, extended.FinishReason));
        Assert.Equal(9, extended.Spec.Budget.Trials);
        Assert.Empty(extended.TestMetrics);
    }

    [Fact]
    public void An_extension_leaves_a_paused_study_paused()
    {
        var spec = Specs.Random(9);
        Assert.Equal(StudyPhase.Paused, Fold(spec, new StudyPaused("lunch"), new StudyExtended(spec.Budget, spec.Limits, spec.Parallel, spec.Retry)).Phase);
    }

    [Fact]
    public void A_wider_space_replaces_the_study_file_and_keeps_the_trials()
    {
        var wider = Specs.Random(77);
        var state = Fold(Specs.Random(), Suggested(0), new SpaceWidened(wider));
        Assert.Same(wider, state.Spec);
        Assert.Single(state.Trials);
    }

    [Fact]
    public void Every_event_moves_the_sequence_and_running_time_never_falls()
    {
        var state = Fold(Specs.Random(), Suggested(0));
        Assert.Equal((2, TimeSpan.FromSeconds(1), Start.AddSeconds(1)), (state.Sequence, state.Elapsed, state.UpdatedAt));

        state = Study.Apply(state, Suggested(1) with { At = Start.AddSeconds(9), Elapsed = TimeSpan.Zero });
        Assert.Equal((3, TimeSpan.FromSeconds(1), Start.AddSeconds(9)), (state.Sequence, state.Elapsed, state.UpdatedAt));
    }

    [Fact]
    public void The_same_journal_gives_the_same_study_and_folding_on_leaves_the_earlier_state_alone()
    {
        StudyEvent[] journal = [.. Run(0, 2), Suggested(1), Started(1), Released(1, 1, ReleaseCause.WorkerLost, 3), Started(1, 2)];
        var state = Fold(Specs.Random(), journal);
        var before = StudyBench.Bytes(state);

        Assert.Equal(before, StudyBench.Bytes(Fold(Specs.Random(), journal)));
        Assert.Equal(StudyBench.Bytes(Study.Apply(state, Completed(1, 1, 2))), StudyBench.Bytes(Study.Apply(state, Completed(1, 1, 2))));
        Assert.Equal(before, StudyBench.Bytes(state));
    }

    [Fact]
    public void Samplers_see_every_trial_with_its_state()
    {
        var history = Fold(Specs.Random(), [.. Run(0, 2), Suggested(1)]).History;
        Assert.Equal((5L, Direction.Minimize, 2), (history.Sequence, history.Direction, history.NextNumber));
        Assert.Equal([(TrialState.Complete, 2.0), (TrialState.Waiting, null)], history.Trials.Select(t => (t.State, t.Value)));
    }

    [Fact]
    public void A_journal_that_does_not_begin_with_the_creation_is_refused() =>
        Assert.Throws<InvalidOperationException>(() => Study.Apply(null, Suggested(0)));

    public static TheoryData<string, StudyEvent[], StudyEvent> Misfits => new()
    {
        { "created twice", [], new StudyCreated(StudyBench.Id, Specs.Random()) },
        { "a number left out", [], Suggested(1) },
        { "a number given twice", [Suggested(0)], Suggested(0) },
        { "an enqueued set nobody asked for", [], new TrialSuggested(0, Specs.Point(0), true, 1, "enqueue", "00") },
        { "no such trial", [], Started(0) },
        { "a negative number", [], Started(-1) },
        { "started while running", [Suggested(0), Started(0)], Started(0, 2) },
        { "an attempt left out", [Suggested(0)], Started(0, 2) },
        { "released while waiting", [Suggested(0)], Released(0, 0, ReleaseCause.Drained) },
        { "another attempt released", [Suggested(0), Started(0)], Released(0, 2, ReleaseCause.Drained) },
        { "completed before it started", [Suggested(0)], Completed(0, 1, 0) },
        { "another attempt completed", [Suggested(0), Started(0)], Completed(0, 1, 2) },
        { "diverged after its release", [Suggested(0), Started(0), Released(0, 1, ReleaseCause.Drained)], new TrialDiverged(0, 1, 1, "NaN", [], Metrics) },
        { "values of another attempt", [Suggested(0), Started(0)], new ReportsRecorded(0, 2, Curve) },
        { "paused while waiting", [Suggested(0)], new TrialPaused(0, 0, 1, "beef", Curve) },
        { "pruned while waiting", [Suggested(0)], new TrialPruned(0, 0, 1, Curve, Metrics) },
        { "a second outcome", Run(0, 1), Completed(0, 1) },
        { "cancelled after its end", Run(0, 1), new TrialCancelled(0, "stopped") },
        { "paused twice", [new StudyPaused("lunch")], new StudyPaused("lunch") },
        { "resumed while running", [], new StudyResumed() },
        { "finished twice", [new StudyFinished(FinishReason.Stopped, null, Metrics)], new StudyFinished(FinishReason.Stopped, null, Metrics) },
        { "paused after its end", [new StudyFinished(FinishReason.Stopped, null, Metrics)], new StudyPaused("lunch") },
    };

    [Theory]
    [MemberData(nameof(Misfits), DisableDiscoveryEnumeration = true)]
    public void An_event_that_does_not_fit_throws_and_says_which(string what, StudyEvent[] journal, StudyEvent misfit)
    {
        var state = Fold(Specs.Random(), journal);
        var thrown = Assert.Throws<InvalidOperationException>(() => Study.Apply(state, misfit));

        Assert.NotEmpty(what);
        Assert.Contains($"event {journal.Length + 2} is {misfit.GetType().Name}", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(StudyBench.Id, thrown.Message, StringComparison.Ordinal);
    }

    private static TrialSuggested Suggested(int number) => new(number, Specs.Point(number), false, 1, "test/1", "00");

    private static TrialStarted Started(int number, int attempt = 1, string worker = "a") => new(number, attempt, $"lease-{number}-{attempt}", worker, "i1");

    private static TrialReleased Released(int number, int attempt, ReleaseCause cause, int step = 0) => new(number, attempt, cause, step, "gone");

    private static TrialCompleted Completed(int number, double value, int attempt = 1) => new(number, attempt, value, Curve, Metrics, "feed");

    private static StudyEvent[] Run(int number, double value) => [Suggested(number), Started(number), Completed(number, value)];

    private static StudyState Fold(StudySpec spec, params StudyEvent[] events) => Next(null, [new StudyCreated(StudyBench.Id, spec), .. events]);

    private static StudyState Next(StudyState? state, params StudyEvent[] events)
    {
        foreach (var e in events)
        {
            var second = (int)(state?.Sequence ?? 0);
            state = Study.Apply(state, e with { At = Start.AddSeconds(second), Elapsed = TimeSpan.FromSeconds(second) });
        }

        return state!;
    }
}
