using System.Threading.Channels;
using Akka.Actor;
using Akka.TestKit;
using TuningCluster.Coordinator.Actors;
using TuningCluster.Coordinator.Persistence;
using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Tests.Studies;
using TuningCluster.Shared.Protocol;
using TuningCluster.Shared.Trials;
using TuningCluster.Tests.Actors;

namespace TuningCluster.Coordinator.Tests.Actors;

public sealed class CoordinatorActorTests() : ActorTest(TestJournal.Hocon, JournalManifests.Table)
{
    private const string Second = "plains.1.89abcdef";

    private readonly MemoryBlobs _blobs = new();
    private int _joined;

    private StudyActorSettings Settings => new(
        EngineOptions.DefaultLease, "local", SamplerFactory.Create, _blobs, new OneScore(), TimeProvider.System, () => Interlocked.Increment(ref _joined));

    private IActorRef Coordinator => field ??= Sys.ActorOf(CoordinatorActor.Props(Settings));

    [Fact]
    public async Task A_worker_that_was_there_before_the_study_gets_its_trials()
    {
        var worker = CreateTestProbe();
        Beat(worker, "a");
        Open(StudyBench.Id);
        Assert.Equal(StudyBench.Id, (await worker.ExpectMsgAsync<RunTrial>(cancellationToken: Cancel)).Key.Study);
    }

    [Fact]
    public async Task Outcomes_go_to_the_study_they_name_and_are_answered_to_their_sender()
    {
        var (worker, courier) = (CreateTestProbe(), CreateTestProbe());
        Open(StudyBench.Id);
        Open(Second);
        Beat(worker, "a");
        var runs = new[] { await worker.ExpectMsgAsync<RunTrial>(cancellationToken: Cancel), await worker.ExpectMsgAsync<RunTrial>(cancellationToken: Cancel) };
        Assert.Equal([StudyBench.Id, Second], runs.Select(r => r.Key.Study).Order());

        var second = runs.Single(r => r.Key.Study == Second).Key;
        Coordinator.Tell(new ReportOutcome("a", second, new TrialOutcome.Completed(1, null)), courier);
        Assert.Equal(second, (await courier.ExpectMsgAsync<AcknowledgeOutcome>(cancellationToken: Cancel)).Key);
    }

