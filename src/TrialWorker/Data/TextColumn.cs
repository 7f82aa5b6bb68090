using System.Globalization;
using TuningCluster.Shared.Data;

namespace TuningCluster.TrialWorker.Data;

/// <summary>A column read from texts: codes into its distinct spellings, or plain numbers once it has too many of them.</summary>
/// <remarks>
/// Whether a column of a text file is numeric is known only at its last cell, yet the text is read once and no cell keeps a string of its
/// own. So every column starts as codes into a table of distinct spellings. A column that outgrows the table keeps numbers when all
/// its spellings were numbers; otherwise it has more categories than a network is given and keeps nothing but its counts.
/// </remarks>
internal sealed class TextColumn : TableColumn
{
    private readonly bool _exact;
    private readonly bool _isText;
    private readonly string _placeWord;
    private readonly Dictionary<string, short> _codeOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, short>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly List<double> _numberOf = [];
    private Chunks<short>? _codes = new();
    private Numbers? _numbers;
    private int[] _rankOf = [];
    private IReadOnlyList<string> _categories = [];
    private string? _firstText;
    private long _firstPlace;
    private bool _tooMany;
    private bool _beyondCounting;
    private int _count;
    private long _missing;
    private int _distinct;
    private int _numericSpellings;

    /// <param name="exact">Keep numbers in double precision: for a target.</param>
    /// <param name="isText">The file says that it is text: digits are names too.</param>
    /// <param name="placeWord">What its places count, for messages.</param>
    public TextColumn(string name, bool exact, bool isText = false, string placeWord = "line")
        : base(name)
    {
        _exact = exact;
        _isText = isText;
        _placeWord = placeWord;
        _lookup = _codeOf.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public override ColumnKind Kind => _isText || _firstText is not null ? ColumnKind.Categorical : ColumnKind.Numeric;

    public override int Count => _count;

    public override long Missing => _missing;

    public override int Distinct => _distinct;

    public override long Bytes => _codes?.Bytes ?? _numbers?.Bytes ?? 0;

    public override IReadOnlyList<string> Categories => _categories;

    public override bool HasTooManyCategories => _tooMany;

    public override bool IsBeyondCounting => _beyondCounting;

    public override string? FirstText => _firstText;

    public override string FirstTextPlace => _firstText is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{_placeWord} {_firstPlace}");

    public override int NumericSpellings => _numericSpellings;

    /// <param name="cell">Without white space around it; not missing.</param>
    /// <param name="place">From 1, for messages.</param>
    public void Add(ReadOnlySpan<char> cell, long place)
    {
        _count++;
        if (_tooMany)
        {
            return;
        }

        if (_codes is null)
        {
            AddNumber(Parse(cell, place));
            return;
        }

        if (_lookup.TryGetValue(cell, out var known))
        {
            _codes.Add(known);
            return;
        }

        var number = Parse(cell, place);
        if (_codeOf.Count < MaxCategories)
        {
            _codes.Add((short)_codeOf.Count);
            _lookup[cell] = (short)_codeOf.Count;
            _numberOf.Add(number);
            return;
        }

        Outgrow();
        AddNumber(number);
    }

    public void AddMissing()
    {
        _count++;
        _missing++;
        if (_codes is not null)
        {
            _codes.Add(MissingCategory);
        }
        else
        {
            AddNumber(double.NaN);
        }
    }

    /// <summary>Called once, after the last row.</summary>
    public void Seal()
    {
        if (_tooMany)
        {
            _distinct = MaxCategories + 1;
        }
        else if (_codes is null)
        {
            _distinct = MaxCategories;
            _beyondCounting = true;
        }
        else if (Kind == ColumnKind.Numeric)
        {
            _distinct = _numberOf.Distinct().Count();
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

            _categories = sorted;
            _distinct = sorted.Length;
        }
    }

    public override double Number(int row)
    {
        if (_numbers is not null)
        {
            return _numbers[row];
        }

        var code = _codes![row];
        return code == MissingCategory ? double.NaN : _numberOf[code];
    }

    public override void Gather(ReadOnlySpan<int> rows, Span<double> numbers)
    {
        if (_numbers is not null)
        {
            _numbers.Gather(rows, numbers);
        }
        else
        {
            base.Gather(rows, numbers);
        }
    }

    public override double[] DistinctNumbers()
    {
        var distinct = _numberOf.Distinct().ToArray();
        Array.Sort(distinct);
        return distinct;
    }

    public override int Category(int row)
    {
        var code = _codes![row];
        return code == MissingCategory ? MissingCategory : _rankOf[code];
    }

    private double Parse(ReadOnlySpan<char> cell, long place)
    {
        // Finite in single precision, in which features are kept: 1e300 would be an infinity there.
        if (!_isText && NumberText.TryParse(cell, out var number) && float.IsFinite((float)number))
        {
            _numericSpellings += _codes is null ? 0 : 1;
            return number;
        }

        if (_firstText is null)
        {
            _firstText = cell.ToString();
            _firstPlace = place;
        }

        return double.NaN;
    }

    private void Outgrow()
    {
        if (_firstText is null)
        {
            _numbers = new Numbers(_exact);
            for (var row = 0; row < _codes!.Count; row++)
            {
                var code = _codes[row];
                _numbers.Add(code == MissingCategory ? double.NaN : _numberOf[code]);
            }
        }

        _codes = null;
        _codeOf.Clear();
        _numberOf.Clear();
    }

    private void AddNumber(double number)
    {
        if (_firstText is null)
        {
            _numbers!.Add(number);
        }
        else
        {
            _tooMany = true;
            _numbers = null;
        }
    }
}
