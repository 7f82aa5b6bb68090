using System.Runtime.CompilerServices;
using TuningCluster.TrialWorker.Data;
using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Networks;

/// <summary>The targets of a block of rows in the form a loss reads: class indices, or numbers laid out like the outputs.</summary>
/// <remarks>Numbers are one-hot for classes; columns past the outputs stay zero.</remarks>
public sealed class TargetBlock
{
    private readonly int _stride;
    private readonly int[] _labels;
    private readonly AlignedBuffer? _dense;

    /// <param name="maxRows">Rows the block can hold.</param>
    /// <param name="stride">Floats from one row of outputs to the next.</param>
    /// <param name="numbers">Whether the loss reads numbers.</param>
    public TargetBlock(int maxRows, int stride, bool numbers)
    {
        _stride = stride;
        _labels = new int[maxRows];
        _dense = numbers ? new AlignedBuffer(checked(maxRows * stride)) : null;
    }

    /// <summary>Class of each row; zeros for regression.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>Shape [rows, stride]; empty for losses of classes.</summary>
    public ReadOnlySpan<float> Dense => _dense is null ? default : _dense.Span;

    /// <summary>Takes the targets of one row of a part.</summary>
    /// <param name="at">Which row of the block it becomes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Set(DataPart part, int at, int row)
    {
        if (part.Labels.Length == 0)
        {
            var count = part.Targets.Length / part.Rows;
            part.Targets.AsSpan(row * count, count).CopyTo(_dense!.Span[(at * _stride)..]);
            return;
        }

        var label = part.Labels[row];
        _labels[at] = label;
        if (_dense is not null)
        {
            var target = _dense.Span.Slice(at * _stride, _stride);
            target.Clear();
            target[label] = 1;
        }
    }
}
