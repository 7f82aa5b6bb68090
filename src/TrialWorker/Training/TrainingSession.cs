using System.Globalization;
using System.Runtime.CompilerServices;
using TuningCluster.Shared.Models;
using TuningCluster.Shared.Trials;
using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Training;

/// <summary>What one run of a <see cref="Trainer"/> carries from epoch to epoch.</summary>
internal sealed class TrainingSession : IDisposable
{
    /// <summary>Less training than this is not worth a file when told to stop.</summary>
    private static readonly TimeSpan WorthKeeping = TimeSpan.FromMilliseconds(250);

    private readonly Trainer _trainer;
    private readonly TrainingSettings _settings;
    private readonly Action<IntermediateValue> _report;
    private readonly CancellationToken _stop;
    private readonly CheckpointPlan? _checkpoints;
    private readonly ThreadTeam? _team;
    private readonly Member[] _members;
    private readonly PartScore[] _scores;
    private readonly List<IntermediateValue> _curve;
    private readonly string? _validationMetric;
    private readonly SegmentPlan? _segment;
    private readonly int _last;
    private readonly long _seed;
    private readonly int _number;
    private readonly string _network;
    private readonly string _chosen;
    private readonly long _started;
    private long _keptAt;
    private TimeSpan _before;
    private int _epoch = 1;
    private int _member;
    private int _bestEpoch;
    private double _bestLoss = double.PositiveInfinity;
    private double _bestTrainingLoss;

    public TrainingSession(Trainer trainer, long seed, int number, Action<IntermediateValue> report, CheckpointPlan? checkpoints, CancellationToken stop)
    {
        _trainer = trainer;
        _settings = trainer.Settings;
        _report = report;
        _stop = stop;
        _checkpoints = checkpoints;
        _started = _keptAt = trainer.Time.GetTimestamp();
        _team = trainer.Threads > 1 ? new ThreadTeam(trainer.Threads) : null;
        var folds = trainer.Data.Folds;
        _members = new Member[folds.Count * trainer.Repeats];
        for (var i = 0; i < _members.Length; i++)
        {
            _members[i] = new Member(folds[i % folds.Count], _settings, seed, number, i, _team);
        }

        _scores = new PartScore[_members.Length];
        _curve = new List<IntermediateValue>(Math.Min(_settings.Epochs, 4096));
        _validationMetric = trainer.Metric == Metrics.TrainingLoss ? null : trainer.Metric[Metrics.Validation.Length..];
        (_seed, _number) = (seed, number);
        _network = string.Create(CultureInfo.InvariantCulture, $"{_members.Length} {_members[0].Network.Architecture} {_settings.Optimizer.Kind}");
        _chosen = string.Create(CultureInfo.InvariantCulture, $"{_settings with { Hidden = [] }} {checkpoints?.Segment?.Segment}");
        _segment = checkpoints?.Segment;
        _last = _segment?.Segment.Last ?? _settings.Epochs;
        _epoch = (_segment?.Segment.Start ?? 0) + 1;
        if (checkpoints?.Resume is { } bytes)
        {
            Resume(bytes);
        }
        else if (_segment is { Parent: { } parent, Segment: { Parent: { } ancestor, Start: var epochs } })
        {
            GoOnFrom(parent, ancestor, epochs);
        }
    }

    private TimeSpan Elapsed => _before + _trainer.Time.GetElapsedTime(_started);

    private bool Restores => _settings.EarlyStopping > 0;

    public void Dispose() => _team?.Dispose();

    /// <param name="until">The epoch after which it is set aside; null to train to the end.</param>
    public TrainingResult Train(int? until)
    {
        if (_epoch > until)
        {
            // The last attempt came so far, and its outcome was lost.
            return SetAside(until.Value);
        }

        for (; _epoch <= _last; _epoch++)
        {
            if (TrainEpoch() is { } ended)
            {
                return new TrainingResult(ended, []);
            }

            ScoreAll(_validationMetric == Metrics.Auc);
            var (loss, value) = Means();
            if (double.IsFinite(loss) && double.IsNaN(value) && _validationMetric == Metrics.Auc)
            {
                return new TrainingResult(Unjudged(), []);
            }

            if (!double.IsFinite(loss) || !double.IsFinite(value))
            {
                return new TrainingResult(Diverged($"The validation {(double.IsFinite(loss) ? $"objective {_trainer.Metric}" : "loss")} became {Say(double.IsFinite(loss) ? value : loss)} after epoch {_epoch}"), []);
            }

            var point = new IntermediateValue(_epoch, value);
            _curve.Add(point);
            _report(point);
            if (IsOver(loss))
            {
                break;
            }

            if (_epoch >= until && _epoch < _last)
            {
                Keep(_epoch + 1);
                return SetAside(_epoch);
            }

            if (_checkpoints is not null && _epoch < _last && _trainer.Time.GetElapsedTime(_keptAt) >= _checkpoints.Every)
            {
                Keep(_epoch + 1);
            }
        }

        if (_last < _settings.Epochs)
        {
            // Before the outcome is told: whoever hears of it may go on from here.
            _segment!.Leave(State(_last + 1));
        }

        return Finish();
    }

