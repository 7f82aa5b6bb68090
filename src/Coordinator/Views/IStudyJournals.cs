using TuningCluster.Coordinator.Studies;

namespace TuningCluster.Coordinator.Views;

/// <summary>What a read-only fold needs of a store.</summary>
public interface IStudyJournals
{
    /// <summary>Internal ids of every study in the store, archived instances included; empty when there is no store.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    Task<IReadOnlyList<string>> StudyIds(CancellationToken cancel);

    /// <summary>The whole journal of one study, in order.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    Task<IReadOnlyList<StudyEvent>> Events(string id, CancellationToken cancel);

    /// <summary>Has a study decide on a command while nobody trains. Takes the store's lock.</summary>
    /// <returns>The study before, and what it decided, which is in the journal.</returns>
    /// <exception cref="StoreException">Another process writes the store.</exception>
    Task<(StudyState Before, IReadOnlyList<StudyEvent> Events)> Carry(string id, StudyCommand command, CancellationToken cancel);

    /// <summary>Deletes one study: journal, snapshots and blobs. Takes the store's lock.</summary>
    /// <exception cref="StoreException">Another process writes the store.</exception>
    Task Delete(string id, CancellationToken cancel);
}
