using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Persistence;

/// <summary>A <see cref="StudyState"/> without the trials that are in blocks: its size is bounded by the open trials and one block.</summary>
/// <param name="Blocks">Ids of the blocks of finished trials, oldest first.</param>
/// <param name="Finished">Finished trials in no block yet, in journal order.</param>
/// <param name="Open">Trials that are not final, by number.</param>
public sealed record StudySnapshot(
    string Id,
    StudySpec Spec,
    StudyPhase Phase,
    FinishReason? FinishReason,
    long Sequence,
    TimeSpan Elapsed,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    TrialCounts Counts,
    int Sampled,
    int? Best,
    int SinceBest,
    IReadOnlyList<TrialParameters> Enqueued,
    IReadOnlyDictionary<string, double> TestMetrics,
    IReadOnlyList<string> Blocks,
    IReadOnlyList<Trial> Finished,
    IReadOnlyList<Trial> Open)
{
    /// <summary>See <see cref="StudyState.WidenedAt"/>.</summary>
    public long WidenedAt { get; init; }

    /// <summary>See <see cref="StudyState.Older"/>.</summary>
    public int Older { get; init; }

    /// <summary>See <see cref="StudyState.Retried"/>.</summary>
    public IReadOnlyList<int> Retried { get; init; } = [];

    /// <summary>See <see cref="StudyState.Reevaluation"/>.</summary>
    public Reevaluation? Reevaluation { get; init; }

    /// <summary>See <see cref="StudyCreated.Prior"/>.</summary>
    public IReadOnlyList<PriorTrial> Prior { get; init; } = [];

    /// <summary><see cref="QueuedTrial.RetryOf"/> of each of <see cref="Enqueued"/>, −1 for none; empty when it is none for all.</summary>
    public IReadOnlyList<int> EnqueuedRetryOf { get; init; } = [];
}
