using System.Globalization;
using TuningCluster.Shared.Models;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;
using TuningCluster.TrialWorker.Data;
using TuningCluster.TrialWorker.Networks;

namespace TuningCluster.TrialWorker.Training;

/// <summary>How a training ended.</summary>
/// <param name="Outcome">Completed (without a model's address), diverged, or failed for a limit.</param>
/// <param name="Network">The trained network; null unless completed.</param>
public sealed record TrainingResult(TrialOutcome Outcome, Network? Network);

/// <summary>Trains one network from its settings, the data and a seed: the same three give the same bits on any thread.</summary>
/// <remarks>
/// The objective is told after every epoch. With early stopping the value and every metric are those of the epoch with the least
/// validation loss, whose weights come back; without, those of the last epoch. Training and validation loss are means over rows, in the
/// target's own units. The training loss of an epoch averages the rows as their mini-batches met them, before each step.
/// </remarks>
public sealed class Trainer
{
    private readonly DataSet _data;
    private readonly TrainingSettings _settings;
    private readonly string _metric;
    private readonly LimitsSpec _limits;
    private readonly TimeProvider _time;

    /// <param name="data">Training and validation parts are used.</param>
    /// <param name="settings">How to train.</param>
    /// <param name="metric">The objective: a metric of <see cref="Metrics"/> that can be one and fits the task.</param>
    /// <param name="limits">Of this trial.</param>
    /// <param name="time">Measures <c>seconds</c> and the time limit.</param>
    /// <exception cref="ArgumentException">The metric is no objective of the task, the loss does not fit it, or a part has no rows.</exception>
    public Trainer(DataSet data, TrainingSettings settings, string metric, LimitsSpec limits, TimeProvider time)
    {
        var known = Metrics.ObjectivesFor(data.Task).Select(m => m.Name).ToArray();
        if (!known.Contains(metric))
        {
            throw new ArgumentException($"{data.Task} has no objective {metric}; it has {string.Join(", ", known)}.", nameof(metric));
        }

        if (data.Task == LearningTask.Regression && settings.Loss.NeedsClasses())
        {
            throw new ArgumentException($"The loss {settings.Loss} compares classes, and the task is regression.", nameof(settings));
        }

        if (data.Training.Rows == 0 || data.Validation.Rows == 0)
        {
            throw new ArgumentException(
                $"The training part has {data.Training.Rows} rows and the validation part {data.Validation.Rows}: both need some.", nameof(data));
        }

        (_data, _settings, _metric, _limits, _time) = (data, settings, metric, limits, time);
    }

    /// <summary>Trains to the end.</summary>
    /// <param name="seed">The study's seed.</param>
    /// <param name="number">The trial's number.</param>
    /// <param name="report">Called after each epoch.</param>
    /// <param name="stop">Checked before every mini-batch and every block of validation rows.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set.</exception>
    public TrainingResult Run(long seed, int number, Action<IntermediateValue> report, CancellationToken stop)
    {
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (MemoryEstimate.Refuse(_data, _settings, _limits.MemoryBytes, available) is { } tooLarge)
        {
            return new TrainingResult(new TrialOutcome.Failed(FailureReason.MemoryLimit, tooLarge), null);
        }

        return new Session(this, seed, number, report, stop).Train();
    }

    /// <summary>The objective among the metrics of one epoch.</summary>
    private double Objective(in PartScore validation, double trainingLoss) => _metric switch
    {
        Metrics.ValidationLoss => validation.Loss,
        Metrics.ValidationAccuracy => validation.Accuracy,
        Metrics.ValidationMae => validation.MeanAbsoluteError,
        Metrics.ValidationRmse => validation.RootMeanSquaredError,
        _ => trainingLoss,
    };

    /// <summary>What one run carries from epoch to epoch.</summary>
    private sealed class Session
    {
        private readonly Trainer _trainer;
        private readonly TrainingSettings _settings;
        private readonly Action<IntermediateValue> _report;
        private readonly CancellationToken _stop;
        private readonly Network _network;
        private readonly Learner _learner;
        private readonly Scorer _scorer;
        private readonly Rng _shuffle;
        private readonly int[] _order;
        private readonly float[] _bestParameters;
        private readonly List<IntermediateValue> _curve;
        private readonly long _started;
        private int _epoch;

        public Session(Trainer trainer, long seed, int number, Action<IntermediateValue> report, CancellationToken stop)
        {
            _trainer = trainer;
            _settings = trainer._settings;
            _report = report;
            _stop = stop;
            _started = trainer._time.GetTimestamp();
            var data = trainer._data;
            _network = new Network(_settings.Architecture(data.InputWidth, data.OutputWidth));
            Initializer.Fill(_network, _settings.Initializer, Rng.For(seed, number, "weights"));
            _learner = new Learner(_network, data.Training, _settings);
            _scorer = new Scorer(_network, data, _settings.Loss, data.Validation.Rows);
            _shuffle = Rng.For(seed, number, "shuffle");
            _order = new int[data.Training.Rows];
            for (var i = 0; i < _order.Length; i++)
            {
                _order[i] = i;
            }

            _bestParameters = _settings.EarlyStopping > 0 ? new float[_network.Parameters.Length] : [];
            _curve = new List<IntermediateValue>(Math.Min(_settings.Epochs, 4096));
        }

