using Akka.Actor;
using Akka.Cluster.Tools.Client;
using Akka.TestKit;
using TuningCluster.Shared.Protocol;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;
using TuningCluster.Tests.Actors;
using TuningCluster.TrialWorker.Actors;

namespace TuningCluster.TrialWorker.Tests.Actors;

/// <summary>A probe stands where ClusterClient does and hears what goes to the coordinator.</summary>
public sealed class WorkerActorTests() : ActorTest(Envelope)
{
    /// <summary>ClusterClient's envelope goes to the probe as it is; what it holds is written and read by <see cref="Expect"/>.</summary>
    private const string Envelope = """akka.actor.serialization-bindings { "Akka.Cluster.Tools.Client.ClusterClient+Send, Akka.Cluster.Tools" = akka-own }""";

    private const string Study = "hills.1.0123abcd";

    private const string Spec =
        """{ "version": 1, "name": "hills", "objective": { "kind": "function", "name": "sphere" }, "parameters": { "x1": { "type": "float", "low": -5, "high": 10 } }, "strategy": { "name": "random", "seed": 42 }, "budget": { "trials": 4 } }""";

    private static readonly TrialParameters Point = new([KeyValuePair.Create("x1", ParameterValue.Float(2))]);

    private readonly FakeObjectives _objectives = new();

    private TestProbe Client => field ??= CreateTestProbe("client");

    [Fact]
    public async Task Says_at_once_who_it_is_and_how_many_slots_it_has()
    {
        Start(slots: 3);
        var sent = await Client.ExpectMsgAsync<ClusterClient.Send>(cancellationToken: Cancel);
        Assert.Equal((CoordinatorLink.CoordinatorPath, true), (sent.Path, sent.LocalAffinity));
        var beat = Assert.IsType<WorkerBeat>(sent.Message);
        Assert.Equal(("w", "i1", 3, 0), (beat.Worker, beat.Incarnation, beat.Slots, beat.Held.Count));
    }

    [Fact]
    public async Task Trains_on_a_thread_of_its_own_what_the_lease_says()
    {
        var worker = Start();
        worker.Tell(Run("x", number: 7));
        var training = await Started();

        Assert.Equal("training-0", training.Thread.Name);
        Assert.False(training.Thread.IsThreadPoolThread);
        Assert.Equal(new TrialJob(Study, 7, 42, Point, 0.5) { IsFirstAttempt = true }, training.Job);
        Assert.Equal("hills", training.Spec.Name);
    }

    [Fact]
    public async Task Repeats_of_a_lease_are_ignored_while_it_trains_and_after_its_end()
    {
        var worker = Start(slots: 2);
        worker.Tell(Run("x"));
        worker.Tell(Run("x"));
        (await Started()).End(new TrialOutcome.Completed(1, null));
        await Expect<ReportOutcome>();
        worker.Tell(new AcknowledgeOutcome(Key("x")));
        worker.Tell(Run("x"));

        // In order: the next lease is the next that trains.
        worker.Tell(Run("y", number: 1));
        Assert.Equal(1, (await Started()).Job.Number);
        Assert.False(_objectives.Started.TryRead(out _));
    }

    [Fact]
    public async Task What_does_not_fit_into_the_slots_waits_and_follows()
    {
        var worker = Start(slots: 1);
        worker.Tell(Run("x"));
        worker.Tell(Run("y", number: 1));
        var first = await Started();
        Assert.False(_objectives.Started.TryRead(out _));
        first.End(new TrialOutcome.Completed(1, null));
        var second = await Started();
        Assert.Equal((1, first.Thread), (second.Job.Number, second.Thread));
    }

    [Fact]
    public async Task Beats_list_what_is_held_and_how_far_it_is_until_it_is_acknowledged()
    {
        var worker = Start(beat: TimeSpan.FromMilliseconds(50));
        worker.Tell(Run("x"));
        var training = await Started();
        training.Report(1, 3);
        training.Report(2, 2);
        await Expect<WorkerBeat>(b => b.Held is [{ Step: 2, Key.Lease: "x" }]);
        training.End(new TrialOutcome.Completed(1, null));
        await Expect<ReportOutcome>();
        await Expect<WorkerBeat>(b => b.Held is [{ Key.Lease: "x" }]);
        worker.Tell(new AcknowledgeOutcome(Key("x")));
        await Expect<WorkerBeat>(b => b.Held is []);
    }

