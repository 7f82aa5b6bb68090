using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Protocol.Serialization;
using TuningCluster.Shared.Studies;
using static TuningCluster.Coordinator.Persistence.StoredValues;
using static TuningCluster.Shared.Protocol.Serialization.WireValues;

namespace TuningCluster.Coordinator.Persistence;

/// <summary>Each event, to <c>journal.proto</c> and back: one pair of methods an event.</summary>
internal static class StoredEvents
{
    public static Stored.StudyCreated Write(StudyCreated e) => new() { Moment = WriteMoment(e), Id = e.Id, Spec = WriteSpec(e.Spec), Prior = { e.Prior.Select(Write) } };

    public static StudyCreated Read(Stored.StudyCreated e) => new StudyCreated(e.Id, ReadSpec(e.Spec)) { Prior = [.. e.Prior.Select(Read)] }.At(e.Moment);

    public static Stored.PriorTrial Write(PriorTrial trial)
    {
        var written = new Stored.PriorTrial { Parameters = WireValues.Write(trial.Parameters), Metrics = { WireValues.Write(trial.Metrics) } };
        if (trial.Value is { } value)
        {
            written.Value = value;
        }

        return written;
    }

    public static PriorTrial Read(Stored.PriorTrial trial) => new(
        WireValues.Read(trial.Parameters), trial.HasValue ? trial.Value : null, trial.Metrics.Count == 0 ? Trial.NoMetrics : WireValues.Read(trial.Metrics));

    public static Stored.TrialSuggested Write(TrialSuggested e)
    {
        var written = new Stored.TrialSuggested
        {
            Moment = WriteMoment(e),
            Number = e.Number,
            Parameters = WireValues.Write(e.Parameters),
            Enqueued = e.Enqueued,
            HistorySequence = e.HistorySequence,
            Sampler = e.Sampler,
            SettingsHash = e.SettingsHash,
        };
        if (e.Segment is { } segment)
        {
            written.Segment = WireValues.Write(segment);
        }

        if (e.CopyOf is { } original)
        {
            written.CopyOf = original;
        }

        return written;
    }

    public static TrialSuggested Read(Stored.TrialSuggested e) =>
        new TrialSuggested(e.Number, WireValues.Read(e.Parameters), e.Enqueued, e.HistorySequence, e.Sampler, e.SettingsHash)
        {
            Segment = WireValues.Read(e.Segment),
            CopyOf = e.HasCopyOf ? e.CopyOf : null,
        }.At(e.Moment);

    public static Stored.TrialStarted Write(TrialStarted e) => new()
    {
        Moment = WriteMoment(e),
        Number = e.Number,
        Attempt = e.Attempt,
        Lease = e.Lease,
        Worker = e.Worker,
        Incarnation = e.Incarnation,
    };

    public static TrialStarted Read(Stored.TrialStarted e) =>
        new TrialStarted(e.Number, e.Attempt, e.Lease, e.Worker, e.Incarnation).At(e.Moment);

    public static Stored.ReportsRecorded Write(ReportsRecorded e) =>
        new() { Moment = WriteMoment(e), Number = e.Number, Attempt = e.Attempt, Values = WireValues.Write(e.Values) };

    public static ReportsRecorded Read(Stored.ReportsRecorded e) =>
        new ReportsRecorded(e.Number, e.Attempt, WireValues.Read(e.Values)).At(e.Moment);

    public static Stored.TrialCompleted Write(TrialCompleted e)
    {
        var written = new Stored.TrialCompleted
        {
            Moment = WriteMoment(e),
            Number = e.Number,
            Attempt = e.Attempt,
            Value = e.Value,
            Curve = WireValues.Write(e.Curve),
            Metrics = { WireValues.Write(e.Metrics) },
        };
        if (e.Model is { } model)
        {
            written.Model = model;
        }

        return written;
    }

    public static TrialCompleted Read(Stored.TrialCompleted e) => new TrialCompleted(
        e.Number,
        e.Attempt,
        Required(e.HasValue, e.Value, "value"),
        WireValues.Read(e.Curve),
        WireValues.Read(e.Metrics),
        e.HasModel ? e.Model : null).At(e.Moment);

    public static Stored.TrialPruned Write(TrialPruned e) => new()
    {
        Moment = WriteMoment(e),
        Number = e.Number,
        Attempt = e.Attempt,
        Step = e.Step,
        Curve = WireValues.Write(e.Curve),
        Metrics = { WireValues.Write(e.Metrics) },
    };

    public static TrialPruned Read(Stored.TrialPruned e) =>
        new TrialPruned(e.Number, e.Attempt, e.Step, WireValues.Read(e.Curve), WireValues.Read(e.Metrics)).At(e.Moment);

    public static Stored.TrialPaused Write(TrialPaused e) => new()
    {
        Moment = WriteMoment(e),
        Number = e.Number,
        Attempt = e.Attempt,
        Step = e.Step,
        Checkpoint = e.Checkpoint,
        Curve = WireValues.Write(e.Curve),
    };

    public static TrialPaused Read(Stored.TrialPaused e) =>
        new TrialPaused(e.Number, e.Attempt, e.Step, e.Checkpoint, WireValues.Read(e.Curve)).At(e.Moment);

