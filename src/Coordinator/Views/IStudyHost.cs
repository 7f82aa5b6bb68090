using TuningCluster.Shared.Blobs;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Views;

/// <summary>A gateway behind which studies are run: a coordinator, in this process or over HTTP.</summary>
public interface IStudyHost : IStudyGateway
{
    /// <summary>Trials of external studies.</summary>
    IAskTell AskTell { get; }

    /// <summary>Creates a study or goes on with the one of that name, as <c>tuning run</c> does.</summary>
    /// <param name="spec">Checked; its data known by hash.</param>
    /// <param name="fresh">Archives a study of that name and begins anew.</param>
    /// <returns>The study, and whether it was created.</returns>
    /// <exception cref="SpecException">It does not fit its data, or a fixed part changed.</exception>
    Task<(StudyView Study, bool Created)> Submit(StudySpec spec, bool fresh, CancellationToken cancel);

    /// <summary>Some trials of a study, by number.</summary>
    /// <param name="from">Number of the first one; ≥ 0.</param>
    /// <param name="count">At most so many; ≥ 1.</param>
    /// <returns>Null when there is no study of that name.</returns>
    Task<TrialPage?> TrialPage(string name, int from, int count, CancellationToken cancel);

    /// <summary>Returns when store and coordinator answer.</summary>
    /// <exception cref="StoreException">One of them does not.</exception>
    Task Ready(CancellationToken cancel);

    /// <summary>What the studies that were open since this process was started have to do; reads nothing.</summary>
    IReadOnlyList<StudyLoad> Load { get; }

    /// <summary>Workers that were heard of lately, by name.</summary>
    Task<IReadOnlyList<WorkerView>> Workers(CancellationToken cancel);

    /// <summary>Has a worker hand back what it holds and take nothing more.</summary>
    /// <returns>False when there is no such worker.</returns>
    Task<bool> DrainWorker(string name, CancellationToken cancel);

    /// <summary>The journal of a study from an event on, and what happens afterwards, until the study has ended.</summary>
    /// <param name="after">Sequence number of the last event known; 0 for all.</param>
    /// <returns>Null when there is no study of that name.</returns>
    Task<IAsyncEnumerable<NumberedEvent>?> Events(string name, long after, CancellationToken cancel);

    /// <summary>The search space of a study as it is now; null when there is none of that name.</summary>
    Task<SearchSpace?> Space(string name, CancellationToken cancel);

    /// <summary>Keeps a data set or weights.</summary>
    /// <param name="owner">Id of the study whose weights they are, or a checkpoint's, which then replaces the one before; null for a data set that no study has yet.</param>
    /// <exception cref="InvalidDataException">The content has another hash.</exception>
    Task PutBlob(string sha256, byte[] content, string? owner, CancellationToken cancel);

    /// <returns>Null when it is not there.</returns>
    Task<byte[]?> GetBlob(string sha256, CancellationToken cancel);

    Task<bool> HasBlob(string sha256, CancellationToken cancel);

    /// <summary>The blobs that are a checkpoint: one, or none.</summary>
    Task<IReadOnlyList<string>> CheckpointBlobs(CheckpointOwner owner, CancellationToken cancel);

    /// <summary>A checkpoint is not needed any more.</summary>
    Task ReleaseCheckpoint(CheckpointOwner owner, string sha256, CancellationToken cancel);
}

/// <param name="Counts">Every trial state's word, with its number of trials.</param>
/// <param name="Pending">Trials that would start at once, were there slots for them.</param>
public sealed record StudyLoad(string Study, IReadOnlyDictionary<string, int> Counts, int Pending);

/// <param name="Total">Trials of the study.</param>
public sealed record TrialPage(IReadOnlyList<TrialView> Items, int Total);

/// <param name="Sequence">Its number in the study's journal, from 1.</param>
public sealed record NumberedEvent(long Sequence, StudyEvent Event);

/// <param name="Name">Stable over restarts.</param>
/// <param name="Slots">Training threads; 0 while it drains.</param>
/// <param name="Running">Trials it holds.</param>
/// <param name="HeartbeatAge">Since it was last heard of.</param>
public sealed record WorkerView(string Name, string Incarnation, int Slots, int Running, TimeSpan HeartbeatAge);
