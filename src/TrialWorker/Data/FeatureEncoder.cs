using System.Globalization;
using TuningCluster.Shared.Data;
using TuningCluster.Shared.Studies;

namespace TuningCluster.TrialWorker.Data;

/// <summary>Turns the columns of a table into features; whatever is estimated for that is estimated on the training part.</summary>
/// <remarks>
/// Numbers stay one feature each, scaled when asked; categories become one feature each (one-hot, never scaled). A category
/// gets its feature wherever in the file it occurs, so that a value which only the validation part has is no error: that a
/// name exists tells nothing about the rows that bear it. Columns that cannot inform are left out, and the notes say so.
/// </remarks>
internal sealed class FeatureEncoder
{
    /// <summary>From so many rows on, a text column whose values all differ is taken for an identifier.</summary>
    private const int LeastRowsOfIdentifier = 20;

    private readonly List<FeatureColumn> _columns = [];

    private FeatureEncoder()
    {
    }

    /// <summary>Features a row.</summary>
    public int Width { get; private set; }

    /// <param name="columns">All but the target.</param>
    /// <param name="rows">The rows in use.</param>
    /// <param name="training">Those of them that train.</param>
    /// <param name="notes">Receives what the user is told.</param>
    /// <exception cref="SpecException">No column is left; <c>data.source</c>.</exception>
    public static FeatureEncoder Fit(IEnumerable<CsvColumn> columns, int[] rows, int[] training, ScaleMethod scale, List<string> notes)
    {
        var encoder = new FeatureEncoder();
        var constant = new List<string>();
        foreach (var column in columns)
        {
            if (column.Missing == column.Count)
            {
                notes.Add($"Column '{column.Name}' is left out: all its cells are missing.");
            }
            else if (column.HasTooManyCategories)
            {
                notes.Add($"Column '{column.Name}' is left out: it has text ('{column.FirstText}', line {Text(column.FirstTextLine)}) and more than {Text(CsvColumn.MaxCategories)} distinct values.");
            }
            else if (IsIdentifier(column))
            {
                notes.Add($"Column '{column.Name}' is left out: its values all differ, as names and ids do.");
            }
            else if (IsConstant(column, rows))
            {
                constant.Add(column.Name);
            }
            else if (column.Kind == ColumnKind.Categorical)
            {
                encoder.AddCategorical(column, rows, notes);
            }
            else
            {
                encoder.AddNumeric(column, rows, training, scale, notes);
            }
        }

        if (constant.Count > 0)
        {
            notes.Add($"Left out, since they have one value in every row: {NameList.Join(constant)}.");
        }

        return encoder.Width > 0
            ? encoder
            : throw SourceText.Fault("no column is left to learn from beside the target", notes.Count > 0 ? string.Join(" ", notes) : null);
    }

    /// <summary>The features of some rows, row-major, shape [n, <see cref="Width"/>].</summary>
    /// <exception cref="SpecException">They would not fit into one array; <c>data.source</c>.</exception>
    public float[] Encode(int[] rows)
    {
        var length = (long)rows.Length * Width;
        if (length > Array.MaxLength)
        {
            throw SourceText.Fault(
                $"{Text(rows.Length)} rows of {Text(Width)} features need {Text(length * sizeof(float) >> 30)} GiB, more than one array can hold",
                "Leave out the columns with many categories, or use fewer rows.");
        }

        var features = new float[length];
        var offset = 0;
        foreach (var column in _columns)
        {
            column.Fill(rows, features, Width, offset);
            offset += column.Width;
        }

        return features;
    }

    private static bool IsIdentifier(CsvColumn column) =>
        column.Kind == ColumnKind.Categorical
        && column.Count >= LeastRowsOfIdentifier
        && column.Distinct == column.Count - column.Missing;

    // In the rows in use: a value that stands only in rows without a target does not count.
    private static bool IsConstant(CsvColumn column, int[] rows)
    {
        if (column.Kind == ColumnKind.Categorical)
        {
            var category = column.Category(rows[0]);
            return Array.TrueForAll(rows, row => column.Category(row) == category);
        }

        var first = double.NaN;
        foreach (var row in rows)
        {
            var number = column.Number(row);
            if (!double.IsNaN(number) && number != first)
            {
                if (!double.IsNaN(first))
                {
                    return false;
                }

                first = number;
            }
        }

        return true;
    }

    private void AddCategorical(CsvColumn column, int[] rows, List<string> notes)
    {
        if (column.NumericSpellings > 0)
        {
            notes.Add($"Column '{column.Name}' is read as categories because of '{column.FirstText}' (line {Text(column.FirstTextLine)}); {Text(column.NumericSpellings)} of its {Text(column.Distinct)} distinct values are numbers.");
        }

        var missing = rows.Count(row => column.Category(row) < 0);
        if (missing > 0)
        {
            notes.Add($"Column '{column.Name}': {Cells(missing)} became the category '(missing)'.");
        }

        Add(new OneHotFeature(column, missing > 0));
    }

    private void AddNumeric(CsvColumn column, int[] rows, int[] training, ScaleMethod scale, List<string> notes)
    {
        var known = training.Select(column.Number).Where(n => !double.IsNaN(n)).ToArray();
        if (known.Length == 0)
        {
            notes.Add($"Column '{column.Name}' is left out: all its cells in the training part are missing.");
            return;
        }

        var median = 0.0;
        var missing = column.Missing == 0 ? 0 : rows.Count(row => double.IsNaN(column.Number(row)));
        if (missing > 0)
        {
            median = Median(known);
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"Column '{column.Name}': {Cells(missing)} got the median of the training part, {(float)median}."));
        }

        // The filled cells of the training part count as well: they are what the network sees.
        var filled = training.Length - known.Length;
        var (shift, divisor) = scale switch
        {
            ScaleMethod.Standard => Moments.MeanAndDeviation(known, median, filled),
            ScaleMethod.MinMax => (known.Min(), known.Max() - known.Min()),
            _ => (0.0, 1.0),
        };
        Add(new NumericFeature(column, median, shift, divisor > 0 ? divisor : 1));
    }

    private void Add(FeatureColumn column)
    {
        _columns.Add(column);
        Width += column.Width;
    }

    private static double Median(double[] values)
    {
        var sorted = (double[])values.Clone();
        Array.Sort(sorted);
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] / 2) + (sorted[middle] / 2);
    }

    private static string Cells(int count) => count == 1 ? "1 missing cell" : $"{Text(count)} missing cells";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
