using TuningCluster.Coordinator.Pruning;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Protocol;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Studies;

public sealed class StudyEngineTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private readonly List<StudyEvent> _journal = [];
    private int _leases;
    private StudyEngine _engine;

    public StudyEngineTests() => _engine = Engine(null);

    [Fact]
    public void Nothing_to_do_is_no_batch()
    {
        Create();
        Assert.Null(_engine.Next(Now));
    }

    [Fact]
    public void Commands_buffer_while_a_write_is_in_flight_and_become_one_batch()
    {
        Create();
        Beat("a", 3);
        Suggest(3);

        Submit(Outcome(0));
        var first = _engine.Next(Now)!;
        Submit(Outcome(1));
        Submit(Outcome(2));
        Submit(new PauseStudy("lunch"));
        Assert.True(_engine.IsWriting);
        Assert.Null(_engine.Next(Now));
        Assert.Equal(TrialState.Running, _engine.State!.Trials[0].State);

        Assert.Same(first, Commit());
        Assert.Equal(TrialState.Complete, _engine.State!.Trials[0].State);
        var second = _engine.Next(Now)!;
        Assert.Equal([typeof(TrialCompleted), typeof(TrialCompleted), typeof(StudyPaused)], second.Events.Select(e => e.GetType()));
        Assert.Equal(2, second.Effects.OfType<SendAcknowledge>().Count());
    }

    [Fact]
    public void A_batch_without_events_is_committed_all_the_same()
    {
        Create();
        Beat("a", 1);
        Suggest(1);
        Submit(See("a", 1));
        var batch = _engine.Next(Now)!;
        Assert.Empty(batch.Events);
        Assert.IsType<SendRun>(Assert.Single(batch.Effects));
        Assert.True(_engine.IsWriting);
        _engine.Commit();
        Assert.False(_engine.IsWriting);
    }

    [Fact]
    public void Committing_nothing_is_a_bug() => Assert.Throws<InvalidOperationException>(() => _engine.Commit());

    [Fact]
    public void Before_the_study_exists_workers_are_noted_and_everything_else_is_dropped()
    {
        Submit(See("a", 2));
        Submit(new PauseStudy("lunch"));
        Assert.Empty(Pump().Events);
        Assert.Null(_engine.State);
        Assert.Equal(0, _engine.SuggestionsWanted(Now));

        Create();
        Assert.Equal(4, _engine.SuggestionsWanted(Now));
    }

    [Fact]
    public void A_lease_lapses_after_its_time_and_the_trial_goes_to_another_worker()
    {
        Create();
        Beat("a", 1);
        Suggest(1);
        Pass(Lease);
        Beat("b", 1);
        Assert.Equal("a", _engine.State!.Trials[0].Lease!.Worker);

        Pass(TimeSpan.FromMilliseconds(1));
        Beat("b", 1);
        Assert.Equal(("b", 2), (_engine.State!.Trials[0].Lease!.Worker, _engine.State.Trials[0].Attempts));
    }

    [Fact]
    public void A_beat_that_lists_the_attempt_renews_its_lease()
    {
        Create();
        Beat("a", 1);
        Suggest(1);
        for (var i = 0; i < 5; i++)
        {
            Pass(TimeSpan.FromSeconds(20));
            Beat("a", 1, Key(0));
            Beat("b", 1);
        }

        Assert.Equal("a", _engine.State!.Trials[0].Lease!.Worker);
    }

    [Fact]
    public void A_beat_renews_leases_even_while_a_write_is_in_flight()
    {
        Create();
        Beat("a", 1);
        Suggest(1);
        Pass(TimeSpan.FromSeconds(29));
        Submit(new PauseStudy("lunch"));
        _engine.Next(Now);
        Submit(See("a", 1, Key(0)));
        Commit();
        Submit(new ResumeStudy());
        Pump();

        Pass(TimeSpan.FromSeconds(29));
        Beat("b", 1);
        Assert.Equal("a", _engine.State!.Trials[0].Lease!.Worker);
    }

    [Fact]
    public void Leases_stand_still_while_a_write_is_in_flight()
    {
        Create();
        Beat("a", 1);
        Suggest(1);
        Submit(new PauseStudy("lunch"));
        _engine.Next(Now);
        Pass(TimeSpan.FromMinutes(5));
        Commit();
        Submit(new ResumeStudy());
        Pump();

        Beat("b", 1);
        Assert.Equal("a", _engine.State!.Trials[0].Lease!.Worker);
    }

    [Fact]
    public void Leases_stand_still_while_the_process_is_paused()
    {
        Create();
        Beat("a", 1);
        Suggest(1);
        _engine.Advance(TimeSpan.FromHours(1));
        Beat("b", 1);
        Assert.Equal("a", _engine.State!.Trials[0].Lease!.Worker);
    }

    [Fact]
    public void After_recovery_every_running_attempt_has_a_full_lease()
    {
        Create();
        Beat("a", 1);
        Suggest(1);
        Recover();
        Pass(Lease);
        Beat("b", 1);
        Assert.Equal("a", _engine.State!.Trials[0].Lease!.Worker);
        Beat("a", 1, Key(0));
        Assert.Equal(TrialState.Running, _engine.State!.Trials[0].State);
    }

    [Fact]
    public void Running_time_adds_up_over_resumes_and_stands_still_while_paused_or_finished()
    {
        Create();
        Pass(TimeSpan.FromSeconds(10));
        Do(new PauseStudy("lunch"));
        Pass(TimeSpan.FromSeconds(50));
        Do(new ResumeStudy());
        Assert.Equal(TimeSpan.FromSeconds(10), _engine.Elapsed);
        Assert.Equal(TimeSpan.FromSeconds(10), _engine.State!.Elapsed);

        Pass(TimeSpan.FromSeconds(3));
        Do(new PauseStudy("night"));
        Recover();
        Do(new ResumeStudy());
        Pass(TimeSpan.FromSeconds(4));
        Assert.Equal(TimeSpan.FromSeconds(17), _engine.Elapsed);
        Do(new StopStudy());
        Pass(TimeSpan.FromSeconds(60));
        Assert.Equal(TimeSpan.FromSeconds(17), _engine.Elapsed);
    }

    [Fact]
    public void Running_time_goes_on_while_a_write_is_in_flight()
    {
        Create();
        Submit(new ExtendStudy(Specs.Random(99).Budget, Specs.Random().Limits, Specs.Random().Parallel, Specs.Random().Retry));
        _engine.Next(Now);
        Pass(TimeSpan.FromSeconds(5));
        Commit();
        Assert.Equal(TimeSpan.FromSeconds(5), _engine.Elapsed);
    }

    [Fact]
    public void The_time_budget_ends_the_study_at_a_look_at_the_clock()
    {
        Create(Specs.With(Specs.Random(9), b => b with { Time = TimeSpan.FromSeconds(10) }));
        Beat("a", 1);
        Suggest(1);
        Pass(TimeSpan.FromSeconds(10));
        Do(new LookAtClock());
        Assert.Equal(TrialState.Cancelled, _engine.State!.Trials[0].State);
        Assert.Equal(FinishReason.TimeSpent, _engine.ReadyToFinish(Now));
    }

    [Fact]
    public void A_retired_process_is_told_to_stop_and_changes_nothing()
    {
        Create();
        Beat("a", 1);
        Suggest(1);
        var old = Key(0);
        Beat("a", 1, incarnation: "i2");
        var events = _journal.Count;

        var batch = Beat("a", 1, old);
        Assert.Equal(new SendStop("a", old, StopReason.Superseded, "way to a"), Assert.Single(batch.Effects));
        Assert.Empty(batch.Events);
        Assert.Equal(events, _journal.Count);
        Assert.Equal("i2", _engine.State!.Trials[0].Lease!.Incarnation);
    }

    [Fact]
    public void A_worker_that_fell_silent_gets_no_more_trials()
    {
        Create(Specs.Random(99));
        Beat("a", 2);
        Assert.Equal(4, _engine.SuggestionsWanted(Now));
        Pass(Lease + TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, _engine.SuggestionsWanted(Now));
    }

    [Fact]
    public void A_drain_gives_nothing_out_and_takes_what_comes_back()
    {
        Create(Specs.Random(99));
        Beat("a", 2);
        Suggest(4);
        _engine.Drain();
        Assert.True(_engine.IsDraining);
        Assert.Equal(0, _engine.SuggestionsWanted(Now));

        var batch = Do(new TakeOutcome(new ReportOutcome("a", Key(0), new TrialOutcome.Released("the worker drains"))));
        Assert.Equal([typeof(TrialReleased)], batch.Events.Select(e => e.GetType()));
        Assert.DoesNotContain(Beat("b", 4).Events, e => e is TrialStarted);
    }

    [Fact]
    public void One_more_is_leased_a_slot_where_the_strategy_does_not_learn()
    {
        Create(Specs.Random(99));
        Beat("a", 2);
        Assert.Equal(4, _engine.SuggestionsWanted(Now));
    }

    [Fact]
    public void There_is_no_look_ahead_on_one_slot() => AssertWanted(1, slots: 1, Specs.Random(99), learns: false);

    [Fact]
    public void There_is_no_look_ahead_where_the_strategy_learns() => AssertWanted(2, slots: 2, Specs.Random(99), learns: true);

    [Fact]
    public void There_is_no_look_ahead_where_trials_run_one_at_a_time() =>
        AssertWanted(1, slots: 2, Specs.Random(99) with { Parallel = new ParallelSpec(1, 1) }, learns: false);

    [Fact]
    public void There_is_no_look_ahead_in_a_strict_study() =>
        AssertWanted(2, slots: 2, Specs.Random(99) with { Reproducible = new ReproducibleSpec(4) }, learns: false);

    [Fact]
    public void Nothing_is_wanted_while_a_write_is_in_flight()
    {
        Create(Specs.Random(99));
        Submit(See("a", 1));
        Submit(new PauseStudy("lunch"));
        Submit(new ResumeStudy());
        _engine.Next(Now);
        Assert.Equal(0, _engine.SuggestionsWanted(Now));
        Commit();
        Assert.Equal(1, _engine.SuggestionsWanted(Now));
    }

    [Fact]
    public void An_exhausted_sampler_ends_the_study_once_everything_has_come_back()
    {
        Create(Specs.Random(99));
        Beat("a", 4);
        Do(new TakeSuggestions([new Suggestion(0, Specs.Point(0), false, 1, "test/1", "00")], Exhausted: true));
        Assert.Equal(0, _engine.SuggestionsWanted(Now));
        Assert.Null(_engine.ReadyToFinish(Now));
        Do(Outcome(0));
        Assert.Equal(FinishReason.SpaceExhausted, _engine.ReadyToFinish(Now));
    }

    [Fact]
    public void A_finished_study_is_not_finished_again()
    {
        Create(Specs.Random(1));
        Beat("a", 1);
        Suggest(1);
        Do(Outcome(0));
        Assert.Equal(FinishReason.TrialsDone, _engine.ReadyToFinish(Now));
        Do(new FinishStudy(Trial.NoMetrics));
        Assert.Equal(StudyPhase.Finished, _engine.State!.Phase);
        Assert.Null(_engine.ReadyToFinish(Now));
    }

    [Fact]
    public void Values_of_the_current_attempt_only_are_taken_note_of()
    {
        Create();
        Beat("a", 1);
        Suggest(1);
        var key = Key(0);
        IntermediateValue[] values = [new(1, 0.5), new(2, 0.4)];

        Assert.True(_engine.Note(new ReportValues("a", key, values)));
        Assert.False(_engine.Note(new ReportValues("a", key with { Lease = "another" }, values)));
        Assert.False(_engine.Note(new ReportValues("a", key with { Attempt = 2 }, values)));
        Assert.False(_engine.Note(new ReportValues("a", key with { Number = 7 }, values)));
        Assert.Equal(2, _journal.OfType<TrialEvent>().Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Progress_known_from_values_or_beats_is_journalled_with_the_release(bool byValues)
    {
        Create();
        Beat("a", 1);
        Suggest(1);
        if (byValues)
        {
            _engine.Note(new ReportValues("a", Key(0), [new(7, 0.5)]));
        }
        else
        {
            Do(new SeeWorker(new WorkerBeat("a", "i1", 1, [new HeldAttempt(Key(0), 7)]), Local: false));
        }

        Beat("a", 1, incarnation: "i2");
        Assert.Equal(7, Assert.Single(_journal.OfType<TrialReleased>()).Step);
        Beat("a", 1, incarnation: "i3");
        Assert.Equal(0, _journal.OfType<TrialReleased>().Last().Step);
    }

    [Fact]
    public void Blocks_that_were_written_stay_known()
    {
        Create();
        _engine.RememberBlocks(["aa"]);
        _engine.RememberBlocks(["bb"]);
        Do(new PauseStudy("lunch"));
        Assert.Equal(["aa", "bb"], _engine.State!.Blocks);
    }

    [Fact]
    public void The_journal_gives_the_state_in_force()
    {
        Create(Specs.Random(9) with { Enqueue = [Specs.Point(5)] });
        Beat("a", 2);
        Do(new TakeSuggestions([new Suggestion(0, Specs.Point(5), true, 1, "enqueue", "00")], Exhausted: false));
        Suggest(3);
        Do(Outcome(1));
        Beat("a", 2, incarnation: "i2");
        Do(new StopStudy());
        Assert.Equal(StudyBench.Bytes(_engine.State!), StudyBench.Bytes(_journal.Aggregate((StudyState?)null, Study.Apply)!));
    }

    private StudyEngine Engine(StudyState? state, bool learns = false) =>
        new(state, new EngineOptions(Lease, SamplerSize: null, learns, TrainToEnd.Instance), () => $"lease-{++_leases}");

    private void Recover() => _engine = Engine(_journal.Aggregate((StudyState?)null, Study.Apply));

    private void Create(StudySpec? spec = null) => Do(new CreateStudy(StudyBench.Id, spec ?? Specs.Random()));

    private void Suggest(int count)
    {
        var first = _engine.State!.Trials.Count;
        Do(new TakeSuggestions(
            [.. Enumerable.Range(first, count).Select(n => new Suggestion(n, Specs.Point(n), false, _engine.State.Sequence, "test/1", "00"))], Exhausted: false));
    }

    private Batch Beat(string worker, int slots, AttemptKey? held = null, string incarnation = "i1") => Do(See(worker, slots, held, incarnation));

    private static SeeWorker See(string worker, int slots, AttemptKey? held = null, string incarnation = "i1") =>
        new(new WorkerBeat(worker, incarnation, slots, held is null ? [] : [new HeldAttempt(held, 0)]), Local: false, ReplyTo: $"way to {worker}");

    private AttemptKey Key(int number) => new(StudyBench.Id, number, _engine.State!.Trials[number].Attempts, _engine.State.Trials[number].Lease!.Id);

    private TakeOutcome Outcome(int number) => new(new ReportOutcome("a", Key(number), new TrialOutcome.Completed(1, null)));

    private void Submit(StudyCommand command) => _engine.Submit(command);

    private Batch Do(StudyCommand command)
    {
        _engine.Submit(command);
        return Pump();
    }

    private Batch Pump()
    {
        Assert.NotNull(_engine.Next(Now));
        return Commit();
    }

    private Batch Commit()
    {
        var batch = _engine.Commit();
        _journal.AddRange(batch.Events);
        return batch;
    }

    /// <summary>As a coordinator that looks at its clock every second.</summary>
    private void Pass(TimeSpan time)
    {
        for (; time > TimeSpan.Zero; time -= TimeSpan.FromSeconds(1))
        {
            _engine.Advance(time < TimeSpan.FromSeconds(1) ? time : TimeSpan.FromSeconds(1));
        }
    }

    private void AssertWanted(int wanted, int slots, StudySpec spec, bool learns)
    {
        _engine = Engine(null, learns);
        Create(spec);
        Beat("a", slots);
        Assert.Equal(wanted, _engine.SuggestionsWanted(Now));
    }
}
