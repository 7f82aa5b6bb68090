using System.Runtime.CompilerServices;
using TuningCluster.Shared.Studies;
using TuningCluster.TrialWorker.Data;
using TuningCluster.TrialWorker.Networks;

namespace TuningCluster.TrialWorker.Training;

/// <summary>Scores a network on parts of the data, block by block; allocates nothing after construction.</summary>
public sealed unsafe class Scorer
{
    /// <summary>Rows scored at a time: enough to fill the kernels' tiles, few enough for the layers to stay in the cache.</summary>
    public const int BlockRows = 256;

    private readonly DataSet _data;
    private readonly Loss _loss;
    private readonly NetworkPass _pass;
    private readonly TargetBlock _targets;
    private readonly InputBlock _input;
    private readonly ClassCounts? _counts;
    private readonly RocCurve? _curve;
    private readonly double[] _absolute;
    private readonly double[] _squared;

    /// <param name="loss">As training has it; smoothing and class weights are left out here.</param>
    /// <param name="maxRows">Rows of the largest part that will be scored.</param>
    public Scorer(Network network, DataSet data, Loss loss, int maxRows)
    {
        _data = data;
        _loss = loss.ForScores;
        var block = Math.Max(1, Math.Min(BlockRows, maxRows));
        _pass = new NetworkPass(network, block, backward: false);
        _targets = new TargetBlock(block, _pass.OutputStride, _loss.ReadsNumbers);
        _input = new InputBlock(network, block, backward: false);
        var isClasses = data.Task == LearningTask.Classification;
        _counts = isClasses ? new ClassCounts(data.OutputWidth) : null;
        _curve = isClasses ? new RocCurve(maxRows, _loss.Outputs) : null;
        _absolute = new double[isClasses ? 0 : data.OutputWidth];
        _squared = new double[_absolute.Length];
    }

    /// <param name="withCurve">Whether the area under the ROC curve is wanted, which takes a sort a class.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public PartScore Score(DataPart part, bool withCurve, CancellationToken stop)
    {
        var loss = 0.0;
        _counts?.Clear();
        Array.Clear(_absolute);
        Array.Clear(_squared);
        for (var start = 0; start < part.Rows; start += _pass.MaxRows)
        {
            stop.ThrowIfCancellationRequested();
            var rows = Math.Min(_pass.MaxRows, part.Rows - start);
            Forward(part, start, rows);
            loss += _loss.Sum(rows, _pass.Outputs, _pass.OutputStride, _targets, default);
            for (var i = 0; i < rows; i++)
            {
                var outputs = _pass.Outputs.Slice(i * _pass.OutputStride, _loss.Outputs);
                if (_counts is not null)
                {
                    _counts.Add(part.Labels[start + i], Predicted(outputs));
                    if (withCurve)
                    {
                        Rank(outputs, _curve!.Row(start + i));
                    }
                }
                else
                {
                    AddErrors(outputs, part, start + i);
                }
            }
        }

        var mean = loss / part.Rows * _loss.Unit(_data.TargetScales);
        return _counts is not null
            ? new PartScore(
                mean, _counts.Accuracy, _counts.BalancedAccuracy, _counts.F1, withCurve ? _curve!.Area(part.Labels) : double.NaN,
                double.NaN, double.NaN, double.NaN)
            : Errors(mean, part);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Forward(DataPart part, int start, int rows)
    {
        fixed (float* features = part.Features)
        {
            for (var i = 0; i < rows; i++)
            {
                _input.Set(part, i, start + i, features);
                _targets.Set(part, i, start + i);
            }

            _pass.Forward(rows, _input.Rows);
        }
    }

    private int Predicted(ReadOnlySpan<float> outputs) => _loss.IsSingle ? outputs[0] > 0 ? 1 : 0 : LargestAt(outputs);

    /// <summary>With more than two classes a class is ranked by its probability, so that rows with large outputs throughout do not lead.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Rank(ReadOnlySpan<float> outputs, Span<float> scores)
    {
        if (_loss.IsSingle)
        {
            scores[0] = outputs[0];
            return;
        }

        if (outputs.Length == 2)
        {
            scores[1] = outputs[1] - outputs[0];
            return;
        }

        outputs.CopyTo(scores);
        if (_loss.Kind != LossKind.CrossEntropy)
        {
            return;
        }

        var max = outputs[LargestAt(outputs)];
        var sum = 0.0;
        foreach (var z in outputs)
        {
            sum += Math.Exp(z - max);
        }

        var shift = max + (float)Math.Log(sum);
        foreach (ref var score in scores)
        {
            score -= shift;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddErrors(ReadOnlySpan<float> outputs, DataPart part, int row)
    {
        for (var t = 0; t < _absolute.Length; t++)
        {
            var error = (double)outputs[t] - part.Targets[((long)row * _absolute.Length) + t];
            _absolute[t] += Math.Abs(error);
            _squared[t] += error * error;
        }
    }

    /// <summary>Means over the targets of each one's errors in its own units.</summary>
    private PartScore Errors(double loss, DataPart part)
    {
        var (mae, rmse, r2) = (0.0, 0.0, 0.0);
        var count = _absolute.Length;
        for (var t = 0; t < count; t++)
        {
            double scale = _data.TargetScales[t];
            mae += _absolute[t] / part.Rows * scale;
            rmse += Math.Sqrt(_squared[t] / part.Rows) * scale;
            r2 += Explained(part, t, _squared[t]);
        }

        return new PartScore(loss, double.NaN, double.NaN, double.NaN, double.NaN, mae / count, rmse / count, r2 / count);
    }

    /// <summary>1 − squared errors ÷ squared deviations; of a part without any deviation 1 when nothing is wrong, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Explained(DataPart part, int target, double squaredErrors)
    {
        var count = _absolute.Length;
        var (mean, squares) = (0.0, 0.0);
        for (var i = 0; i < part.Rows; i++)
        {
            var value = part.Targets[((long)i * count) + target];
            var off = value - mean;
            mean += off / (i + 1);
            squares += off * (value - mean);
        }

        return squares > 0 ? 1 - (squaredErrors / squares) : squaredErrors == 0 ? 1 : 0;
    }

    /// <summary>The first of the largest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int LargestAt(ReadOnlySpan<float> values)
    {
        var at = 0;
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] > values[at])
            {
                at = i;
            }
        }

        return at;
    }
}
