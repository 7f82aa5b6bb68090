namespace TuningCluster.TrialWorker.Data;

/// <summary>Numbers of a column, one a row: in single precision, in which features are kept, or in double for a target, whose mean is subtracted first.</summary>
internal sealed class Numbers
{
    private const int BlockRows = 256;

    private readonly Chunks<float>? _singles;
    private readonly Chunks<double>? _doubles;

    /// <param name="exact">Keep double precision.</param>
    public Numbers(bool exact)
    {
        _singles = exact ? null : new();
        _doubles = exact ? new() : null;
    }

    public long Bytes => _singles?.Bytes ?? _doubles!.Bytes;

    public double this[int row] => _singles is not null ? _singles[row] : _doubles![row];

    /// <summary>Copies the numbers of some rows, in their order.</summary>
    public void Gather(ReadOnlySpan<int> rows, Span<double> destination)
    {
        if (_doubles is not null)
        {
            _doubles.Gather(rows, destination);
            return;
        }

        Span<float> block = stackalloc float[BlockRows];
        for (var start = 0; start < rows.Length; start += BlockRows)
        {
            var some = rows[start..Math.Min(rows.Length, start + BlockRows)];
            _singles!.Gather(some, block);
            for (var i = 0; i < some.Length; i++)
            {
                destination[start + i] = block[i];
            }
        }
    }

    public void Add(double number)
    {
        if (_singles is not null)
        {
            _singles.Add((float)number);
        }
        else
        {
            _doubles!.Add(number);
        }
    }
}
