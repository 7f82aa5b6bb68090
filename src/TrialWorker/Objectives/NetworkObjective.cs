using Serilog;
using TuningCluster.Shared.Blobs;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;
using TuningCluster.TrialWorker.Data;
using TuningCluster.TrialWorker.Networks;
using TuningCluster.TrialWorker.Training;

namespace TuningCluster.TrialWorker.Objectives;

/// <summary>Trains networks on the study's data; keeps the weights of trials that are no worse than the incumbent.</summary>
/// <remarks>Safe to run for several trials at once: the data is only read.</remarks>
/// <param name="study">The study's id, owner of the weights.</param>
/// <param name="checkpoints">Where unfinished trainings wait.</param>
public sealed class NetworkObjective(
    string study, StudySpec spec, StudyData data, IBlobStore blobs, ICheckpointStore checkpoints, TimeProvider time) : IObjective
{
    /// <summary>How much training an end of the process may cost.</summary>
    private static readonly TimeSpan CheckpointEvery = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The settings do not fit the task: validation should have refused them.</exception>
    /// <exception cref="BlobQuotaException">The weights found no room.</exception>
    public TrialOutcome Run(TrialJob job, Action<IntermediateValue> report, CancellationToken stop)
    {
        var settings = TrainingSettings.Resolve(spec, job.Parameters, data.Folds[0].Task);
        // More threads than cores would only wait for one another; the result does not depend on their number.
        var threads = Math.Min(spec.Parallel.Threads, Environment.ProcessorCount);
        var trainer = new Trainer(data, settings, spec.Objective, spec.Limits, time, threads);
        TrainingResult result;
        try
        {
            result = Train(trainer, job, report, stop);
        }
        catch (ParentStateException lost)
        {
            // Another worker may have what this one lacks: tried again, as long as the retry budget lasts.
            return new TrialOutcome.Failed(FailureReason.TrainingError, lost.Message);
        }
        catch (OutOfMemoryException)
        {
            // The estimate fits this machine, and others have taken the memory meanwhile.
            return new TrialOutcome.Failed(FailureReason.MemoryLimit, FormattableString.Invariant(
                $"The trial needs about {MemoryEstimate.Bytes(data, settings, spec.Objective.Repeats, threads):N0} bytes, and the worker could not get them."));
        }

        if (result.Outcome is not TrialOutcome.Completed completed)
        {
            return result.Outcome;
        }

        // An equal one is kept too: of equals the lower number is the best trial.
        var isWorse = job.Incumbent is { } incumbent && spec.Objective.Direction.IsBetter(incumbent, completed.Value);
        return !isWorse ? completed with { Model = blobs.Put(study, WeightsFormat.Write(result.Networks)) } : completed;
    }

    private TrainingResult Train(Trainer trainer, TrialJob job, Action<IntermediateValue> report, CancellationToken stop)
    {
        var resume = job.IsFirstAttempt ? null : checkpoints.Find(study, job.Number);
        if (resume is not null)
        {
            Log.Information("Study {Study}: trial {Trial} goes on with epoch {Epoch}", study, job.Number, CheckpointFormat.EpochOf(resume));
        }

        try
        {
            return trainer.Run(job.Seed, job.Number, report, stop, Plan(resume), job.Until);
        }
        catch (InvalidDataException other) when (resume is not null)
        {
            // Of another trial under this number (the study was begun afresh), or written by another release: from the start, then.
            Log.Warning("Study {Study}: trial {Trial} begins again: {Reason}", study, job.Number, other.Message);
            checkpoints.Remove(study, job.Number);
            return trainer.Run(job.Seed, job.Number, report, stop, Plan(null), job.Until);
        }

        CheckpointPlan Plan(byte[]? from) => new(from, CheckpointEvery, bytes => checkpoints.Keep(study, job.Number, bytes))
        {
            Segment = job.Segment is { } segment
                ? new SegmentPlan(segment, from is null ? StateOf(segment.Parent) : null, bytes => checkpoints.Leave(study, job.Number, bytes))
                : null,
        };

        byte[]? StateOf(int? parent) => parent is not { } number ? null
            : checkpoints.FindLeft(study, number) ?? throw new ParentStateException(
                $"The checkpoint of trial {number}, from which this trial goes on, is neither on this worker's machine nor with the coordinator.");
    }
}
