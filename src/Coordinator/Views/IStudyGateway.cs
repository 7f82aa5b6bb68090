using TuningCluster.Coordinator.Search.Importance;

namespace TuningCluster.Coordinator.Views;

/// <summary>
/// The one door verbs and endpoints use: a live study in this process, a coordinator over HTTP, or a read-only fold of the store.
/// </summary>
public interface IStudyGateway
{
    /// <summary>The current instance of every name, by name.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    Task<IReadOnlyList<StudyView>> Studies(CancellationToken cancel);

    /// <returns>Null when there is no study of that name.</returns>
    Task<StudyView?> Show(string name, CancellationToken cancel);

    /// <summary>By number; null when there is no study of that name.</summary>
    Task<IReadOnlyList<TrialView>?> Trials(string name, CancellationToken cancel);

    /// <returns>Null when there is no study of that name.</returns>
    Task<AuditReport?> Audit(string name, CancellationToken cancel);

    /// <summary>Which parameters matter, the most important first; null when there is no such study.</summary>
    Task<IReadOnlyList<ParameterShare>?> Importance(string name, CancellationToken cancel);

    /// <summary>Every suggestion drawn again; null when there is no such study.</summary>
    Task<ReplayReport?> Replay(string name, CancellationToken cancel);

    /// <summary>Pauses, resumes, stops or extends a study, or has sets of parameters tried.</summary>
    /// <returns>The study afterwards; null when there is none of that name.</returns>
    /// <exception cref="ConflictException">It is not in a state for that.</exception>
    /// <exception cref="StoreException">Another process writes the store.</exception>
    Task<StudyView?> Act(string name, StudyAction action, CancellationToken cancel);

    /// <summary>Has every failed trial run again, when the study next runs.</summary>
    /// <returns>Null when there is no study of that name.</returns>
    /// <exception cref="StoreException">Another process writes the store.</exception>
    Task<RetryReport?> RetryFailed(string name, CancellationToken cancel);

    /// <summary>Deletes every instance of a study: journal, snapshots and blobs.</summary>
    /// <returns>False when there is no study of that name.</returns>
    Task<bool> Delete(string name, CancellationToken cancel);
}

/// <summary>What came of having failed trials run again.</summary>
/// <param name="Retried">Numbers of the failed trials that will be run again.</param>
/// <param name="Outside">Numbers of failed trials that are no part of the space since it was widened: they stay as they are.</param>
/// <param name="End">Why the study would end all the same, so that nothing was done; null when it goes on or nothing failed.</param>
/// <param name="IsPopulation">A population makes up for a failed turn itself, so nothing of it is run again.</param>
public sealed record RetryReport(IReadOnlyList<int> Retried, IReadOnlyList<int> Outside, string? End, bool IsPopulation = false);

/// <summary>The store is locked, read-only, newer than this program, damaged or not reachable: exit 4.</summary>
/// <param name="message">What, where and why.</param>
/// <param name="hint">What to type.</param>
public sealed class StoreException(string message, string hint, Exception? inner = null) : Exception(message, inner)
{
    public string Hint { get; } = hint;
}
