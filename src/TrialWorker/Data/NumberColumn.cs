using System.Globalization;
using TuningCluster.Shared.Data;

namespace TuningCluster.TrialWorker.Data;

/// <summary>A column whose file says that it holds numbers.</summary>
/// <param name="exact">Keep double precision: for a target.</param>
internal sealed class NumberColumn(string name, bool exact) : TableColumn(name)
{
    private readonly Numbers _numbers = new(exact);
    private HashSet<double>? _distinct = [];
    private int _count;
    private long _missing;
    private string? _firstBeyond;
    private long _beyond;

    public override ColumnKind Kind => ColumnKind.Numeric;

    public override int Count => _count;

    public override long Missing => _missing;

    public override int Distinct => _distinct?.Count ?? MaxCategories;

    public override bool IsBeyondCounting => _distinct is null;

    public override long Bytes => _numbers.Bytes;

    /// <summary>What to tell of the numbers that count as missing; null without any.</summary>
    public string? Note => _beyond == 0 ? null : string.Create(
        CultureInfo.InvariantCulture,
        $"Column '{Name}': {_beyond} {(_beyond == 1 ? "number is" : "numbers are")} not finite in single precision ({_firstBeyond}) and {(_beyond == 1 ? "counts" : "count")} as missing.");

    /// <param name="number">NaN when missing.</param>
    public void Add(double number)
    {
        _count++;
        if (!float.IsFinite((float)number))
        {
            if (!double.IsNaN(number))
            {
                _beyond++;
                _firstBeyond ??= string.Create(CultureInfo.InvariantCulture, $"{number:R}, row {_count}");
            }

            _missing++;
            _numbers.Add(double.NaN);
            return;
        }

        _numbers.Add(number);
        if (_distinct is not null && _distinct.Add(number) && _distinct.Count > MaxCategories)
        {
            _distinct = null;
        }
    }

    public override double Number(int row) => _numbers[row];

    public override void Gather(ReadOnlySpan<int> rows, Span<double> numbers) => _numbers.Gather(rows, numbers);

    public override double[] DistinctNumbers()
    {
        double[] distinct = [.. _distinct ?? []];
        Array.Sort(distinct);
        return distinct;
    }
}