    [Fact]
    public async Task Intermediate_values_are_sent_in_batches_each_once()
    {
        var worker = Start();
        worker.Tell(Run("x"));
        var training = await Started();
        training.Report(1, 3);
        training.Report(2, 2);
        var steps = new List<int>();
        while (steps.Count < 2)
        {
            steps.AddRange((await Expect<ReportValues>()).Values.Select(v => v.Step));
        }

        training.Report(3, 1);
        steps.AddRange((await Expect<ReportValues>()).Values.Select(v => v.Step));
        Assert.Equal([1, 2, 3], steps);
    }

    [Fact]
    public async Task An_outcome_is_sent_until_it_is_acknowledged()
    {
        var worker = Start();
        worker.Tell(Run("x"));
        (await Started()).End(new TrialOutcome.Completed(0.25, "feed"));
        for (var i = 0; i < 3; i++)
        {
            var report = await Expect<ReportOutcome>();
            Assert.Equal(("w", Key("x"), 0.25), (report.Worker, report.Key, Assert.IsType<TrialOutcome.Completed>(report.Outcome).Value));
        }

        worker.Tell(new AcknowledgeOutcome(Key("x")));
        worker.Tell(new WorkerActor.Drain(), TestActor);
        await ExpectMsgAsync<WorkerActor.Drained>(cancellationToken: Cancel);

        // Two rounds of resending later there was none.
        await Expect<WorkerBeat>(b => b.Slots == 0 && b.Held is []);
        var after = await Client.ReceiveWhileAsync<object>(o => o, TimeSpan.FromMilliseconds(1200), cancellationToken: Cancel).ToListAsync(Cancel);
        Assert.DoesNotContain(after, o => o is ClusterClient.Send { Message: ReportOutcome });
    }

    [Theory]
    [InlineData(StopReason.Cancelled)]
    [InlineData(StopReason.Superseded)]
    public async Task A_stopped_attempt_is_cancelled_and_forgotten_without_an_outcome(StopReason reason)
    {
        var worker = Start();
        await Expect<WorkerBeat>();
        worker.Tell(Run("x"));
        var training = await Started();
        worker.Tell(new StopTrial(Key("x"), reason));
        await Stopped(training);

        // The slot is free again, and nothing is held.
        await Expect<WorkerBeat>(b => b.Held is [], refuse: m => m is ReportOutcome);
        worker.Tell(Run("y"));
        await Started();
    }

    [Fact]
    public async Task A_pruned_attempt_says_so_with_its_whole_curve()
    {
        var worker = Start();
        worker.Tell(Run("x"));
        var training = await Started();
        training.Report(1, 3);
        training.Report(2, 4);
        worker.Tell(new StopTrial(Key("x"), StopReason.Pruned));
        var pruned = Assert.IsType<TrialOutcome.Pruned>((await Expect<ReportOutcome>()).Outcome);
        Assert.Equal((2, 2), (pruned.Step, pruned.Curve.Count));
    }

    [Fact]
    public async Task A_stopped_attempt_that_waits_never_trains()
    {
        var worker = Start(slots: 1);
        worker.Tell(Run("x"));
        worker.Tell(Run("y", number: 1));
        worker.Tell(Run("z", number: 2));
        worker.Tell(new StopTrial(Key("y", number: 1), StopReason.Cancelled));
        (await Started()).End(new TrialOutcome.Completed(1, null));
        Assert.Equal(2, (await Started()).Job.Number);
    }

    [Fact]
    public async Task Only_the_lease_that_is_named_is_stopped()
    {
        var worker = Start();
        worker.Tell(Run("x"));
        var training = await Started();
        worker.Tell(new StopTrial(Key("another"), StopReason.Superseded));
        worker.Tell(new WorkerActor.Drain(), TestActor);
        await Stopped(training);
        Assert.IsType<TrialOutcome.Released>((await Expect<ReportOutcome>()).Outcome);
    }

    [Fact]
    public async Task An_error_while_training_is_an_outcome_that_may_be_retried()
    {
        Start().Tell(Run("x"));
        (await Started()).Break(new DivideByZeroException("by nought"));
        var failed = Assert.IsType<TrialOutcome.Failed>((await Expect<ReportOutcome>()).Outcome);
        Assert.Equal((FailureReason.TrainingError, "DivideByZeroException: by nought"), (failed.Reason, failed.Message));
    }

