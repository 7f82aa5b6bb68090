using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Studies;

/// <summary>Attempts that end without a value: each cause has its own price.</summary>
public sealed class StudyDecisionsLossTests
{
    private readonly StudyBench _bench = new(Specs.Random(10) with { Retry = new RetrySpec(3) });

    [Fact]
    public void A_silent_worker_keeps_its_trial_while_nobody_else_is_there()
    {
        Begin("a");
        _bench.FallSilent(0);
        Assert.Empty(_bench.Tick().Events);
        Assert.Equal(TrialState.Running, _bench.StateOf(0));
    }

    [Fact]
    public void A_silent_workers_trial_goes_to_another_and_the_loss_is_noted()
    {
        Begin("a");
        _bench.FallSilent(0);
        _bench.Join("b");

        var released = Assert.Single(_bench.Journal.OfType<TrialReleased>());
        Assert.Equal((ReleaseCause.WorkerLost, 1), (released.Cause, released.Attempt));
        Assert.Equal(("b", 2, 1), (_bench.State.Trials[0].Lease!.Worker, _bench.Key(0).Attempt, _bench.State.Trials[0].Losses));
    }

    [Fact]
    public void A_worker_that_is_heard_of_again_in_time_goes_on_with_its_attempt()
    {
        Begin("a");
        _bench.FallSilent(0);
        Assert.Empty(_bench.Decide(StudyBench.Beat("a", [_bench.Key(0)])).Events);
        Assert.IsType<TrialCompleted>(_bench.Complete(0).Events[0]);
    }

    [Fact]
    public void A_worker_that_comes_back_as_a_new_process_loses_its_attempts_at_once()
    {
        Begin("a");
        var decision = _bench.Join("a", incarnation: "i2");

        Assert.Equal(ReleaseCause.WorkerLost, Assert.IsType<TrialReleased>(decision.Events[0]).Cause);
        Assert.Equal((2, "i2"), (_bench.Key(0).Attempt, _bench.State.Trials[0].Lease!.Incarnation));
    }

    [Fact]
    public void The_third_loss_without_progress_ends_the_trial_as_worker_lost()
    {
        Begin("a");
        LoseOnce("i2");
        LoseOnce("i3");
        Assert.Equal(TrialState.Running, _bench.StateOf(0));
        LoseOnce("i4");

        Assert.Equal(TrialState.Failed, _bench.StateOf(0));
        var failed = Assert.Single(_bench.Journal.OfType<TrialFailed>());
        Assert.Equal((FailureReason.WorkerLost, 3), (failed.Reason, failed.Attempt));
        Assert.Equal(3, _bench.Journal.OfType<TrialStarted>().Count());
    }

    [Fact]
    public void The_third_lapsed_lease_without_progress_ends_the_trial_too()
    {
        Begin("a");
        foreach (var worker in new[] { "b", "c", "d" })
        {
            _bench.FallSilent(0);
            _bench.Join(worker);
        }

        Assert.Equal(TrialState.Failed, _bench.StateOf(0));
        Assert.Equal(FailureReason.WorkerLost, Assert.Single(_bench.Journal.OfType<TrialFailed>()).Reason);
    }

    [Fact]
    public void A_loss_after_progress_starts_the_count_anew()
    {
        Begin("a");
        LoseOnce("i2");
        LoseOnce("i3");
        _bench.Reach(0, 4);
        LoseOnce("i4");
        Assert.Equal((TrialState.Running, 1, 4), (_bench.StateOf(0), _bench.State.Trials[0].Losses, _bench.State.Trials[0].ReachedStep));

        // Twice more as far as before is no progress.
        LoseOnce("i5");
        LoseOnce("i6");
        Assert.Equal(TrialState.Failed, _bench.StateOf(0));
    }

    [Fact]
    public void Drains_are_free()
    {
        Begin("a");
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(ReleaseCause.Drained, _bench.End(0, new TrialOutcome.Released("the worker drains")).Events.OfType<TrialReleased>().Single().Cause);
        }

