using System.Globalization;
using System.Runtime.InteropServices;
using TuningCluster.Shared.Data;

namespace TuningCluster.TrialWorker.Data;

/// <summary>One column while and after it is read: codes into its distinct spellings, or plain numbers once it has too many of them.</summary>
/// <remarks>
/// Whether a column is numeric is known only at its last cell, yet the text is read once and no cell keeps a string of its own.
/// So every column starts as codes into a table of distinct spellings. A column that outgrows the table keeps numbers when all
/// its spellings were numbers; otherwise it has more categories than a network is given and keeps nothing but its counts.
/// </remarks>
internal sealed class CsvColumn
{
    /// <summary>More distinct texts than this and the column cannot be one-hot encoded.</summary>
    public const int MaxCategories = 1_000;

    private const int MissingCode = -1;

    private readonly bool _exact;
    private readonly Dictionary<string, int> _codeOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly List<double> _numberOf = [];
    private List<int>? _codes = [];
    private List<float>? _singles;
    private List<double>? _doubles;
    private int[] _rankOf = [];

    /// <param name="exact">Keep numbers in double precision: for the target, whose mean is subtracted first.</param>
    public CsvColumn(string name, bool exact)
    {
        Name = name;
        _exact = exact;
        _lookup = _codeOf.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public string Name { get; }

    public long Missing { get; private set; }

    public int Count { get; private set; }

    /// <summary>First cell that is not a number, and its line; null in a numeric column.</summary>
    public string? FirstText { get; private set; }

    public long FirstTextLine { get; private set; }

    /// <summary>A text column that has more than <see cref="MaxCategories"/> distinct values; its cells were not kept.</summary>
    public bool HasTooManyCategories { get; private set; }

    /// <summary>A numeric column with more than <see cref="MaxCategories"/> distinct spellings; its distinct values were not kept.</summary>
    public bool IsBeyondCounting { get; private set; }

    public ColumnKind Kind => FirstText is null ? ColumnKind.Numeric : ColumnKind.Categorical;

    /// <summary>The distinct values of a categorical column in ordinal order; empty for numeric ones and when there are too many.</summary>
    public IReadOnlyList<string> Categories { get; private set; } = [];

    /// <summary>Distinct values; at most <see cref="MaxCategories"/> for numeric columns, one more for categorical ones.</summary>
    public int Distinct { get; private set; }

    /// <summary>How many distinct spellings are numbers: more than none in a categorical column is a sign of a slip in the file.</summary>
    public int NumericSpellings { get; private set; }

    /// <param name="cell">Without white space around it; not missing.</param>
    /// <param name="line">From 1, for messages.</param>
    public void Add(ReadOnlySpan<char> cell, long line)
    {
        Count++;
        if (HasTooManyCategories)
        {
            return;
        }

        if (_codes is not null)
        {
            if (_lookup.TryGetValue(cell, out var known))
            {
                _codes.Add(known);
                return;
            }

            var number = Parse(cell, line);
            if (_codeOf.Count < MaxCategories)
            {
                _codes.Add(_codeOf.Count);
                _lookup[cell] = _codeOf.Count;
                _numberOf.Add(number);
                return;
            }

            Outgrow();
            AddNumber(number);
            return;
        }

        AddNumber(Parse(cell, line));
    }

    public void AddMissing()
    {
        Count++;
        Missing++;
        if (_codes is not null)
        {
            _codes.Add(MissingCode);
        }
        else
        {
            AddNumber(double.NaN);
        }
    }

    /// <summary>Called once, after the last row.</summary>
    public void Seal()
    {
        if (HasTooManyCategories)
        {
            Distinct = MaxCategories + 1;
        }
        else if (_codes is null)
        {
            Distinct = MaxCategories;
            IsBeyondCounting = true;
        }
        else if (Kind == ColumnKind.Numeric)
        {
            Distinct = _numberOf.Distinct().Count();
        }
        else
        {
            var sorted = _codeOf.Keys.ToArray();
            Array.Sort(sorted, StringComparer.Ordinal);
            _rankOf = new int[sorted.Length];
            for (var i = 0; i < sorted.Length; i++)
            {
                _rankOf[_codeOf[sorted[i]]] = i;
            }

            Categories = sorted;
            Distinct = sorted.Length;
        }
    }

    /// <summary>Whether a row's cell is missing, in a column whose cells were kept.</summary>
    public bool IsMissing(int row) => Kind == ColumnKind.Categorical ? Category(row) == MissingCode : double.IsNaN(Number(row));

    /// <summary>The number in a row of a numeric column; NaN when missing.</summary>
    public double Number(int row)
    {
        if (_codes is not null)
        {
            var code = _codes[row];
            return code == MissingCode ? double.NaN : _numberOf[code];
        }

        return _doubles is not null ? _doubles[row] : _singles![row];
    }

    /// <summary>The distinct numbers of a numeric column, rising; empty when it has more spellings than <see cref="MaxCategories"/>.</summary>
    public double[] DistinctNumbers()
    {
        var distinct = _numberOf.Distinct().ToArray();
        Array.Sort(distinct);
        return distinct;
    }

    /// <summary>The index into <see cref="Categories"/> of a row of a categorical column; -1 when missing.</summary>
    public int Category(int row)
    {
        var code = _codes![row];
        return code == MissingCode ? MissingCode : _rankOf[code];
    }

    /// <summary>Which categories some rows of a categorical column have, rising.</summary>
    public int[] CategoriesIn(ReadOnlySpan<int> rows)
    {
        var has = new bool[Categories.Count];
        foreach (var row in rows)
        {
            if (Category(row) is >= 0 and var category)
            {
                has[category] = true;
            }
        }

        return [.. Enumerable.Range(0, has.Length).Where(c => has[c])];
    }

    private double Parse(ReadOnlySpan<char> cell, long line)
    {
        // Finite in single precision, in which features are kept: 1e300 would be an infinity there.
        if (double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && float.IsFinite((float)number))
        {
            NumericSpellings += _codes is null ? 0 : 1;
            return number;
        }

        if (FirstText is null)
        {
            FirstText = cell.ToString();
            FirstTextLine = line;
        }

        return double.NaN;
    }

    private void Outgrow()
    {
        if (FirstText is null)
        {
            var codes = CollectionsMarshal.AsSpan(_codes!);
            if (_exact)
            {
                _doubles = new List<double>(codes.Length * 2);
            }
            else
            {
                _singles = new List<float>(codes.Length * 2);
            }

            foreach (var code in codes)
            {
                AddNumber(code == MissingCode ? double.NaN : _numberOf[code]);
            }
        }

        _codes = null;
        _codeOf.Clear();
        _numberOf.Clear();
    }

    private void AddNumber(double number)
    {
        if (FirstText is not null)
        {
            HasTooManyCategories = true;
            _singles = null;
            _doubles = null;
            return;
        }

        if (_doubles is not null)
        {
            _doubles.Add(number);
        }
        else
        {
            _singles!.Add((float)number);
        }
    }
}