    [Fact]
    public async Task A_cancellation_nobody_asked_for_is_an_error()
    {
        Start().Tell(Run("x"));
        (await Started()).Break(new OperationCanceledException("by itself"));
        Assert.Equal(FailureReason.TrainingError, Assert.IsType<TrialOutcome.Failed>((await Expect<ReportOutcome>()).Outcome).Reason);
    }

    [Fact]
    public async Task An_objective_that_cannot_be_made_is_bad_data()
    {
        _objectives.Failure = new InvalidDataException("no such column");
        Start().Tell(Run("x"));
        var failed = Assert.IsType<TrialOutcome.Failed>((await Expect<ReportOutcome>()).Outcome);
        Assert.Equal((FailureReason.BadData, "no such column"), (failed.Reason, failed.Message));
    }

    [Fact]
    public async Task A_study_that_cannot_be_read_fails_its_trial_and_no_other()
    {
        var worker = Start(slots: 2);
        worker.Tell(Run("x"));
        var training = await Started();
        worker.Tell(Run("y", number: 1) with { Spec = """{ "version": 99 }""" });

        var report = await Expect<ReportOutcome>();
        Assert.Equal("y", report.Key.Lease);
        Assert.Equal(FailureReason.BadData, Assert.IsType<TrialOutcome.Failed>(report.Outcome).Reason);
        worker.Tell(new AcknowledgeOutcome(report.Key));
        Assert.False(training.Stop.IsCancellationRequested);
        training.End(new TrialOutcome.Completed(1, null));
        await Expect<ReportOutcome>(r => r.Key.Lease == "x");
    }

    [Fact]
    public async Task A_drain_hands_everything_back_and_is_answered_once_that_is_acknowledged()
    {
        var worker = Start(slots: 1);
        worker.Tell(Run("trains"));
        worker.Tell(Run("waits", number: 1));
        var training = await Started();
        worker.Tell(new WorkerActor.Drain(), TestActor);
        await Stopped(training);

        var reports = new Dictionary<string, TrialOutcome>();
        while (reports.Count < 2)
        {
            var report = await Expect<ReportOutcome>();
            reports[report.Key.Lease] = report.Outcome;
        }

        Assert.All(reports.Values, o => Assert.IsType<TrialOutcome.Released>(o));
        await Expect<WorkerBeat>(b => b.Slots == 0);
        worker.Tell(new AcknowledgeOutcome(Key("trains")));
        Assert.False(HasMessages);
        worker.Tell(new AcknowledgeOutcome(Key("waits", number: 1)));
        await ExpectMsgAsync<WorkerActor.Drained>(cancellationToken: Cancel);
    }

    [Fact]
    public async Task A_draining_worker_takes_no_more_and_keeps_an_outcome_that_came_first()
    {
        var worker = Start();
        worker.Tell(Run("x"));
        (await Started()).End(new TrialOutcome.Completed(1, null));
        await Expect<ReportOutcome>();
        worker.Tell(new WorkerActor.Drain(), TestActor);
        worker.Tell(Run("y", number: 1));
        Assert.IsType<TrialOutcome.Completed>((await Expect<ReportOutcome>()).Outcome);
        worker.Tell(new AcknowledgeOutcome(Key("x")));
        await ExpectMsgAsync<WorkerActor.Drained>(cancellationToken: Cancel);
        Assert.False(_objectives.Started.TryRead(out _));
    }

    [Fact]
    public async Task What_others_take_up_is_where_they_find_it_before_they_are_told()
    {
        var worker = Start();
        worker.Tell(Run("paused", number: 3) with { Until = 4 });
        (await Started()).End(new TrialOutcome.Paused(4));
        await Expect<ReportOutcome>();
        Assert.Equal([3], _objectives.Shared);
        worker.Tell(new AcknowledgeOutcome(Key("paused", number: 3)));

        worker.Tell(Run("drained", number: 5));
        await Started();
        worker.Tell(new WorkerActor.Drain(), TestActor);
        Assert.IsType<TrialOutcome.Released>((await Expect<ReportOutcome>(r => r.Key.Number == 5)).Outcome);
        Assert.Equal([3, 5], _objectives.Shared);
    }

    [Fact]
    public async Task What_is_cancelled_for_good_is_not_brought_anywhere()
    {
        var worker = Start();
        worker.Tell(Run("x"));
        var training = await Started();
        worker.Tell(new StopTrial(Key("x"), StopReason.Pruned));
        await Stopped(training);
        await Expect<ReportOutcome>();
        Assert.Empty(_objectives.Shared);
    }

