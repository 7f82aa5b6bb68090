using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Protocol;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Studies;

/// <summary>Which attempt counts, and what is said to the others.</summary>
public sealed class StudyDecisionsFencingTests
{
    private readonly StudyBench _bench = new(Specs.Random(10));

    public StudyDecisionsFencingTests()
    {
        _bench.Join("a");
        _bench.Suggest(1);
    }

    [Fact]
    public void A_lease_is_journalled_in_the_same_batch_whose_effects_send_it()
    {
        var bench = new StudyBench(Specs.Random());
        bench.Join("a");
        var decision = bench.Suggest(1);

        Assert.IsType<TrialSuggested>(decision.Events[0]);
        var started = Assert.IsType<TrialStarted>(decision.Events[1]);
        Assert.Equal(("a", "i1", 1), (started.Worker, started.Incarnation, started.Attempt));
        var run = Assert.IsType<SendRun>(Assert.Single(decision.Effects));
        Assert.Equal(new AttemptKey(StudyBench.Id, 0, 1, started.Lease), run.Key);
        Assert.Equal(("a", Specs.Point(0)), (run.Worker, run.Parameters));
    }

    [Fact]
    public void An_outcome_is_journalled_and_acknowledged_where_it_came_from()
    {
        var key = _bench.Key(0);
        var decision = _bench.Complete(0, 3);

        Assert.Equal(3, Assert.IsType<TrialCompleted>(decision.Events[0]).Value);
        Assert.Contains(new SendAcknowledge("a", key, "way to a"), decision.Effects);
    }

    [Fact]
    public void An_outcome_that_comes_twice_is_acknowledged_twice_and_counts_once()
    {
        var key = _bench.Key(0);
        _bench.Complete(0, 3);
        AssertOnlyAcknowledged(key, StudyBench.Outcome(key, new TrialOutcome.Completed(1, null)));
        Assert.Equal(3, _bench.State.BestTrial!.Value);
    }

    [Fact]
    public void An_outcome_that_comes_twice_in_one_batch_counts_once()
    {
        var outcome = StudyBench.Outcome(_bench.Key(0), new TrialOutcome.Completed(3, null));
        var decision = _bench.Decide(outcome, outcome);
        Assert.Single(decision.Events.OfType<TrialCompleted>());
        Assert.Equal(2, decision.Effects.OfType<SendAcknowledge>().Count());
    }

    [Theory]
    [InlineData(0, 1, "another lease")]
    [InlineData(0, 2, null)]
    [InlineData(1, 1, null)]
    [InlineData(99, 1, null)]
    [InlineData(-1, 1, null)]
    public void An_outcome_under_another_lease_attempt_or_number_is_acknowledged_and_changes_nothing(int number, int attempt, string? lease)
    {
        _bench.Join("b");
        _bench.Suggest(1);
        var key = new AttemptKey(StudyBench.Id, number, attempt, lease ?? _bench.Key(0).Lease);
        AssertOnlyAcknowledged(key, StudyBench.Outcome(key, new TrialOutcome.Completed(1, null)));
    }

    [Fact]
    public void The_outcome_of_a_lapsed_lease_counts_while_no_other_attempt_is_journalled()
    {
        _bench.FallSilent(0);
        _bench.Tick();
        Assert.Equal(TrialState.Running, _bench.StateOf(0));

        Assert.IsType<TrialCompleted>(_bench.Complete(0).Events[0]);
    }

    [Fact]
    public void An_outcome_before_the_next_attempt_in_the_same_batch_wins()
    {
        var key = _bench.Key(0);
        _bench.FallSilent(0);
        var outcome = StudyBench.Outcome(key, new TrialOutcome.Completed(1, null));
        var decision = _bench.Decide(outcome, StudyBench.Beat("b"));
        Assert.IsType<TrialCompleted>(Assert.Single(decision.Events));
    }

    [Fact]
    public void After_the_next_attempt_is_journalled_the_outcome_of_the_lapsed_one_is_acknowledged_and_ignored()
    {
        var key = _bench.Key(0);
        _bench.FallSilent(0);
        var taken = _bench.Join("b");
        Assert.Equal([typeof(TrialReleased), typeof(TrialStarted)], taken.Events.Select(e => e.GetType()));
        Assert.Equal(2, _bench.Key(0).Attempt);

        AssertOnlyAcknowledged(key, StudyBench.Outcome(key, new TrialOutcome.Completed(1, null)));
        Assert.Equal((TrialState.Running, 2), (_bench.StateOf(0), _bench.Key(0).Attempt));
    }

    [Fact]
    public void A_worker_that_holds_a_superseded_attempt_is_told_to_stop_where_its_beat_came_from()
    {
        var old = _bench.Key(0);
        _bench.FallSilent(0);
        _bench.Join("b");

        var decision = _bench.Decide(StudyBench.Beat("a", [old]));
        Assert.Empty(decision.Events);
        Assert.Equal(new SendStop("a", old, StopReason.Superseded, "way to a"), Assert.Single(decision.Effects));
    }

    [Fact]
    public void A_worker_that_holds_an_attempt_of_a_finished_trial_is_told_to_stop()
    {
        var key = _bench.Key(0);
        _bench.Complete(0);
        Assert.Equal(key, Assert.IsType<SendStop>(Assert.Single(_bench.Decide(StudyBench.Beat("a", [key])).Effects)).Key);
    }

    [Fact]
    public void A_lease_the_worker_does_not_list_is_sent_again_as_it_was()
    {
        for (var i = 0; i < 2; i++)
        {
            var again = _bench.Decide(StudyBench.Beat("a"));
            Assert.Empty(again.Events);
            var run = Assert.IsType<SendRun>(Assert.Single(again.Effects));
            Assert.Equal(("a", _bench.Key(0), Specs.Point(0)), (run.Worker, run.Key, run.Parameters));
        }
    }

    [Fact]
    public void A_lease_the_worker_lists_is_not_sent_again()
    {
        var decision = _bench.Decide(StudyBench.Beat("a", [_bench.Key(0)]));
        Assert.Empty(decision.Events);
        Assert.Empty(decision.Effects);
    }

    [Fact]
    public void A_run_carries_the_best_value_so_far()
    {
        _bench.Complete(0, 0.5);
        Assert.Equal(0.5, _bench.Suggest(1).Effects.OfType<SendRun>().Single().Incumbent);
    }

    [Fact]
    public void Leases_of_one_study_are_all_different()
    {
        _bench.Join("b", 8);
        _bench.Suggest(8);
        var leases = _bench.Journal.OfType<TrialStarted>().Select(e => e.Lease).ToList();
        Assert.Equal(9, leases.Distinct().Count());
    }

    private void AssertOnlyAcknowledged(AttemptKey key, TakeOutcome outcome)
    {
        var before = StudyBench.Bytes(_bench.State);
        var decision = _bench.Decide(outcome);
        Assert.Empty(decision.Events);
        Assert.Equal(key, Assert.IsType<SendAcknowledge>(Assert.Single(decision.Effects)).Key);
        Assert.Equal(before, StudyBench.Bytes(_bench.State));
    }
}
