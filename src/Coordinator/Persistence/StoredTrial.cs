using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Protocol.Serialization;
using TuningCluster.Shared.Trials;
using static TuningCluster.Coordinator.Persistence.StoredValues;

namespace TuningCluster.Coordinator.Persistence;

/// <summary>A folded trial, to <c>snapshot.proto</c> and back.</summary>
internal static class StoredTrial
{
    public static Stored.Trial Write(Trial trial)
    {
        var written = new Stored.Trial
        {
            Number = trial.Number,
            Parameters = WireValues.Write(trial.Parameters),
            Enqueued = trial.Enqueued,
            State = Write(trial.State),
            Attempts = trial.Attempts,
            Losses = trial.Losses,
            ReachedStep = trial.ReachedStep,
            TrainingErrors = trial.TrainingErrors,
            PausedAt = trial.PausedAt,
            Curve = WireValues.Write(trial.Curve),
            Metrics = { WireValues.Write(trial.Metrics) },
        };
        if (trial.Segment is { } segment)
        {
            written.Segment = WireValues.Write(segment);
        }

        if (trial.Lease is { } lease)
        {
            written.Lease = new Stored.Lease { Id = lease.Id, Worker = lease.Worker, Incarnation = lease.Incarnation };
        }

        if (trial.Value is { } value)
        {
            written.Value = value;
        }

        if (trial.Model is { } model)
        {
            written.Model = model;
        }

        if (trial.Checkpoint is { } checkpoint)
        {
            written.Checkpoint = checkpoint;
        }

        if (trial.StartedAt is { } started)
        {
            written.StartedAt = WriteTime(started);
        }

        if (trial.FinishedAt is { } finished)
        {
            written.FinishedAt = WriteTime(finished);
        }

        if (trial.RetryOf is { } failed)
        {
            written.RetryOf = failed;
        }

        if (trial.CopyOf is { } original)
        {
            written.CopyOf = original;
        }

        if (trial.HeldSince != trial.Attempts)
        {
            written.HeldSince = trial.HeldSince;
        }

        if (trial.Reason is { } reason)
        {
            written.Reason = reason;
        }

        return written;
    }

    public static Trial Read(Stored.Trial t) => new()
    {
        Number = t.Number,
        Parameters = WireValues.Read(t.Parameters),
        Enqueued = t.Enqueued,
        RetryOf = t.HasRetryOf ? t.RetryOf : null,
        CopyOf = t.HasCopyOf ? t.CopyOf : null,
        Segment = WireValues.Read(t.Segment),
        State = Read(t.State),
        Attempts = t.Attempts,
        HeldSince = t.HasHeldSince ? t.HeldSince : t.Attempts,
        Lease = t.Lease is { } lease ? new Lease(lease.Id, lease.Worker, lease.Incarnation) : null,
        Losses = t.Losses,
        ReachedStep = t.ReachedStep,
        TrainingErrors = t.TrainingErrors,
        PausedAt = t.PausedAt,
        Value = t.HasValue ? t.Value : null,
        Curve = WireValues.Read(t.Curve),
        Metrics = t.Metrics.Count == 0 ? Trial.NoMetrics : WireValues.Read(t.Metrics),
        Model = t.HasModel ? t.Model : null,
        Checkpoint = t.HasCheckpoint ? t.Checkpoint : null,
        StartedAt = t.HasStartedAt ? ReadTime(t.StartedAt) : null,
        FinishedAt = t.HasFinishedAt ? ReadTime(t.FinishedAt) : null,
        Reason = t.HasReason ? t.Reason : null,
    };

    private static Stored.TrialState Write(TrialState state) => state switch
    {
        TrialState.Waiting => Stored.TrialState.Waiting,
        TrialState.Running => Stored.TrialState.Running,
        TrialState.Paused => Stored.TrialState.Paused,
        TrialState.Complete => Stored.TrialState.Complete,
        TrialState.Pruned => Stored.TrialState.Pruned,
        TrialState.Failed => Stored.TrialState.Failed,
        TrialState.Diverged => Stored.TrialState.Diverged,
        TrialState.Cancelled => Stored.TrialState.Cancelled,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Has no place in snapshot.proto."),
    };

    private static TrialState Read(Stored.TrialState written) => written switch
    {
        Stored.TrialState.Waiting => TrialState.Waiting,
        Stored.TrialState.Running => TrialState.Running,
        Stored.TrialState.Paused => TrialState.Paused,
        Stored.TrialState.Complete => TrialState.Complete,
        Stored.TrialState.Pruned => TrialState.Pruned,
        Stored.TrialState.Failed => TrialState.Failed,
        Stored.TrialState.Diverged => TrialState.Diverged,
        Stored.TrialState.Cancelled => TrialState.Cancelled,
        _ => throw WireValues.Unknown("trial state", written),
    };
}
