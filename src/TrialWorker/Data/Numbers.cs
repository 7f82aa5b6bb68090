namespace TuningCluster.TrialWorker.Data;

/// <summary>Numbers of a column, one a row: in single precision, in which features are kept, or in double for a target, whose mean is subtracted first.</summary>
internal sealed class Numbers
{
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
