using System.Runtime.Serialization;
using TuningCluster.Coordinator.Studies;

namespace TuningCluster.Coordinator.Persistence;

/// <summary>A study's state to its snapshot and back.</summary>
public static class SnapshotMapper
{
    private const int NoRetry = -1;

    /// <summary>Everything but the trials in <see cref="StudyState.Blocks"/>.</summary>
    public static StudySnapshot ToSnapshot(StudyState state)
    {
        var covered = state.Blocks.Count * FinishedBlocks.Size;
        return new StudySnapshot(
            state.Id,
            state.Spec,
            state.Phase,
            state.FinishReason,
            state.Sequence,
            state.Elapsed,
            state.CreatedAt,
            state.UpdatedAt,
            state.Counts,
            state.Sampled,
            state.Best,
            state.SinceBest,
            [.. state.Enqueued.Select(queued => queued.Parameters)],
            state.TestMetrics,
            state.Blocks,
            [.. state.Finished.GetRange(covered, state.Finished.Count - covered).Select(number => state.Trials[number])],
            [.. state.OpenTrials])
        {
            WidenedAt = state.WidenedAt,
            Older = state.Older,
            Retried = [.. state.Retried],
            Reevaluation = state.Reevaluation,
            Prior = [.. state.Prior.Select(t => new PriorTrial(t.Parameters, t.Value, t.Metrics))],
            EnqueuedRetryOf = state.Enqueued.Exists(queued => queued.RetryOf is not null) ? [.. state.Enqueued.Select(queued => queued.RetryOf ?? NoRetry)] : [],
        };
    }

    /// <summary>The state the snapshot was taken of.</summary>
    /// <param name="readBlock">The bytes of a block by its id.</param>
    /// <exception cref="SerializationException">Blocks and snapshot do not hold every trial exactly once.</exception>
    public static StudyState Restore(StudySnapshot snapshot, Func<string, byte[]> readBlock)
    {
        Trial[] finished = [.. snapshot.Blocks.SelectMany(id => FinishedBlocks.Read(id, readBlock(id))), .. snapshot.Finished];
        var trials = new Trial[finished.Length + snapshot.Open.Count];
        foreach (var trial in finished.Concat(snapshot.Open))
        {
            if (trial.Number < 0 || trial.Number >= trials.Length || trials[trial.Number] is not null)
            {
                throw new SerializationException(
                    $"The snapshot of {snapshot.Id} at {snapshot.Sequence} and its blocks do not hold every trial once: see trial {trial.Number}.");
            }

            trials[trial.Number] = TrialWorth.Judge(snapshot.Spec, trial);
        }

        var state = new StudyState
        {
            Id = snapshot.Id,
            Spec = snapshot.Spec,
            Phase = snapshot.Phase,
            FinishReason = snapshot.FinishReason,
            Trials = [.. trials],
            Open = [.. snapshot.Open.Select(t => t.Number)],
            Finished = [.. finished.Select(t => t.Number)],
            Counts = snapshot.Counts,
            Sampled = snapshot.Sampled,
            Best = snapshot.Best,
            SinceBest = snapshot.SinceBest,
            Enqueued = [.. snapshot.Enqueued.Select((set, i) => new QueuedTrial(set, RetryOf(snapshot, i)))],
            Retried = [.. snapshot.Retried],
            Reevaluation = snapshot.Reevaluation,
            Prior = Study.Priors(snapshot.Spec, snapshot.Prior),
            Sequence = snapshot.Sequence,
            Elapsed = snapshot.Elapsed,
            CreatedAt = snapshot.CreatedAt,
            UpdatedAt = snapshot.UpdatedAt,
            TestMetrics = snapshot.TestMetrics,
            Blocks = [.. snapshot.Blocks],
            WidenedAt = snapshot.WidenedAt,
            Older = snapshot.Older,
        };
        return Study.InOrder(state, NumberOrder.Start);
    }

    private static int? RetryOf(StudySnapshot snapshot, int enqueued) =>
        enqueued < snapshot.EnqueuedRetryOf.Count && snapshot.EnqueuedRetryOf[enqueued] is >= 0 and var number ? number : null;
}
