using TuningCluster.Coordinator.Actors;
using TuningCluster.Coordinator.Persistence;
using TuningCluster.Coordinator.Pruning;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Blobs;
using TuningCluster.Shared.Randomness;

namespace TuningCluster.Coordinator.Hosting;

/// <summary>The journals of a store, for verbs that run without a node.</summary>
/// <param name="location">The store.</param>
/// <param name="command">What the user typed; the lock names it while something is written.</param>
public sealed class StoreJournals(StoreLocation location, string command, TimeProvider time) : IStudyJournals
{
    private readonly string _command = command;
    private readonly JournalReader _reader = new(location);

    /// <summary>The current instance of a name, folded; null when there is none.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public static StudyState? Find(StoreLocation location, string name)
    {
        var reader = new JournalReader(location);
        return StudyId.Current(reader.StudyIds(), name) is { } id
            ? reader.Read(id).Aggregate((StudyState?)null, Study.Apply)
            : null;
    }

    public Task<IReadOnlyList<string>> StudyIds(CancellationToken cancel) => Task.FromResult(_reader.StudyIds());

    public Task<IReadOnlyList<StudyEvent>> Events(string id, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<StudyEvent>>([.. _reader.Read(id)]);

    public async Task<(StudyState Before, IReadOnlyList<StudyEvent> Events)> Carry(string id, StudyCommand command, CancellationToken cancel)
    {
        using var held = StoreLock.Acquire(location, _command, time);
        using var store = StudyStore.OpenForWriting(location);
        var before = _reader.Read(id).Aggregate((StudyState?)null, Study.Apply)
            ?? throw new InvalidOperationException($"Study {id} has no event.");
        // What it will decide is known beforehand: where that is nothing nobody need be asked.
        var decision = new Decision(before, new DecisionContext(
            time.GetUtcNow(), before.Elapsed, [], 0, StrategySize.Of(before), PrunerFactory.Create(before.Spec), _ => false, _ => 0, Rng.FreshId));
        StudyDecisions.Decide(decision, command);
        if (decision.Events.Count == 0)
        {
            return (before, []);
        }

        await using var node = LocalNode.Create(store);
        node.Start(location.Blobs(BlobQuota.FromEnvironment(), time), location.CheckpointsDirectory, slots: 0, time);
        var updates = node.OpenStudy(id, [command]);
        await foreach (var update in updates.ReadAllAsync(cancel).ConfigureAwait(false))
        {
            if (update is StudyUpdate.Changed { Events: { Count: > 0 } events })
            {
                return (before, events);
            }
        }

        throw new StoreException($"Study {id} stopped without saying why.", "Give the same command again; the log in .tuning/logs has more.");
    }

    public Task Delete(string id, CancellationToken cancel)
    {
        using var held = StoreLock.Acquire(location, _command, time);
        using var store = StudyStore.OpenForWriting(location);
        Remove(id, location, store, location.Blobs(BlobQuota.FromEnvironment(), time));
        return Task.CompletedTask;
    }

    /// <summary>Deletes one study whose actor does not run. The caller holds the store's lock.</summary>
    public static void Remove(string id, StoreLocation location, StudyStore store, IBlobStore blobs)
    {
        store.Delete([id]);
        foreach (var blob in blobs.OwnedBy(id))
        {
            blobs.Release(id, blob);
        }

        blobs.ReleaseCheckpoints(owner => owner.Study == id);
        var checkpoints = Path.Combine(location.CheckpointsDirectory, id);
        if (Directory.Exists(checkpoints))
        {
            Directory.Delete(checkpoints, recursive: true);
        }
    }
}
