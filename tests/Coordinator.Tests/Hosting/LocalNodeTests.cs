using TuningCluster.Coordinator.Actors;
using TuningCluster.Coordinator.Hosting;
using TuningCluster.Coordinator.Persistence;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Tests.Studies;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Blobs;

namespace TuningCluster.Coordinator.Tests.Hosting;

public sealed class LocalNodeTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("node-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_study_of_a_test_function_runs_to_its_end_and_its_audit_is_clean()
    {
        var cancel = TestContext.Current.CancellationToken;
        var location = StoreLocation.Parse(null, _root);
        StudyState? state = null;
        using (var store = StudyStore.OpenForWriting(location))
        await using (var node = LocalNode.Create(store))
        {
            node.Start(location.Blobs(FileBlobStore.DefaultQuotaBytes, TimeProvider.System), location.CheckpointsDirectory, 2, TimeProvider.System);
            var updates = node.OpenStudy(StudyBench.Id, [new CreateStudy(StudyBench.Id, Specs.Random(20))]);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            patience.CancelAfter(TimeSpan.FromSeconds(60));
            while (state?.Phase != StudyPhase.Finished)
            {
                state = await updates.ReadAsync(patience.Token) is StudyUpdate.Changed changed ? changed.State : state;
            }
        }

        // Without a worker, as verbs that write use it.
        var journals = new StoreJournals(location, "tuning retry-failed hills", TimeProvider.System);
        Assert.Empty((await new StoreGateway(journals, Study.Apply).RetryFailed("hills", cancel))!.Retried);
        Assert.Equal((FinishReason.TrialsDone, 20, 20), (state.FinishReason, state.Counts.Complete, state.Trials.Count));
        Assert.Equal(state.Trials.Min(t => t.Value), state.BestTrial!.Value);

        StudyEvent[] events = [.. new JournalReader(location).Read(StudyBench.Id)];
        Assert.Empty(StudyAudit.Run(events).Faults);
        Assert.Equal(StudyBench.Bytes(state with { Blocks = [] }), StudyBench.Bytes(events.Aggregate((StudyState?)null, Study.Apply)!));
    }
}