    [Fact]
    public async Task A_study_hears_of_its_own_attempts_only()
    {
        var worker = CreateTestProbe();
        Open(StudyBench.Id);
        Open(Second);
        var foreign = new AttemptKey("gone.1.00000000", 0, 1, "0123456789abcdef");
        var mine = new AttemptKey(Second, 0, 1, "fedcba9876543210");
        Coordinator.Tell(new WorkerBeat("a", "i1", 0, [new HeldAttempt(foreign, 0), new HeldAttempt(mine, 0)]), worker);

        Assert.Equal(mine, (await worker.ExpectMsgAsync<StopTrial>(cancellationToken: Cancel)).Key);
        await worker.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(100), Cancel);
    }

    [Fact]
    public async Task Messages_of_a_study_that_is_not_open_are_not_answered()
    {
        var (worker, other) = (CreateTestProbe(), CreateTestProbe());
        var key = new AttemptKey("gone.1.00000000", 0, 1, "0123456789abcdef");
        Coordinator.Tell(new ReportOutcome("a", key, new TrialOutcome.Completed(1, null)), worker);
        Coordinator.Tell(new ReportValues("a", key, [new IntermediateValue(1, 2)]), worker);

        // In order: what comes next is answered, so the others were read.
        Coordinator.Tell(new BeginDrain(), other);
        await other.ExpectMsgAsync<DrainBegun>(cancellationToken: Cancel);
        Assert.False(worker.HasMessages);
    }

    [Fact]
    public async Task What_is_for_a_worker_goes_to_whoever_spoke_for_it_last()
    {
        var (before, now) = (CreateTestProbe(), CreateTestProbe());
        Beat(before, "a", slots: 0);
        Beat(now, "a");
        Open(StudyBench.Id);
        await now.ExpectMsgAsync<RunTrial>(cancellationToken: Cancel);
        Assert.False(before.HasMessages);
    }

    [Fact]
    public async Task A_drain_reaches_every_study_before_it_is_answered()
    {
        var worker = CreateTestProbe();
        Open(StudyBench.Id);
        Coordinator.Tell(new BeginDrain(), TestActor);
        await ExpectMsgAsync<DrainBegun>(cancellationToken: Cancel);
        Beat(worker, "a");
        await worker.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(200), Cancel);
    }

    [Fact]
    public async Task A_study_that_cannot_be_recovered_tells_its_watcher_why_and_can_be_opened_again()
    {
        TestJournal.Of(Sys).ReplayFailure = new IOException("the disk is gone");
        var lost = Open(StudyBench.Id);
        Assert.Equal("the disk is gone", (await Assert.ThrowsAsync<IOException>(() => lost.Completion.WaitAsync(Patience, Cancel))).Message);

        TestJournal.Of(Sys).ReplayFailure = null;
        var worker = CreateTestProbe();
        Beat(worker, "a");

        // At once, while the actor that failed may not be quite gone.
        Open(StudyBench.Id);
        await worker.ExpectMsgAsync<RunTrial>(cancellationToken: Cancel);
    }

    [Fact]
    public async Task A_study_whose_snapshot_lost_a_block_is_recovered_from_its_events()
    {
        // 4,100 trials, all but one cancelled: one whole block.
        var spec = Specs.Random(5000);
        Suggestion[] suggestions = [.. Enumerable.Range(0, 4100).Select(n => new Suggestion(n, Specs.Point(n), false, 1, "test/1", "00"))];
        Coordinator.Tell(new OpenStudy(
            StudyBench.Id,
            [
                new CreateStudy(StudyBench.Id, spec), new TakeSuggestions(suggestions, Exhausted: false),
                new ExtendStudy(spec.Budget with { Trials = 1 }, spec.Limits, spec.Parallel, spec.Retry),
            ],
            null));
        Assert.True(await TestJournal.Of(Sys).Saved.WaitAsync(Patience, Cancel));
        var block = Assert.Single(Assert.IsType<StudySnapshot>(TestJournal.Of(Sys).Snapshots.Single().Snapshot).Blocks);
        await StopCoordinating(Coordinator);

        _blobs.Release(StudyBench.Id, block);
        var updates = Channel.CreateUnbounded<StudyUpdate>();
        Sys.ActorOf(CoordinatorActor.Props(Settings)).Tell(new OpenStudy(StudyBench.Id, [], updates.Writer));
        var found = Assert.IsType<StudyUpdate.Changed>(await updates.Reader.ReadAsync(Cancel).AsTask().WaitAsync(Patience, Cancel));
        Assert.Equal((4099, 8201L), (found.State.Counts.Cancelled, found.State.Sequence));
    }

    [Fact]
    public async Task The_first_beat_of_a_worker_of_another_process_is_told_once_and_the_local_ones_never()
    {
        var (local, remote) = (CreateTestProbe(), CreateTestProbe());
        Beat(local, "local");
        Beat(remote, "a");
        Beat(remote, "a");
        Coordinator.Tell(new BeginDrain(), TestActor);
        await ExpectMsgAsync<DrainBegun>(cancellationToken: Cancel);
        Assert.Equal(1, _joined);
    }

    [Fact]
    public async Task Studies_end_with_the_coordinator_and_their_watchers_hear_of_it()
    {
        var updates = Open(StudyBench.Id);
        await updates.ReadAsync(Cancel).AsTask().WaitAsync(Patience, Cancel);
        await StopCoordinating(Coordinator);
        await updates.Completion.WaitAsync(Patience, Cancel);
    }

    private ChannelReader<StudyUpdate> Open(string id)
    {
        var updates = Channel.CreateUnbounded<StudyUpdate>();
        Coordinator.Tell(new OpenStudy(id, [new CreateStudy(id, Specs.Random(9))], updates.Writer));
        return updates.Reader;
    }

    private async Task StopCoordinating(IActorRef coordinator)
    {
        Watch(coordinator);
        coordinator.Tell(StopCoordinator.Instance);
        await ExpectTerminatedAsync(coordinator, cancellationToken: Cancel);
    }

    private void Beat(TestProbe from, string worker, int slots = 1) => Coordinator.Tell(new WorkerBeat(worker, "i1", slots, []), from);
}
