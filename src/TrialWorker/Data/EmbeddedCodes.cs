namespace TuningCluster.TrialWorker.Data;

/// <summary>Codes of a categorical column that the network embeds: 1, 2 … in the order of the names for the categories of the training part,
/// 0 for missing cells and for categories that no training row has.</summary>
internal sealed class EmbeddedCodes
{
    private readonly TableColumn _column;
    private readonly int[] _codes;

    private EmbeddedCodes(TableColumn column, int[] trained)
    {
        _column = column;
        _codes = Places.Of(trained, column.Categories.Count, first: 1);
        Description = new EmbeddedColumn(column.Name, trained.Length + 1);
    }

    public EmbeddedColumn Description { get; }

    /// <param name="training">Rows of the table that train.</param>
    public static EmbeddedCodes Fit(TableColumn column, int[] training) => new(column, column.CategoriesIn(training));

    /// <summary>Writes the codes of some rows.</summary>
    /// <param name="rows">Rows of the table, shape [n].</param>
    /// <param name="codes">Row-major, shape [n, width].</param>
    /// <param name="width">Codes a row.</param>
    /// <param name="offset">This column's place among them.</param>
    public void Fill(ReadOnlySpan<int> rows, Span<int> codes, int width, int offset)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            var category = _column.Category(rows[i]);
            codes[(i * width) + offset] = category < 0 ? 0 : _codes[category];
        }
    }
}
