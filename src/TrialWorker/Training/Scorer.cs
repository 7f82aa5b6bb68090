using TuningCluster.Shared.Studies;
using TuningCluster.TrialWorker.Data;
using TuningCluster.TrialWorker.Kernels;
using TuningCluster.TrialWorker.Networks;

namespace TuningCluster.TrialWorker.Training;

/// <summary>How well a network does on a part of the data, in the target's own units.</summary>
/// <param name="Loss">Mean over the rows of the training loss; mse × scale², mae × scale.</param>
/// <param name="Accuracy">Share of rows whose class is predicted right; NaN for regression.</param>
/// <param name="MeanAbsoluteError">NaN for classification.</param>
/// <param name="RootMeanSquaredError">NaN for classification.</param>
public readonly record struct PartScore(double Loss, double Accuracy, double MeanAbsoluteError, double RootMeanSquaredError);

/// <summary>Scores a network on parts of the data, block by block; allocates nothing after construction.</summary>
public sealed unsafe class Scorer
{
    /// <summary>Rows scored at a time: enough to fill the kernels' tiles, few enough for the layers to stay in the cache.</summary>
    public const int BlockRows = 256;

    private readonly DataSet _data;
    private readonly LossKind _loss;
    private readonly NetworkPass _pass;
    private readonly TargetBlock _targets;
    private readonly RowTable _input;

    /// <param name="maxRows">Rows of the largest part that will be scored.</param>
    public Scorer(Network network, DataSet data, LossKind loss, int maxRows)
    {
        _data = data;
        _loss = loss;
        var block = Math.Max(1, Math.Min(BlockRows, maxRows));
        _pass = new NetworkPass(network, block, backward: false);
        _targets = new TargetBlock(block, _pass.OutputStride, loss);
        _input = new RowTable(block);
    }

    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set.</exception>
    public PartScore Score(DataPart part, CancellationToken stop)
    {
        var loss = 0.0;
        var right = 0L;
        var absolute = 0.0;
        var squared = 0.0;
        for (var start = 0; start < part.Rows; start += _pass.MaxRows)
        {
            stop.ThrowIfCancellationRequested();
            var rows = Math.Min(_pass.MaxRows, part.Rows - start);
            Forward(part, start, rows);
            _targets.Slice(part, start, rows);
            loss += _loss.Sum(rows, _data.OutputWidth, _pass.Outputs, _pass.OutputStride, _targets, default);
            for (var i = 0; i < rows; i++)
            {
                var outputs = _pass.Outputs.Slice(i * _pass.OutputStride, _data.OutputWidth);
                if (_data.Task == LearningTask.Classification)
                {
                    right += LargestAt(outputs) == part.Labels[start + i] ? 1 : 0;
                }
                else
                {
                    var error = (double)outputs[0] - part.Targets[start + i];
                    absolute += Math.Abs(error);
                    squared += error * error;
                }
            }
        }

        double scale = _data.TargetScales[0];
        var mean = loss / part.Rows * _loss.Unit(scale);
        return _data.Task == LearningTask.Classification
            ? new PartScore(mean, (double)right / part.Rows, double.NaN, double.NaN)
            : new PartScore(mean, double.NaN, absolute / part.Rows * scale, Math.Sqrt(squared / part.Rows) * scale);
    }

    private void Forward(DataPart part, int start, int rows)
    {
        fixed (float* features = part.Features)
        {
            for (var i = 0; i < rows; i++)
            {
                _input.Pointer[i] = features + ((nint)(start + i) * part.Width);
            }

            _pass.Forward(rows, _input.Pointer);
        }
    }

    /// <summary>The first of the largest.</summary>
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
