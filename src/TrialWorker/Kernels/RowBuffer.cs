namespace TuningCluster.TrialWorker.Kernels;

/// <summary>A matrix of floats with padded rows: what lies between two layers.</summary>
/// <remarks>
/// A row takes whole cache lines. Rows of 512 bytes or more take an odd number of them: at a power of two, a tile's six rows would fall
/// into the same few sets of the first-level cache and push one another out.
/// </remarks>
public sealed unsafe class RowBuffer
{
    private const int LineFloats = 16;
    private const int LinesFromWhichOdd = 8;

    private readonly AlignedBuffer _floats;
    private readonly RowTable _rows;

    /// <summary>All zeros.</summary>
    /// <exception cref="OverflowException">More floats than one buffer can hold.</exception>
    public RowBuffer(int rows, int width)
    {
        Stride = StrideOf(width);
        _floats = new AlignedBuffer(checked(rows * Stride));
        _rows = new RowTable(rows, _floats.Pointer, Stride);
    }

    /// <summary>Floats from one row to the next.</summary>
    public int Stride { get; }

    /// <summary>Every row with its padding.</summary>
    public Span<float> Span => _floats.Span;

    public float* Pointer => _floats.Pointer;

    /// <summary>Pointers to the rows.</summary>
    public float** Rows => _rows.Pointer;

    /// <summary>Floats a row of so many columns takes; a multiple of 16.</summary>
    public static int StrideOf(int width)
    {
        var lines = checked(width + LineFloats - 1) / LineFloats;
        return (lines >= LinesFromWhichOdd && lines % 2 == 0 ? lines + 1 : lines) * LineFloats;
    }

    /// <summary>The first rows with their padding.</summary>
    public Span<float> First(int rows) => _floats.Span[..(rows * Stride)];
}