    public static Stored.TrialFailed Write(TrialFailed e) => new()
    {
        Moment = WriteMoment(e),
        Number = e.Number,
        Attempt = e.Attempt,
        Reason = WireValues.Write(e.Reason),
        Message = e.Message,
        Curve = WireValues.Write(e.Curve),
        Metrics = { WireValues.Write(e.Metrics) },
    };

    public static TrialFailed Read(Stored.TrialFailed e) => new TrialFailed(
        e.Number, e.Attempt, WireValues.Read(e.Reason), e.Message, WireValues.Read(e.Curve), WireValues.Read(e.Metrics)).At(e.Moment);

    public static Stored.TrialDiverged Write(TrialDiverged e) => new()
    {
        Moment = WriteMoment(e),
        Number = e.Number,
        Attempt = e.Attempt,
        Step = e.Step,
        Message = e.Message,
        Curve = WireValues.Write(e.Curve),
        Metrics = { WireValues.Write(e.Metrics) },
    };

    public static TrialDiverged Read(Stored.TrialDiverged e) =>
        new TrialDiverged(e.Number, e.Attempt, e.Step, e.Message, WireValues.Read(e.Curve), WireValues.Read(e.Metrics)).At(e.Moment);

    public static Stored.TrialCancelled Write(TrialCancelled e) => new() { Moment = WriteMoment(e), Number = e.Number, Reason = e.Reason };

    public static TrialCancelled Read(Stored.TrialCancelled e) => new TrialCancelled(e.Number, e.Reason).At(e.Moment);

    public static Stored.TrialReleased Write(TrialReleased e) => new()
    {
        Moment = WriteMoment(e),
        Number = e.Number,
        Attempt = e.Attempt,
        Cause = StoredValues.Write(e.Cause),
        Step = e.Step,
        Message = e.Message,
    };

    public static TrialReleased Read(Stored.TrialReleased e) =>
        new TrialReleased(e.Number, e.Attempt, StoredValues.Read(e.Cause), e.Step, e.Message).At(e.Moment);

    public static Stored.TrialEnqueued Write(TrialEnqueued e)
    {
        var written = new Stored.TrialEnqueued { Moment = WriteMoment(e), Parameters = WireValues.Write(e.Parameters) };
        if (e.RetryOf is { } number)
        {
            written.RetryOf = number;
        }

        return written;
    }

    public static TrialEnqueued Read(Stored.TrialEnqueued e) =>
        new TrialEnqueued(WireValues.Read(e.Parameters)) { RetryOf = e.HasRetryOf ? e.RetryOf : null }.At(e.Moment);

    public static Stored.StudyPaused Write(StudyPaused e) => new() { Moment = WriteMoment(e), Reason = e.Reason };

    public static StudyPaused Read(Stored.StudyPaused e) => new StudyPaused(e.Reason).At(e.Moment);

    public static Stored.StudyResumed Write(StudyResumed e) => new() { Moment = WriteMoment(e) };

    public static StudyResumed Read(Stored.StudyResumed e) => new StudyResumed().At(e.Moment);

    public static Stored.StudyExtended Write(StudyExtended e)
    {
        var written = new Stored.StudyExtended
        {
            Moment = WriteMoment(e),
            Budget = StoredBudget.Write(e.Budget),
            Limits = StoredBudget.Write(e.Limits),
            ParallelThreads = e.Parallel.Threads,
            RetryAttempts = e.Retry.Attempts,
        };
        if (e.Parallel.Trials is { } trials)
        {
            written.ParallelTrials = trials;
        }

        return written;
    }

    public static StudyExtended Read(Stored.StudyExtended e) => new StudyExtended(
        StoredBudget.Read(e.Budget),
        StoredBudget.Read(e.Limits),
        new ParallelSpec(e.HasParallelTrials ? e.ParallelTrials : null, e.ParallelThreads),
        new RetrySpec(e.RetryAttempts)).At(e.Moment);

    public static Stored.SpaceWidened Write(SpaceWidened e) => new() { Moment = WriteMoment(e), Spec = WriteSpec(e.Spec) };

    public static SpaceWidened Read(Stored.SpaceWidened e) => new SpaceWidened(ReadSpec(e.Spec)).At(e.Moment);

    public static Stored.ReevaluationBegun Write(ReevaluationBegun e) => new() { Moment = WriteMoment(e), Reason = StoredValues.Write(e.Reason), Trials = { e.Trials } };

    public static ReevaluationBegun Read(Stored.ReevaluationBegun e) => new ReevaluationBegun(StoredValues.Read(e.Reason), [.. e.Trials]).At(e.Moment);

    public static Stored.StudyFinished Write(StudyFinished e)
    {
        var written = new Stored.StudyFinished
        {
            Moment = WriteMoment(e),
            Reason = StoredValues.Write(e.Reason),
            TestMetrics = { WireValues.Write(e.TestMetrics) },
        };
        if (e.Best is { } best)
        {
            written.Best = best;
        }

        return written;
    }

    public static StudyFinished Read(Stored.StudyFinished e) =>
        new StudyFinished(StoredValues.Read(e.Reason), e.HasBest ? e.Best : null, WireValues.Read(e.TestMetrics)).At(e.Moment);
}
