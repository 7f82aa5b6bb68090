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

    private IActorRef Coordinator => field ??= Sys.ActorOf(CoordinatorActor.Props(new StudyActorSettings(
        EngineOptions.DefaultLease, LocalWorker: null, SamplerFactory.Create, new MemoryBlobs(), new OneScore(), TimeProvider.System)));

    [Fact]
    public void A_worker_that_was_there_before_the_study_gets_its_trials()
    {
        var worker = CreateTestProbe();
        Beat(worker, "a");
        Open(StudyBench.Id);
        Assert.Equal(StudyBench.Id, worker.ExpectMsg<RunTrial>(cancellationToken: Cancel).Key.Study);
    }

    [Fact]
    public void Outcomes_go_to_the_study_they_name_and_are_answered_to_their_sender()
    {
        var (worker, courier) = (CreateTestProbe(), CreateTestProbe());
        Open(StudyBench.Id);
        Open(Second);
        Beat(worker, "a");
        var runs = new[] { worker.ExpectMsg<RunTrial>(cancellationToken: Cancel), worker.ExpectMsg<RunTrial>(cancellationToken: Cancel) };
        Assert.Equal([StudyBench.Id, Second], runs.Select(r => r.Key.Study).Order());

        var second = runs.Single(r => r.Key.Study == Second).Key;
        Coordinator.Tell(new ReportOutcome("a", second, new TrialOutcome.Completed(1, null)), courier);
        Assert.Equal(second, courier.ExpectMsg<AcknowledgeOutcome>(cancellationToken: Cancel).Key);
    }

    [Fact]
    public void A_study_hears_of_its_own_attempts_only()
    {
        var worker = CreateTestProbe();
        Open(StudyBench.Id);
        Open(Second);
        var foreign = new AttemptKey("gone.1.00000000", 0, 1, "0123456789abcdef");
        var mine = new AttemptKey(Second, 0, 1, "fedcba9876543210");
        Coordinator.Tell(new WorkerBeat("a", "i1", 0, [new HeldAttempt(foreign, 0), new HeldAttempt(mine, 0)]), worker);

        Assert.Equal(mine, worker.ExpectMsg<StopTrial>(cancellationToken: Cancel).Key);
        worker.ExpectNoMsg(TimeSpan.FromMilliseconds(100), Cancel);
    }

    [Fact]
    public void Messages_of_a_study_that_is_not_open_are_not_answered()
    {
        var (worker, other) = (CreateTestProbe(), CreateTestProbe());
        var key = new AttemptKey("gone.1.00000000", 0, 1, "0123456789abcdef");
        Coordinator.Tell(new ReportOutcome("a", key, new TrialOutcome.Completed(1, null)), worker);
        Coordinator.Tell(new ReportValues("a", key, [new IntermediateValue(1, 2)]), worker);

        // In order: what comes next is answered, so the others were read.
        Coordinator.Tell(new BeginDrain(), other);
        other.ExpectMsg<DrainBegun>(cancellationToken: Cancel);
        Assert.False(worker.HasMessages);
    }

    [Fact]
    public void What_is_for_a_worker_goes_to_whoever_spoke_for_it_last()
    {
        var (before, now) = (CreateTestProbe(), CreateTestProbe());
        Beat(before, "a", slots: 0);
        Beat(now, "a");
        Open(StudyBench.Id);
        now.ExpectMsg<RunTrial>(cancellationToken: Cancel);
        Assert.False(before.HasMessages);
    }

    [Fact]
    public void A_drain_reaches_every_study_before_it_is_answered()
    {
        var worker = CreateTestProbe();
        Open(StudyBench.Id);
        Coordinator.Tell(new BeginDrain(), TestActor);
        ExpectMsg<DrainBegun>(cancellationToken: Cancel);
        Beat(worker, "a");
        worker.ExpectNoMsg(TimeSpan.FromMilliseconds(200), Cancel);
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
        await AwaitAssertAsync(
            async () => await Open(StudyBench.Id).ReadAsync(Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(1), Cancel), Patience, TimeSpan.FromMilliseconds(50), Cancel);
        worker.ExpectMsg<RunTrial>(cancellationToken: Cancel);
    }

    [Fact]
    public async Task Studies_end_with_the_coordinator_and_their_watchers_hear_of_it()
    {
        var updates = Open(StudyBench.Id);
        await updates.ReadAsync(Cancel).AsTask().WaitAsync(Patience, Cancel);
        Watch(Coordinator);
        Coordinator.Tell(StopCoordinator.Instance);
        ExpectTerminated(Coordinator, cancellationToken: Cancel);
        await updates.Completion.WaitAsync(Patience, Cancel);
    }

    private ChannelReader<StudyUpdate> Open(string id)
    {
        var updates = Channel.CreateUnbounded<StudyUpdate>();
        Coordinator.Tell(new OpenStudy(id, [new CreateStudy(id, Specs.Random(9))], updates.Writer));
        return updates.Reader;
    }

    private void Beat(TestProbe from, string worker, int slots = 1) => Coordinator.Tell(new WorkerBeat(worker, "i1", slots, []), from);
}
