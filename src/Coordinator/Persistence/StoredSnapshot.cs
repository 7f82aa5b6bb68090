using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Protocol.Serialization;
using static TuningCluster.Coordinator.Persistence.StoredValues;
using static TuningCluster.Shared.Protocol.Serialization.WireValues;

namespace TuningCluster.Coordinator.Persistence;

/// <summary>A snapshot, to <c>snapshot.proto</c> and back.</summary>
internal static class StoredSnapshot
{
    public static Stored.StudySnapshot Write(StudySnapshot snapshot)
    {
        var written = new Stored.StudySnapshot
        {
            Id = snapshot.Id,
            Spec = WriteSpec(snapshot.Spec),
            Phase = Write(snapshot.Phase),
            FinishReason = snapshot.FinishReason is { } reason ? StoredValues.Write(reason) : Stored.FinishReason.Unspecified,
            Sequence = snapshot.Sequence,
            Elapsed = snapshot.Elapsed.Ticks,
            CreatedAt = WriteTime(snapshot.CreatedAt),
            UpdatedAt = WriteTime(snapshot.UpdatedAt),
            Counts = new Stored.TrialCounts
            {
                Complete = snapshot.Counts.Complete,
                Pruned = snapshot.Counts.Pruned,
                Failed = snapshot.Counts.Failed,
                Diverged = snapshot.Counts.Diverged,
                Cancelled = snapshot.Counts.Cancelled,
                Retried = snapshot.Counts.Retried,
                Copies = snapshot.Counts.Copies,
                FailedCopies = snapshot.Counts.FailedCopies,
            },
            Sampled = snapshot.Sampled,
            SinceBest = snapshot.SinceBest,
            Enqueued = { snapshot.Enqueued.Select(WireValues.Write) },
            TestMetrics = { WireValues.Write(snapshot.TestMetrics) },
            Blocks = { snapshot.Blocks },
            Finished = { snapshot.Finished.Select(StoredTrial.Write) },
            Open = { snapshot.Open.Select(StoredTrial.Write) },
            WidenedAt = snapshot.WidenedAt,
            Older = snapshot.Older,
            Retried = { snapshot.Retried },
            EnqueuedRetryOf = { snapshot.EnqueuedRetryOf },
            Prior = { snapshot.Prior.Select(StoredEvents.Write) },
            ReevaluationReason = snapshot.Reevaluation is { } again ? StoredValues.Write(again.Reason) : Stored.FinishReason.Unspecified,
            Reevaluated = { snapshot.Reevaluation?.Trials ?? [] },
        };
        if (snapshot.Best is { } best)
        {
            written.Best = best;
        }

        return written;
    }

    public static StudySnapshot Read(Stored.StudySnapshot s)
    {
        var counts = Required(s.Counts, "counts");
        return new StudySnapshot(
            s.Id,
            ReadSpec(s.Spec),
            Read(s.Phase),
            s.FinishReason == Stored.FinishReason.Unspecified ? null : StoredValues.Read(s.FinishReason),
            s.Sequence,
            TimeSpan.FromTicks(s.Elapsed),
            ReadTime(s.CreatedAt),
            ReadTime(s.UpdatedAt),
            new TrialCounts(counts.Complete, counts.Pruned, counts.Failed, counts.Diverged, counts.Cancelled) { Retried = counts.Retried, Copies = counts.Copies, FailedCopies = counts.FailedCopies },
            s.Sampled,
            s.HasBest ? s.Best : null,
            s.SinceBest,
            [.. s.Enqueued.Select(WireValues.Read)],
            s.TestMetrics.Count == 0 ? Trial.NoMetrics : WireValues.Read(s.TestMetrics),
            [.. s.Blocks],
            [.. s.Finished.Select(StoredTrial.Read)],
            [.. s.Open.Select(StoredTrial.Read)])
        {
            WidenedAt = s.WidenedAt,
            Older = s.Older,
            Retried = [.. s.Retried],
            EnqueuedRetryOf = [.. s.EnqueuedRetryOf],
            Prior = [.. s.Prior.Select(StoredEvents.Read)],
            Reevaluation = s.ReevaluationReason == Stored.FinishReason.Unspecified ? null : new Reevaluation(StoredValues.Read(s.ReevaluationReason), [.. s.Reevaluated]),
        };
    }

    private static Stored.StudyPhase Write(StudyPhase phase) => phase switch
    {
        StudyPhase.Running => Stored.StudyPhase.Running,
        StudyPhase.Paused => Stored.StudyPhase.Paused,
        StudyPhase.Finished => Stored.StudyPhase.Finished,
        _ => throw new ArgumentOutOfRangeException(nameof(phase), phase, "Has no place in snapshot.proto."),
    };

    private static StudyPhase Read(Stored.StudyPhase written) => written switch
    {
        Stored.StudyPhase.Running => StudyPhase.Running,
        Stored.StudyPhase.Paused => StudyPhase.Paused,
        Stored.StudyPhase.Finished => StudyPhase.Finished,
        _ => throw Unknown("study phase", written),
    };
}
