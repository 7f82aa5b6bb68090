using TuningCluster.Shared.Models;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;
using TuningCluster.TrialWorker.Data;
using TuningCluster.TrialWorker.Networks;

namespace TuningCluster.TrialWorker.Training;

/// <summary>How a training ended.</summary>
/// <param name="Outcome">Completed (without a model's address), diverged, or failed for a limit.</param>
/// <param name="Networks">The trained networks, one for each fold and repeat; empty unless completed.</param>
public sealed record TrainingResult(TrialOutcome Outcome, IReadOnlyList<Network> Networks);

/// <summary>Trains the networks of a trial from its settings, the data and a seed: the same three give the same bits on any number of threads.</summary>
/// <remarks>
/// One network for each fold and repeat, epoch by epoch side by side; the objective of an epoch is the mean over them, told after every
/// epoch. With early stopping the value and every metric are those of the epoch with the least validation loss, whose weights come
/// back; without, those of the last epoch. Losses are means over rows; the training loss of an epoch averages the rows as their
/// mini-batches met them, before each step.
/// </remarks>
public sealed class Trainer
{
    /// <param name="data">Training and validation parts are used.</param>
    /// <param name="settings">How to train.</param>
    /// <param name="objective">A metric of <see cref="Metrics"/> that can be one and fits the task.</param>
    /// <param name="limits">Of this trial.</param>
    /// <param name="time">Measures <c>seconds</c> and the time limit.</param>
    /// <param name="threads">Threads that share the work of one trial; ≥ 1.</param>
    /// <exception cref="ArgumentException">The metric is no objective of the task, the loss does not fit the data, or a part has no rows.</exception>
    public Trainer(StudyData data, TrainingSettings settings, ObjectiveSpec objective, LimitsSpec limits, TimeProvider time, int threads = 1)
    {
        var task = data.Folds[0].Task;
        var known = Shared.Models.Metrics.ObjectivesFor(task).Select(m => m.Name).ToArray();
        if (!known.Contains(objective.Metric))
        {
            throw new ArgumentException($"{task} has no objective {objective.Metric}; it has {string.Join(", ", known)}.", nameof(objective));
        }

        foreach (var fold in data.Folds)
        {
            if (settings.Loss.Refuse(task, fold.OutputWidth) is { } why)
            {
                throw new ArgumentException(why, nameof(settings));
            }

            if (fold.Training.Rows == 0 || fold.Validation.Rows == 0)
            {
                throw new ArgumentException(
                    $"The training part has {fold.Training.Rows} rows and the validation part {fold.Validation.Rows}: both need some.", nameof(data));
            }
        }

        (Data, Settings, Metric, Repeats, Limits, Time, Threads) = (data, settings, objective.Metric, objective.Repeats, limits, time, threads);
    }

    internal StudyData Data { get; }

    internal TrainingSettings Settings { get; }

    internal string Metric { get; }

    internal int Repeats { get; }

    internal LimitsSpec Limits { get; }

    internal TimeProvider Time { get; }

    internal int Threads { get; }

    /// <summary>Trains to the end, or up to an epoch.</summary>
    /// <param name="seed">The study's seed.</param>
    /// <param name="number">The trial's number.</param>
    /// <param name="report">Called after each epoch.</param>
    /// <param name="stop">Checked before every mini-batch and every block of validation rows.</param>
    /// <param name="checkpoints">Null for none.</param>
    /// <param name="until">The epoch after which the training is set aside with a checkpoint, unless it is over by then; null to train to the end.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set.</exception>
    /// <exception cref="InvalidDataException">The checkpoint is not one of this trial.</exception>
    public TrainingResult Run(long seed, int number, Action<IntermediateValue> report, CancellationToken stop, CheckpointPlan? checkpoints = null, int? until = null)
    {
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (MemoryEstimate.Refuse(Data, Settings, Repeats, Threads, Limits.MemoryBytes, available) is { } tooLarge)
        {
            return new TrainingResult(new TrialOutcome.Failed(FailureReason.MemoryLimit, tooLarge), []);
        }

        using var session = new TrainingSession(this, seed, number, report, checkpoints, stop);
        return session.Train(until);
    }
}
