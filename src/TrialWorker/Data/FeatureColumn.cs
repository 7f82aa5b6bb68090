namespace TuningCluster.TrialWorker.Data;

/// <summary>How one column of the file becomes features.</summary>
internal abstract class FeatureColumn(TableColumn column)
{
    protected TableColumn Column { get; } = column;

    /// <summary>Features this column takes.</summary>
    public abstract int Width { get; }

    /// <summary>Writes this column's features of some rows.</summary>
    /// <param name="rows">Rows of the table, shape [n].</param>
    /// <param name="features">Row-major, shape [n, width]; zero where nothing was written yet.</param>
    /// <param name="width">Features a row.</param>
    /// <param name="offset">This column's first feature.</param>
    public abstract void Fill(ReadOnlySpan<int> rows, Span<float> features, int width, int offset);
}

/// <summary>A number: (value − shift) / scale, with the median of the training part where it is missing.</summary>
internal sealed class NumericFeature(TableColumn column, double median, double shift, double scale) : FeatureColumn(column)
{
    private double[] _numbers = [];

    public override int Width => 1;

    public override void Fill(ReadOnlySpan<int> rows, Span<float> features, int width, int offset)
    {
        if (_numbers.Length < rows.Length)
        {
            _numbers = new double[rows.Length];
        }

        Column.Gather(rows, _numbers);
        for (var i = 0; i < rows.Length; i++)
        {
            var number = _numbers[i];
            features[(i * width) + offset] = (float)(((double.IsNaN(number) ? median : number) - shift) / scale);
        }
    }
}

/// <summary>A category: 1 at its place, 0 elsewhere. A missing cell has the last place.</summary>
/// <param name="column">A categorical column.</param>
/// <param name="categories">Those that have a place, in its order.</param>
/// <param name="hasMissing">Whether there is such a place.</param>
internal sealed class OneHotFeature(TableColumn column, int[] categories, bool hasMissing) : FeatureColumn(column)
{
    private readonly int[] _places = Places.Of(categories, column.Categories.Count, first: 0);

    public override int Width => categories.Length + (hasMissing ? 1 : 0);

    public override void Fill(ReadOnlySpan<int> rows, Span<float> features, int width, int offset)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            var category = Column.Category(rows[i]);
            features[(i * width) + offset + (category < 0 ? categories.Length : _places[category])] = 1;
        }
    }
}