    [Fact]
    public async Task An_idle_worker_has_drained_at_once()
    {
        Start().Tell(new WorkerActor.Drain(), TestActor);
        await ExpectMsgAsync<WorkerActor.Drained>(cancellationToken: Cancel);
    }

    [Fact]
    public async Task What_trains_is_cancelled_when_the_worker_ends()
    {
        var worker = Start();
        worker.Tell(Run("x"));
        var training = await Started();
        Sys.Stop(worker);
        await Stopped(training);
        Assert.True(training.Thread.Join(Patience));
    }

    [Fact]
    public async Task A_segment_is_trained_as_such_and_what_is_not_needed_is_swept()
    {
        var worker = Start();
        var segment = new TrialSegment(2, 0, 3, 6);
        worker.Tell(Run("x") with { Segment = segment });
        var training = await Started();
        Assert.Equal(segment, training.Job.Segment);
        worker.Tell(new SweepCheckpoints(Study, 5));
        training.End(new TrialOutcome.Completed(1, null));
        worker.Tell(Run("y", number: 1));
        await Started();
        Assert.Equal([5], _objectives.Swept);
    }

    [Fact]
    public async Task What_was_set_aside_keeps_its_checkpoint_until_the_trial_is_pruned()
    {
        var worker = Start();
        worker.Tell(Run("x") with { Until = 4 });
        var training = await Started();
        Assert.Equal(4, training.Job.Until);
        training.End(new TrialOutcome.Paused(4));
        Assert.Equal(4, Assert.IsType<TrialOutcome.Paused>((await Expect<ReportOutcome>()).Outcome).Step);
        worker.Tell(new AcknowledgeOutcome(Key("x")));

        // In order: what trains next shows that what came before was dealt with.
        worker.Tell(Run("y", number: 1));
        (await Started()).End(new TrialOutcome.Completed(1, null));
        Assert.Empty(_objectives.Discarded);
        worker.Tell(new StopTrial(Key("x"), StopReason.Pruned));
        worker.Tell(Run("z", number: 2));
        await Started();
        Assert.Equal([0], _objectives.Discarded);
    }

    [Fact]
    public async Task A_pruning_that_overtakes_the_acknowledgement_lets_go_of_the_checkpoint_too()
    {
        var worker = Start();
        worker.Tell(Run("x") with { Until = 4 });
        (await Started()).End(new TrialOutcome.Paused(4));
        await Expect<ReportOutcome>();
        worker.Tell(new StopTrial(Key("x"), StopReason.Pruned));
        worker.Tell(new AcknowledgeOutcome(Key("x")));
        worker.Tell(Run("y", number: 1));
        await Started();
        Assert.Equal([0], _objectives.Discarded);
    }

    private IActorRef Start(int slots = 1, TimeSpan? beat = null) => Sys.ActorOf(
        WorkerActor.Props(new WorkerSettings("w", "i1", slots, beat ?? WorkerSettings.DefaultBeat), new CoordinatorLink(Client), _objectives));

    private static AttemptKey Key(string lease, int number = 0) => new(Study, number, 1, lease);

    private static RunTrial Run(string lease, int number = 0) => new(Key(lease, number), Spec, 42, Point, 0.5);

    private Task<FakeObjectives.Training> Started() => _objectives.Started.ReadAsync(Cancel).AsTask().WaitAsync(Patience, Cancel);

    private static async Task Stopped(FakeObjectives.Training training)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = training.Stop.Register(stopped.SetResult);
        await stopped.Task.WaitAsync(Patience, Cancel);
    }

    /// <summary>The next such message to the coordinator, past others.</summary>
    private async Task<T> Expect<T>(Func<T, bool>? wanted = null, Func<object, bool>? refuse = null)
        where T : class, IWireMessage
    {
        var sent = await Client.FishForMessageAsync<ClusterClient.Send>(
            s =>
            {
                Assert.False(refuse?.Invoke(s.Message) ?? false);
                return s.Message is T message && (wanted?.Invoke(message) ?? true);
            },
            Patience,
            cancellationToken: Cancel);

        var serializer = Sys.Serialization.FindSerializerFor(sent.Message);
        var manifest = Akka.Serialization.Serialization.ManifestFor(serializer, sent.Message);
        return Assert.IsType<T>(Sys.Serialization.Deserialize(serializer.ToBinary(sent.Message), serializer.Identifier, manifest));
    }
}
