using System.Threading.Channels;
using Akka.Actor;
using Akka.TestKit;
using TuningCluster.Coordinator.Actors;
using TuningCluster.Coordinator.Persistence;
using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Tests.Studies;
using TuningCluster.Shared.Protocol;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;
using TuningCluster.Tests.Actors;

namespace TuningCluster.Coordinator.Tests.Actors;

/// <summary>The shell around the engine. A probe stands where the coordinator does: it is the study's parent and hears what is to be delivered.</summary>
public sealed class StudyActorTests() : ActorTest(TestJournal.Hocon, JournalManifests.Table)
{
    private readonly MemoryBlobs _blobs = new();
    private readonly Channel<StudyUpdate> _updates = Channel.CreateUnbounded<StudyUpdate>();

    private TestProbe Worker => field ??= CreateTestProbe("worker");

    private TestProbe Parent => field ??= CreateTestProbe("coordinator");

    private TestJournal.State Journal => TestJournal.Of(Sys);

    private IActorRef JournalRef => Akka.Persistence.Persistence.Instance.Apply(Sys).JournalFor(null);

    [Fact]
    public async Task Persists_then_publishes_and_sends_the_lease_of_what_it_suggested()
    {
        var study = Open(Specs.Random(1));
        Assert.Equal([typeof(StudyCreated)], (await NextChange()).Events.Select(e => e.GetType()));

        Beat(study);
        var started = await NextChange();
        Assert.Equal([typeof(TrialSuggested), typeof(TrialStarted)], started.Events.Select(e => e.GetType()));

        var run = await ExpectDelivered<RunTrial>();
        Assert.Equal((0, 1, 42L), (run.Key.Number, run.Key.Attempt, run.Seed));
        Assert.Equal(started.State.Trials[0].Lease!.Id, run.Key.Lease);
        Assert.Equal(started.State.Trials[0].Parameters, run.Parameters);
        Assert.Equal(StudyFile.Write(Specs.Random(1)), run.Spec);
        Assert.Equal(3, Journal.Events.Count);
    }

    [Fact]
    public async Task An_outcome_is_acknowledged_only_once_it_is_in_the_journal()
    {
        var study = Open(Specs.Random(1));
        Beat(study);
        var run = await ExpectDelivered<RunTrial>();
        await HoldJournal();

        study.Tell(Outcome(run.Key), Worker);
        study.Tell(new ReportValues("a", run.Key, [new IntermediateValue(1, 0.5)]), Worker);
        await Read(u => u is StudyUpdate.Progressed { Number: 0, Attempt: 1 });
        Assert.False(Worker.HasMessages);

        JournalRef.Tell(new TestJournal.Release());
        Assert.Equal(run.Key, (await Worker.ExpectMsgAsync<AcknowledgeOutcome>(cancellationToken: Cancel)).Key);
    }

    [Fact]
    public async Task Commands_that_come_during_a_write_become_one_batch()
    {
        var study = Open(Specs.Random(10));
        Beat(study, slots: 10);
        await Next(u => u is StudyUpdate.Changed { State.RunningCount: 10 });
        var runs = new List<RunTrial>();
        for (var i = 0; i < 10; i++)
        {
            runs.Add(await ExpectDelivered<RunTrial>());
        }

        await HoldJournal();
        var before = Journal.Batches.Count;

        runs.ForEach(run => study.Tell(Outcome(run.Key), Worker));

        // Read in order: once this is answered the study has read all ten.
        await study.Ask<ActorIdentity>(new Identify("read"), Patience, Cancel);
        JournalRef.Tell(new TestJournal.Release());
        for (var i = 0; i < 10; i++)
        {
            await Worker.ExpectMsgAsync<AcknowledgeOutcome>(cancellationToken: Cancel);
        }

        Assert.Equal([1, 9], Journal.Batches.Skip(before).Take(2));
    }

    [Fact]
    public async Task A_study_that_starts_again_is_where_it_was()
    {
        var study = Open(Specs.Random(3) with { Enqueue = [Specs.Point(1, 2)] });
        Beat(study);
        study.Tell(Outcome((await ExpectDelivered<RunTrial>()).Key), Worker);
        var last = (await Next(u => u is StudyUpdate.Changed { State: { Counts.Complete: 1, RunningCount: 1 } })).State;
        await Kill(study);

        var found = await Reopen();
        Assert.Empty(found.Events);
        Assert.Equal(StudyBench.Bytes(last), StudyBench.Bytes(found.State));
    }

