using System.Globalization;
using TuningCluster.Shared.Data;
using TuningCluster.Shared.Studies;

namespace TuningCluster.TrialWorker.Data;

/// <summary>Turns the columns of a table into features; whatever is estimated for that is estimated on the training part.</summary>
/// <remarks>
/// Numbers stay one feature each, scaled when asked; few categories become one feature each (one-hot, never scaled), many become codes
/// that the network embeds. A category gets its feature in whichever row in use it occurs, so that a value which only the
/// validation part has is no error: that a name exists tells nothing about the rows that bear it. A code has weights of its own to
/// learn, which only training rows teach: the others share code 0.
/// </remarks>
internal sealed class FeatureEncoder
{
    /// <summary>Rows encoded at a time: their features stay in the cache while column after column is written into them.</summary>
    private const int BlockRows = 256;

    private readonly List<FeatureColumn> _columns = [];
    private readonly List<EmbeddedCodes> _embedded = [];

    private FeatureEncoder()
    {
    }

    /// <summary>Features a row.</summary>
    public int Width { get; private set; }

    public IReadOnlyList<EmbeddedColumn> Embedded => _embedded.ConvertAll(e => e.Description);

    /// <param name="columns">Those chosen.</param>
    /// <param name="training">Rows of the table that train.</param>
    /// <param name="isFold">Whether there are other folds, with other medians.</param>
    /// <param name="notes">Receives what the user is told.</param>
    public static FeatureEncoder Fit(IReadOnlyList<ChosenColumn> columns, int[] training, ScaleMethod scale, bool isFold, List<string> notes)
    {
        var encoder = new FeatureEncoder();
        var numbers = new double[training.Length];
        foreach (var column in columns)
        {
            if (column.IsEmbedded)
            {
                encoder._embedded.Add(EmbeddedCodes.Fit(column.Column, training));
                continue;
            }

            FeatureColumn feature = column.Column.Kind == ColumnKind.Categorical
                ? new OneHotFeature(column.Column, column.Categories, column.Missing > 0)
                : Numeric(column, Known(column.Column, training, numbers), training.Length, scale, isFold, notes);
            encoder._columns.Add(feature);
            encoder.Width += feature.Width;
        }

        return encoder;
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
        for (var start = 0; start < rows.Length; start += BlockRows)
        {
            var block = rows.AsSpan(start, Math.Min(BlockRows, rows.Length - start));
            var destination = features.AsSpan(start * Width, block.Length * Width);
            var offset = 0;
            foreach (var column in _columns)
            {
                column.Fill(block, destination, Width, offset);
                offset += column.Width;
            }
        }

        return features;
    }

    /// <summary>The codes of some rows, row-major, shape [n, e] for e embedded columns.</summary>
    public int[] EncodeEmbedded(int[] rows)
    {
        var codes = new int[rows.Length * _embedded.Count];
        for (var i = 0; i < _embedded.Count; i++)
        {
            _embedded[i].Fill(rows, codes, _embedded.Count, i);
        }

        return codes;
    }

    /// <summary>The numbers of a numeric column that are not missing in the training part.</summary>
    /// <param name="numbers">At least as long as <paramref name="training"/>; what is returned lies in it.</param>
    private static Span<double> Known(TableColumn column, int[] training, double[] numbers)
    {
        if (column.Kind == ColumnKind.Categorical)
        {
            return [];
        }

        column.Gather(training, numbers);
        if (column.Missing == 0)
        {
            return numbers.AsSpan(0, training.Length);
        }

        var known = 0;
        for (var i = 0; i < training.Length; i++)
        {
            if (!double.IsNaN(numbers[i]))
            {
                numbers[known++] = numbers[i];
            }
        }

        return numbers.AsSpan(0, known);
    }

    /// <param name="known">Numbers of the training part, at least one; their order may change.</param>
    /// <param name="training">Rows of the training part, missing cells included.</param>
    private static NumericFeature Numeric(ChosenColumn chosen, Span<double> known, int training, ScaleMethod scale, bool isFold, List<string> notes)
    {
        var column = chosen.Column;
        var median = 0.0;
        if (chosen.Missing > 0)
        {
            median = Median(known);
            notes.Add(isFold
                ? $"Column '{column.Name}': {MissingCell.Count(chosen.Missing)} got the median of each fold's training part."
                : string.Create(CultureInfo.InvariantCulture, $"Column '{column.Name}': {MissingCell.Count(chosen.Missing)} got the median of the training part, {(float)median}."));
        }

        // The filled cells of the training part count as well: they are what the network sees.
        var filled = training - known.Length;
        var (shift, divisor) = scale switch
        {
            ScaleMethod.Standard => Moments.MeanAndDeviation(known, median, filled),
            ScaleMethod.MinMax => Range(known),
            _ => (0.0, column.Unit),
        };
        return new NumericFeature(column, median, shift, divisor > 0 ? divisor : column.Unit);
    }

    private static (double Least, double Width) Range(ReadOnlySpan<double> values)
    {
        var (least, greatest) = (values[0], values[0]);
        foreach (var value in values)
        {
            least = Math.Min(least, value);
            greatest = Math.Max(greatest, value);
        }

        return (least, greatest - least);
    }

    /// <summary>Sorts <paramref name="values"/>.</summary>
    private static double Median(Span<double> values)
    {
        values.Sort();
        var middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] / 2) + (values[middle] / 2);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