    /// <summary>Every training row of every network once, in a new order.</summary>
    /// <returns>How the trial ended, when it did.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private TrialOutcome? TrainEpoch()
    {
        for (; _member < _members.Length; _member++)
        {
            var member = _members[_member];
            if (member.IsEpochDone)
            {
                member.BeginEpoch();
            }

            while (!member.IsEpochDone)
            {
                if (_stop.IsCancellationRequested)
                {
                    if (_trainer.Time.GetElapsedTime(_keptAt) >= WorthKeeping)
                    {
                        Keep(_epoch);
                    }

                    _stop.ThrowIfCancellationRequested();
                }

                if (_trainer.Limits.Time is { } limit && Elapsed > limit)
                {
                    return OverTime(limit);
                }

                var rate = member.Rate;
                var loss = member.Step();
                if (!double.IsFinite(loss))
                {
                    return Diverged($"The training loss became {Say(loss)} in mini-batch {member.BatchesDone} of {member.Batches} of epoch {_epoch}", rate);
                }
            }
        }

        _member = 0;
        return null;
    }

    private void ScoreAll(bool withCurve)
    {
        for (var i = 0; i < _members.Length; i++)
        {
            _scores[i] = _members[i].Score(withCurve, _stop);
        }
    }

    private (double Loss, double Value) Means()
    {
        var (loss, value) = (0.0, 0.0);
        for (var i = 0; i < _members.Length; i++)
        {
            loss += _scores[i].Loss;
            value += Objective(i);
        }

        return (loss / _members.Length, value / _members.Length);
    }

    private double Objective(int i) => _validationMetric is null ? _members[i].TrainingLoss : _scores[i].Of(_validationMetric);

    /// <summary>Mean over the networks.</summary>
    private double TrainingLoss()
    {
        var sum = 0.0;
        foreach (var member in _members)
        {
            sum += member.TrainingLoss;
        }

        return sum / _members.Length;
    }

    /// <summary>Remembers the best epoch and says whether early stopping has had enough.</summary>
    private bool IsOver(double loss)
    {
        for (var i = 0; i < _members.Length; i++)
        {
            _members[i].EndEpoch(_scores[i].Loss);
        }

        if (!Restores)
        {
            return false;
        }

        if (_bestEpoch > 0 && !(loss < _bestLoss))
        {
            return _epoch - _bestEpoch >= _settings.EarlyStopping;
        }

        (_bestEpoch, _bestLoss, _bestTrainingLoss) = (_epoch, loss, TrainingLoss());
        foreach (var member in _members)
        {
            member.KeepBest();
        }

        return false;
    }

    private TrainingResult SetAside(int epoch) =>
        new(new TrialOutcome.Paused(epoch) { Curve = [.. _curve.TakeWhile(point => point.Step <= epoch)], Metrics = Bare(epoch) }, []);

    private TrainingResult Finish()
    {
        var epochs = Math.Min(_epoch, _last);
        var trainingLoss = Restores ? _bestTrainingLoss : TrainingLoss();
        var value = _curve[^1].Value;
        if (Restores)
        {
            value = _curve[_bestEpoch - 1].Value;
            foreach (var member in _members)
            {
                member.RestoreBest();
            }
        }

        // Once more with every metric: those that take a sort are left out while training.
        ScoreAll(true);
        var metrics = Bare(epochs);
        metrics[Metrics.TrainingLoss] = trainingLoss;
        foreach (var name in PartScore.NamesOf(_trainer.Data.Folds[0].Task))
        {
            var mean = _scores.Average(s => s.Of(name));
            if (double.IsFinite(mean))
            {
                metrics[Metrics.Validation + name] = mean;
            }
        }

        if (_members.Length > 1 && _validationMetric is not null)
        {
            var mean = Enumerable.Range(0, _members.Length).Average(Objective);
            metrics[Metrics.ObjectiveDeviation] = Math.Sqrt(Enumerable.Range(0, _members.Length).Average(i => Math.Pow(Objective(i) - mean, 2)));
        }

        return new TrainingResult(
            new TrialOutcome.Completed(value, null) { Curve = _curve, Metrics = metrics }, [.. _members.Select(m => m.Network)]);
    }