    [Fact]
    public async Task A_study_runs_to_its_end_and_its_best_is_scored()
    {
        var study = Open(Specs.Random(2));
        Beat(study);
        for (var i = 0; i < 2; i++)
        {
            study.Tell(Outcome((await ExpectDelivered<RunTrial>()).Key, model: "feed"), Worker);
            await Worker.ExpectMsgAsync<AcknowledgeOutcome>(cancellationToken: Cancel);
        }

        var end = await Next(u => u is StudyUpdate.Changed { State.Phase: StudyPhase.Finished });
        Assert.Equal(FinishReason.TrialsDone, end.State.FinishReason);
        Assert.Equal(OneScore.TestLoss, end.State.TestMetrics["test_loss"]);
    }

    [Fact]
    public async Task A_failing_journal_stops_the_study_and_its_watcher_hears_why()
    {
        var study = Open(Specs.Random(3));
        await NextChange();
        Journal.Failure = new IOException("the disk is full");
        Watch(study);
        Beat(study);
        Assert.Equal("the disk is full", (await Assert.ThrowsAsync<IOException>(Completed)).Message);
        await ExpectTerminatedAsync(study, cancellationToken: Cancel);
        Assert.Equal("the disk is full", (await Parent.FishForMessageAsync<StudyEnded>(_ => true, Patience, cancellationToken: Cancel)).Failure!.Message);
    }

    [Fact]
    public async Task A_refusing_journal_stops_the_study_and_its_watcher_hears_why()
    {
        var study = Open(Specs.Random(3));
        await NextChange();
        Journal.Rejection = new InvalidDataException("too large");
        Watch(study);
        Beat(study);
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(Completed);
        Assert.Contains("TrialSuggested: too large", thrown.Message, StringComparison.Ordinal);
        await ExpectTerminatedAsync(study, cancellationToken: Cancel);
    }

    [Fact]
    public async Task A_broken_sampler_stops_the_study_and_its_watcher_hears_why()
    {
        var study = Open(Specs.Random(3), _ => new BrokenSampler());
        Watch(study);
        Beat(study);
        Assert.Contains("the sampler broke", (await Assert.ThrowsAsync<InvalidOperationException>(Completed)).Message, StringComparison.Ordinal);
        await ExpectTerminatedAsync(study, cancellationToken: Cancel);
    }

    [Fact]
    public async Task A_superseded_attempt_is_stopped_where_its_beat_came_from()
    {
        var study = Open(Specs.Random(3));
        var foreign = new AttemptKey(StudyBench.Id, 7, 1, "0123456789abcdef");
        study.Tell(new WorkerBeat("a", "i1", 0, [new HeldAttempt(foreign, 0)]), Worker);
        Assert.Equal(new StopTrial(foreign, StopReason.Superseded), await Worker.ExpectMsgAsync<StopTrial>(cancellationToken: Cancel));
    }

    [Fact]
    public async Task A_draining_study_gives_nothing_out()
    {
        var study = Open(Specs.Random(9));
        Beat(study);
        var run = await ExpectDelivered<RunTrial>();
        study.Tell(new BeginDrain());
        study.Tell(new ReportOutcome("a", run.Key, new TrialOutcome.Released("the worker drains")), Worker);
        await Worker.ExpectMsgAsync<AcknowledgeOutcome>(cancellationToken: Cancel);
        Beat(study);
        await Kill(study);
        Assert.Equal(1, Journal.Events.Count(e => e.Payload is TrialStarted));
        Assert.Contains(Journal.Events, e => e.Payload is TrialReleased { Cause: ReleaseCause.Drained });
    }

    [Fact]
    public async Task A_large_study_takes_a_snapshot_and_recovers_from_it()
    {
        var study = Open(Specs.Random(5000), more: [Suggestions(2100)]);
        Assert.True(await Journal.Saved.WaitAsync(Patience, Cancel));
        Assert.Equal(2101, Journal.Snapshots.Single().Metadata.SequenceNr);
        study.Tell(new OpenStudy(StudyBench.Id, [new PauseStudy("lunch")], null));
        var last = (await Next(u => u is StudyUpdate.Changed { State.Phase: StudyPhase.Paused })).State;
        await Kill(study);

        Journal.Replayed = 0;
        Assert.Equal(StudyBench.Bytes(last), StudyBench.Bytes((await Reopen()).State));
        Assert.Equal(1, Journal.Replayed);
    }

