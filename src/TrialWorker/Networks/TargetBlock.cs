using TuningCluster.TrialWorker.Data;
using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Networks;

/// <summary>The targets of a block of rows in the form a loss reads: class indices, or numbers laid out like the outputs.</summary>
/// <remarks>Numbers are one-hot for classes and in column 0 for regression; columns past the outputs stay zero.</remarks>
public sealed class TargetBlock
{
    private readonly int _stride;
    private readonly int[] _labels;
    private readonly AlignedBuffer? _dense;

    /// <param name="maxRows">Rows the block can hold.</param>
    /// <param name="stride">Floats from one row of outputs to the next.</param>
    /// <param name="loss">Decides which of the two forms is kept.</param>
    public TargetBlock(int maxRows, int stride, LossKind loss)
    {
        _stride = stride;
        _labels = new int[maxRows];
        _dense = loss.NeedsClasses() ? null : new AlignedBuffer(checked(maxRows * stride));
    }

    /// <summary>Class of each row; zeros for regression.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>Shape [rows, stride]; empty for losses of classes.</summary>
    public ReadOnlySpan<float> Dense => _dense is null ? default : _dense.Span;

    /// <summary>Takes the targets of the rows <paramref name="order"/> names, in that order.</summary>
    public void Gather(DataPart part, ReadOnlySpan<int> order)
    {
        for (var i = 0; i < order.Length; i++)
        {
            Set(part, i, order[i]);
        }
    }

    /// <summary>Takes the targets of <paramref name="count"/> rows from <paramref name="start"/> on.</summary>
    public void Slice(DataPart part, int start, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Set(part, i, start + i);
        }
    }

    private void Set(DataPart part, int at, int row)
    {
        if (part.Labels.Length == 0)
        {
            _dense!.Span[at * _stride] = part.Targets[row];
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