    private TrialOutcome.Failed Unjudged() =>
        new(FailureReason.BadData, $"{_trainer.Metric} is not defined: the rows of a validation part are all of one class. Use more rows, stratify the split, or another objective.")
        {
            Metrics = Bare(_epoch),
        };

    private TrialOutcome.Failed OverTime(TimeSpan limit) =>
        new(FailureReason.TimeLimit, string.Create(CultureInfo.InvariantCulture,
            $"Trained {Elapsed.TotalSeconds:0.###} s up to epoch {_epoch} of {_settings.Epochs}; limits.time is {limit.TotalSeconds:0.###} s."))
        {
            Curve = _curve,
            Metrics = Bare(_epoch),
        };

    private TrialOutcome.Diverged Diverged(string what, double? rate = null) =>
        new(_epoch, string.Create(CultureInfo.InvariantCulture, $"{what}; the learning rate was {rate ?? _members[0].Rate:R}."))
        {
            Curve = _curve,
            Metrics = Bare(_epoch),
        };

    private static string Say(double loss) => double.IsNaN(loss) ? "NaN" : "infinite";

    /// <summary>What is known of a trial that did not complete.</summary>
    private Dictionary<string, double> Bare(int epochs) => new(StringComparer.Ordinal)
    {
        [Metrics.Seconds] = Elapsed.TotalSeconds,
        [Metrics.ParametersCount] = _members[0].Network.ParametersCount,
        [Metrics.Epochs] = Math.Min(epochs, _settings.Epochs),
    };

    /// <param name="epoch">The epoch to go on with.</param>
    private void Keep(int epoch)
    {
        if (_checkpoints is null)
        {
            return;
        }

        _checkpoints.Keep(State(epoch));
        _keptAt = _trainer.Time.GetTimestamp();
    }

    /// <param name="epoch">The epoch to go on with.</param>
    private byte[] State(int epoch)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(CheckpointFormat.Magic);
        writer.Write(_seed);
        writer.Write(_number);
        writer.Write(_network);
        writer.Write(_chosen);
        writer.Write(Elapsed.Ticks);
        writer.Write(epoch);
        writer.Write(_member);
        writer.Write(_bestEpoch);
        writer.Write(_bestLoss);
        writer.Write(_bestTrainingLoss);
        writer.Write(_curve.Count);
        foreach (var point in _curve)
        {
            writer.Write(point.Step);
            writer.Write(point.Value);
        }

        foreach (var member in _members)
        {
            member.Write(writer);
        }

        writer.Flush();
        return stream.ToArray();
    }

    private void Resume(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        try
        {
            if (!IsOf(reader, _number) || reader.ReadString() != _chosen)
            {
                throw new InvalidDataException("The checkpoint is not one of this trial.");
            }

            ReadCourse(reader);
            foreach (var member in _members)
            {
                member.Read(reader);
            }
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("The checkpoint is cut short.", e);
        }
    }

    /// <summary>Begins with the weights and the optimizer that another trial left, and with a course, draws and settings of its own.</summary>
    /// <exception cref="ParentStateException">The bytes are not what that trial left after its last epoch.</exception>
    private void GoOnFrom(byte[] bytes, int parent, int epochs)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        try
        {
            if (!IsOf(reader, parent))
            {
                throw new ParentStateException($"What trial {parent} left is not of this study, or its network is another: this trial cannot go on from it.");
            }

            reader.ReadString();
            ReadCourse(reader);
            if (_epoch != epochs + 1 || _member != 0)
            {
                throw new ParentStateException($"What trial {parent} left is its state before epoch {_epoch}, not after epoch {epochs}: this trial cannot go on from it.");
            }

            _before = TimeSpan.Zero;
            _curve.Clear();
            foreach (var member in _members)
            {
                member.GoOnFrom(reader, epochs);
            }
        }
        catch (EndOfStreamException e)
        {
            throw new ParentStateException($"What trial {parent} left is cut short: this trial cannot go on from it.", e);
        }
    }

    /// <summary>Whether a checkpoint is of that trial of this study, and its networks are like these.</summary>
    private bool IsOf(BinaryReader reader, int number) =>
        CheckpointFormat.Begins(reader) && reader.ReadInt64() == _seed && reader.ReadInt32() == number && reader.ReadString() == _network;

    private void ReadCourse(BinaryReader reader)
    {
        _before = TimeSpan.FromTicks(reader.ReadInt64());
        _epoch = reader.ReadInt32();
        _member = reader.ReadInt32();
        _bestEpoch = reader.ReadInt32();
        _bestLoss = reader.ReadDouble();
        _bestTrainingLoss = reader.ReadDouble();
        for (var points = reader.ReadInt32(); points > 0; points--)
        {
            _curve.Add(new IntermediateValue(reader.ReadInt32(), reader.ReadDouble()));
        }
    }
}