    [Fact]
    public async Task A_snapshot_that_becomes_due_amid_a_batch_is_stored_under_its_own_sequence_number()
    {
        // 4,100 trials, all but one cancelled: one whole block, whose writing is kept waiting.
        _blobs.Door.Reset();
        var spec = Specs.Random(5000);
        var study = Open(spec, more: [Suggestions(4100), new ExtendStudy(spec.Budget with { Trials = 1 }, spec.Limits, spec.Parallel, spec.Retry)]);
        await Next(u => u is StudyUpdate.Changed { State.Counts.Cancelled: 4099 });

        // A batch of two, of which the study hears of the first alone.
        await HoldJournal(after: 1);
        study.Tell(new OpenStudy(StudyBench.Id, [new PauseStudy("lunch"), new ResumeStudy()], null));
        await AwaitConditionAsync(() => Task.FromResult(Journal.Batches is [.., 2]), Patience, TimeSpan.FromMilliseconds(10), cancellationToken: Cancel);
        await study.Ask<ActorIdentity>(new Identify("read"), Patience, Cancel);
        _blobs.Door.Set();
        Assert.True(await _blobs.Kept.WaitAsync(Patience, Cancel));
        await Journal.Saved.WaitAsync(TimeSpan.FromMilliseconds(200), Cancel);
        JournalRef.Tell(new TestJournal.Release());
        await AwaitConditionAsync(() => Task.FromResult(!Journal.Snapshots.IsEmpty), Patience, TimeSpan.FromMilliseconds(10), cancellationToken: Cancel);

        var (metadata, saved) = Journal.Snapshots.Single();
        var snapshot = Assert.IsType<StudySnapshot>(saved);
        Assert.Equal((metadata.SequenceNr, 1), (snapshot.Sequence, snapshot.Blocks.Count));
        var last = (await Next(u => u is StudyUpdate.Changed { Events: [StudyPaused, StudyResumed] })).State;
        await Kill(study);
        Assert.Equal(last.Sequence, (await Reopen()).State.Sequence);
    }

    private IActorRef Start(bool useSnapshot, Func<StudySpec, ISampler>? sampler = null)
    {
        var settings = new StudyActorSettings(EngineOptions.DefaultLease, LocalWorker: null, sampler ?? SamplerFactory.Create, _blobs, new OneScore(), TimeProvider.System);
        var started = new TaskCompletionSource<IActorRef>();
        var (props, probe) = (StudyActor.Props(StudyBench.Id, useSnapshot, settings), Parent.Ref);
        Sys.ActorOf(Props.Create(() => new StandInCoordinator(props, probe, started)));
        Assert.True(started.Task.Wait(Patience, Cancel));
        return started.Task.Result;
    }

    private IActorRef Open(StudySpec spec, Func<StudySpec, ISampler>? sampler = null, IReadOnlyList<StudyCommand>? more = null)
    {
        var study = Start(useSnapshot: false, sampler);
        study.Tell(new OpenStudy(StudyBench.Id, [new CreateStudy(StudyBench.Id, spec), .. more ?? []], _updates.Writer));
        return study;
    }

    private async Task<StudyUpdate.Changed> Reopen()
    {
        var updates = Channel.CreateUnbounded<StudyUpdate>();
        Start(useSnapshot: true).Tell(new OpenStudy(StudyBench.Id, [], updates.Writer));
        return Assert.IsType<StudyUpdate.Changed>(await updates.Reader.ReadAsync(Cancel).AsTask().WaitAsync(Patience, Cancel));
    }

    private void Beat(IActorRef study, int slots = 1) => study.Tell(new WorkerBeat("a", "i1", slots, []), Worker);

    private static ReportOutcome Outcome(AttemptKey key, string? model = null) => new("a", key, new TrialOutcome.Completed(1, model));

    private static TakeSuggestions Suggestions(int count) => new(
        [.. Enumerable.Range(0, count).Select(n => new Suggestion(n, Specs.Point(n), false, 1, "test/1", "00"))], Exhausted: false);

    private async Task<T> ExpectDelivered<T>()
        where T : IWireMessage => (T)(await Parent.FishForMessageAsync<Deliver>(d => d.Message is T, Patience, cancellationToken: Cancel)).Message;

    private async Task HoldJournal(int after = 0) => await JournalRef.Ask<TestJournal.Hold>(new TestJournal.Hold(after), Patience, Cancel);

    private async Task Kill(IActorRef study)
    {
        Watch(study);
        study.Tell(PoisonPill.Instance);
        await ExpectTerminatedAsync(study, cancellationToken: Cancel);
    }

    private Task<StudyUpdate.Changed> NextChange() => Next(u => u is StudyUpdate.Changed);

    private async Task<StudyUpdate.Changed> Next(Func<StudyUpdate, bool> wanted) => (StudyUpdate.Changed)await Read(wanted);

    private async Task<StudyUpdate> Read(Func<StudyUpdate, bool> wanted)
    {
        while (true)
        {
            var update = await _updates.Reader.ReadAsync(Cancel).AsTask().WaitAsync(Patience, Cancel);
            if (wanted(update))
            {
                return update;
            }
        }
    }

    private async Task Completed()
    {
        await foreach (var _ in _updates.Reader.ReadAllAsync(Cancel).WithCancellation(new CancellationTokenSource(Patience).Token))
        {
        }
    }
}
