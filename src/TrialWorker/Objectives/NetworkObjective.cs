using TuningCluster.Shared.Blobs;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;
using TuningCluster.TrialWorker.Data;
using TuningCluster.TrialWorker.Networks;
using TuningCluster.TrialWorker.Training;

namespace TuningCluster.TrialWorker.Objectives;

/// <summary>Trains a network on the study's data; keeps the weights of trials that beat the incumbent.</summary>
/// <remarks>Safe to run for several trials at once: the data is only read.</remarks>
/// <param name="study">The study's id, owner of the weights.</param>
public sealed class NetworkObjective(string study, StudySpec spec, DataSet data, IBlobStore blobs, TimeProvider time) : IObjective
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The settings do not fit the task: validation should have refused them.</exception>
    /// <exception cref="BlobQuotaException">The weights found no room.</exception>
    public TrialOutcome Run(TrialJob job, Action<IntermediateValue> report, CancellationToken stop)
    {
        var settings = TrainingSettings.Resolve(spec, job.Parameters, data.Task);
        var trainer = new Trainer(data, settings, spec.Objective.Metric, spec.Limits, time);
        TrainingResult result;
        try
        {
            result = trainer.Run(job.Seed, job.Number, report, stop);
        }
        catch (OutOfMemoryException)
        {
            // The estimate fits this machine, and others have taken the memory meanwhile.
            return new TrialOutcome.Failed(FailureReason.MemoryLimit, FormattableString.Invariant(
                $"The trial needs about {MemoryEstimate.Bytes(data, settings):N0} bytes, and the worker could not get them."));
        }

        if (result.Outcome is not TrialOutcome.Completed completed)
        {
            return result.Outcome;
        }

        var isBetter = job.Incumbent is not { } incumbent || spec.Objective.Direction.IsBetter(completed.Value, incumbent);
        return isBetter ? completed with { Model = blobs.Put(study, WeightsFormat.Write(result.Network!)) } : completed;
    }
}
