using TuningCluster.Coordinator.Persistence;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Blobs;

namespace TuningCluster.Coordinator.Hosting;

/// <summary>The journals of a store, for verbs that run without a node.</summary>
/// <param name="location">The store.</param>
/// <param name="command">What the user typed; the lock names it while something is deleted.</param>
public sealed class StoreJournals(StoreLocation location, string command, TimeProvider time) : IStudyJournals
{
    private readonly JournalReader _reader = new(location);

    /// <summary>The current instance of a name, folded; null when there is none.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public static StudyState? Find(StoreLocation location, string name)
    {
        var reader = new JournalReader(location);
        return reader.StudyIds().Where(id => StudyId.NameOf(id) == name).MaxBy(StudyId.InstanceOf) is { } id
            ? reader.Read(id).Aggregate((StudyState?)null, Study.Apply)
            : null;
    }

    public Task<IReadOnlyList<string>> StudyIds(CancellationToken cancel) => Task.FromResult(_reader.StudyIds());

    public Task<IReadOnlyList<StudyEvent>> Events(string id, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<StudyEvent>>([.. _reader.Read(id)]);

    public Task Delete(string id, CancellationToken cancel)
    {
        using var held = StoreLock.Acquire(location, command, time);
        using var store = StudyStore.OpenForWriting(location);
        store.Delete([id]);
        var blobs = new FileBlobStore(location.BlobsDirectory, time: time);
        foreach (var blob in blobs.OwnedBy(id))
        {
            blobs.Release(id, blob);
        }

        var checkpoints = Path.Combine(location.CheckpointsDirectory, id);
        if (Directory.Exists(checkpoints))
        {
            Directory.Delete(checkpoints, recursive: true);
        }

        return Task.CompletedTask;
    }
}
