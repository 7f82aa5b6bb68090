namespace TuningCluster.TrialWorker.Kernels;

/// <summary>Pointers to the rows of a matrix, which may lie anywhere.</summary>
/// <remarks>Whoever fills the table keeps the rows in their place while it is read.</remarks>
public sealed unsafe class RowTable
{
    private readonly nint[] _rows;

    /// <param name="rows">How many pointers it can hold.</param>
    public RowTable(int rows)
    {
        _rows = GC.AllocateArray<nint>(rows, pinned: true);
        fixed (nint* first = _rows)
        {
            Pointer = (float**)first;
        }
    }

    /// <summary>Rows one behind the other.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="stride">Floats from one to the next.</param>
    public RowTable(int rows, float* first, nint stride)
        : this(rows)
    {
        for (var i = 0; i < rows; i++)
        {
            Pointer[i] = first + (i * stride);
        }
    }

    /// <summary>The first pointer; valid while the table is reachable.</summary>
    public float** Pointer { get; }
}