        Assert.Equal((TrialState.Running, 6, 0, 0), (_bench.StateOf(0), _bench.Key(0).Attempt, _bench.State.Trials[0].Losses, _bench.State.Trials[0].TrainingErrors));
    }

    [Fact]
    public void Restarts_of_a_local_run_are_free()
    {
        Begin("a");
        for (var i = 2; i < 7; i++)
        {
            var decision = _bench.Join("a", incarnation: $"i{i}", local: true);
            Assert.Equal(ReleaseCause.LocalRestart, decision.Events.OfType<TrialReleased>().Single().Cause);
        }

        Assert.Equal((TrialState.Running, 0), (_bench.StateOf(0), _bench.State.Trials[0].Losses));
    }

    [Fact]
    public void Training_errors_spend_the_retry_budget_and_the_last_one_fails_the_trial()
    {
        Begin("a");
        Assert.Equal(ReleaseCause.TrainingError, Error().OfType<TrialReleased>().Single().Cause);
        Assert.Single(Error().OfType<TrialReleased>());

        var failed = Error().OfType<TrialFailed>().Single();
        Assert.Equal((FailureReason.TrainingError, 3, "bang"), (failed.Reason, failed.Attempt, failed.Message));
        Assert.Equal(TrialState.Failed, _bench.StateOf(0));
    }

    [Fact]
    public void Losses_and_drains_do_not_spend_the_retry_budget_and_errors_are_no_losses()
    {
        Begin("a");
        LoseOnce("i2");
        _bench.End(0, new TrialOutcome.Released("the worker drains"));
        LoseOnce("i3");
        Error();
        Error();
        Assert.Equal((TrialState.Running, 2, 2), (_bench.StateOf(0), _bench.State.Trials[0].Losses, _bench.State.Trials[0].TrainingErrors));
    }

    [Theory]
    [InlineData(FailureReason.TimeLimit)]
    [InlineData(FailureReason.MemoryLimit)]
    [InlineData(FailureReason.BadData)]
    public void Failures_that_would_repeat_are_never_retried(FailureReason reason)
    {
        Begin("a");
        Assert.Equal(reason, Assert.IsType<TrialFailed>(_bench.End(0, new TrialOutcome.Failed(reason, "over")).Events[0]).Reason);
        Assert.Single(_bench.Journal.OfType<TrialStarted>());
    }

    [Fact]
    public void Divergence_is_a_result_and_never_retried()
    {
        Begin("a");
        var diverged = Assert.IsType<TrialDiverged>(_bench.End(0, new TrialOutcome.Diverged(3, "loss is NaN")).Events[0]);
        Assert.Equal((3, "loss is NaN"), (diverged.Step, diverged.Message));
        Assert.Equal(1, _bench.State.Counts.AgainstBudget);
        Assert.Equal(0, _bench.State.Counts.Failed);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void A_completed_value_that_is_no_number_is_a_divergence(double value)
    {
        Begin("a");
        Assert.IsType<TrialDiverged>(_bench.Complete(0, value).Events[0]);
        Assert.Null(_bench.State.Trials[0].Value);
        Assert.Null(_bench.State.Best);
    }

    [Fact]
    public void A_pruned_outcome_ends_the_trial_as_pruned()
    {
        Begin("a");
        Assert.Equal(2, Assert.IsType<TrialPruned>(_bench.End(0, new TrialOutcome.Pruned(2)).Events[0]).Step);
        Assert.Equal(TrialState.Pruned, _bench.StateOf(0));
    }

    private void Begin(string worker)
    {
        _bench.Join(worker);
        _bench.Suggest(1);
    }

    private void LoseOnce(string next) => _bench.Join("a", incarnation: next);

    private IReadOnlyList<StudyEvent> Error() => _bench.End(0, new TrialOutcome.Failed(FailureReason.TrainingError, "bang")).Events;
}