        public TrainingResult Train()
        {
            var best = (Epoch: 0, Validation: default(PartScore), TrainingLoss: double.NaN);
            for (_epoch = 1; _epoch <= _settings.Epochs; _epoch++)
            {
                if (TrainEpoch(out var trainingLoss) is { } ended)
                {
                    return new TrainingResult(ended, null);
                }

                var validation = _scorer.Score(_trainer._data.Validation, _stop);
                var value = _trainer.Objective(validation, trainingLoss);
                if (!double.IsFinite(validation.Loss) || !double.IsFinite(value))
                {
                    return new TrainingResult(Diverged($"The validation loss became {Say(validation.Loss)} after epoch {_epoch}"), null);
                }

                var point = new IntermediateValue(_epoch, value);
                _curve.Add(point);
                _report(point);

                var restores = _settings.EarlyStopping > 0;
                if (!restores || best.Epoch == 0 || validation.Loss < best.Validation.Loss)
                {
                    best = (_epoch, validation, trainingLoss);
                    if (restores)
                    {
                        _network.Parameters.CopyTo(_bestParameters);
                    }
                }
                else if (_epoch - best.Epoch >= _settings.EarlyStopping)
                {
                    break;
                }
            }

            if (_bestParameters.Length > 0)
            {
                _bestParameters.CopyTo(_network.Parameters);
            }

            var outcome = new TrialOutcome.Completed(_trainer.Objective(best.Validation, best.TrainingLoss), null)
            {
                Curve = _curve,
                Metrics = MetricsOf(best.Validation, best.TrainingLoss),
            };
            return new TrainingResult(outcome, _network);
        }

        /// <summary>Every training row once, in a new order.</summary>
        /// <returns>How the trial ended, when it did.</returns>
        private TrialOutcome? TrainEpoch(out double trainingLoss)
        {
            _shuffle.Shuffle(_order.AsSpan());
            var sum = 0.0;
            for (var start = 0; start < _order.Length; start += _settings.BatchSize)
            {
                _stop.ThrowIfCancellationRequested();
                if (_trainer._limits.Time is { } limit && Elapsed > limit)
                {
                    trainingLoss = double.NaN;
                    return OverTime(limit);
                }

                var rows = Math.Min(_settings.BatchSize, _order.Length - start);
                var loss = _learner.Step(_order.AsSpan(start, rows));
                if (!double.IsFinite(loss))
                {
                    trainingLoss = double.NaN;
                    var batch = (start / _settings.BatchSize) + 1;
                    var batches = (_order.Length + _settings.BatchSize - 1) / _settings.BatchSize;
                    return Diverged($"The training loss became {Say(loss)} in mini-batch {batch} of {batches} of epoch {_epoch}");
                }

                sum += loss;
            }

            trainingLoss = sum / _order.Length * _settings.Loss.Unit(_trainer._data.TargetScales[0]);
            return null;
        }

        private TimeSpan Elapsed => _trainer._time.GetElapsedTime(_started);

        private TrialOutcome.Failed OverTime(TimeSpan limit) =>
            new(FailureReason.TimeLimit, string.Create(CultureInfo.InvariantCulture,
                $"Trained {Elapsed.TotalSeconds:0.###} s up to epoch {_epoch} of {_settings.Epochs}; limits.time is {limit.TotalSeconds:0.###} s."))
            {
                Curve = _curve,
                Metrics = Bare(),
            };

        private TrialOutcome.Diverged Diverged(string what) =>
            new(_epoch, string.Create(CultureInfo.InvariantCulture, $"{what}; the learning rate was {_settings.LearningRate:R}."))
            {
                Curve = _curve,
                Metrics = Bare(),
            };

        private static string Say(double loss) => double.IsNaN(loss) ? "NaN" : "infinite";

        /// <summary>What is known of a trial that did not complete.</summary>
        private Dictionary<string, double> Bare() => new(StringComparer.Ordinal)
        {
            [Metrics.Seconds] = Elapsed.TotalSeconds,
            [Metrics.ParametersCount] = _network.ParametersCount,
            [Metrics.Epochs] = Math.Min(_epoch, _settings.Epochs),
        };

        private Dictionary<string, double> MetricsOf(in PartScore validation, double trainingLoss)
        {
            var metrics = Bare();
            metrics[Metrics.ValidationLoss] = validation.Loss;
            metrics[Metrics.TrainingLoss] = trainingLoss;
            if (_trainer._data.Task == LearningTask.Classification)
            {
                metrics[Metrics.ValidationAccuracy] = validation.Accuracy;
            }
            else
            {
                metrics[Metrics.ValidationMae] = validation.MeanAbsoluteError;
                metrics[Metrics.ValidationRmse] = validation.RootMeanSquaredError;
            }

            return metrics;
        }
    }
}
