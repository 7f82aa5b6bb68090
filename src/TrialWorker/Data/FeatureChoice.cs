using System.Globalization;
using TuningCluster.Shared.Data;
using TuningCluster.Shared.Studies;

namespace TuningCluster.TrialWorker.Data;

/// <summary>A column that becomes features.</summary>
/// <param name="Missing">Cells missing in the rows in use.</param>
/// <param name="Categories">Which categories the rows in use have, rising; empty for a numeric column.</param>
/// <param name="IsEmbedded">Whether the categories become codes rather than one feature each.</param>
internal sealed record ChosenColumn(TableColumn Column, int Missing, int[] Categories, bool IsEmbedded)
{
    /// <summary>Features or codes a row has of the column.</summary>
    public int Width => IsEmbedded || Column.Kind == ColumnKind.Numeric ? 1 : Categories.Length + (Missing > 0 ? 1 : 0);
}

/// <summary>Which columns of a table become features: the same for every fold. Columns that cannot inform are left out, and the notes say so.</summary>
internal static class FeatureChoice
{
    /// <summary>From so many rows on, a text column whose values all differ is taken for an identifier.</summary>
    private const int LeastRowsOfIdentifier = 20;

    /// <param name="columns">All but the targets.</param>
    /// <param name="rows">The rows in use, at least one.</param>
    /// <param name="trainings">Those of them that train, for each fold.</param>
    /// <param name="oneHotMaxSize">Columns of more categories are embedded.</param>
    /// <param name="notes">Receives what the user is told.</param>
    /// <exception cref="SpecException">No column is left; <c>data.source</c>.</exception>
    public static IReadOnlyList<ChosenColumn> Choose(
        IEnumerable<TableColumn> columns, int[] rows, IReadOnlyList<int[]> trainings, int oneHotMaxSize, List<string> notes)
    {
        var chosen = new List<ChosenColumn>();
        var constant = new List<string>();
        var blank = 0;
        foreach (var column in columns)
        {
            if (Refuse(column, trainings) is { } why)
            {
                notes.Add($"Column '{column.Name}' is left out: {why}.");
            }
            else if (!IsConstant(column, rows))
            {
                chosen.Add(Describe(column, rows, oneHotMaxSize, notes));
            }
            else if (column.IsPixel)
            {
                blank++;
                chosen.Add(Describe(column, rows, oneHotMaxSize, notes));
            }
            else
            {
                constant.Add(column.Name);
            }
        }

        if (blank > 0)
        {
            notes.Add($"{Text(blank)} of {Text(chosen.Count)} pixels have one value in every image; they are kept.");
        }

        if (constant.Count > 0)
        {
            notes.Add($"Left out, since they have one value in every row: {NameList.Join(constant)}.");
        }

        return chosen.Count > blank
            ? chosen
            : throw SourceText.Fault("no column is left to learn from beside the target", notes.Count > 0 ? string.Join(" ", notes) : null);
    }

    private static string? Refuse(TableColumn column, IReadOnlyList<int[]> trainings)
    {
        if (column.Missing == column.Count)
        {
            return "all its cells are missing";
        }

        if (column.HasTooManyCategories)
        {
            return $"it has text ('{column.FirstText}', {column.FirstTextPlace}) and more than {Text(TableColumn.MaxCategories)} distinct values";
        }

        if (column.Kind == ColumnKind.Categorical)
        {
            return column.Count >= LeastRowsOfIdentifier && column.Distinct == column.Count - column.Missing ? "its values all differ, as names and ids do" : null;
        }

        return column.Missing > 0 && trainings.Any(training => Array.TrueForAll(training, column.IsMissing))
            ? $"all its cells in the training part{(trainings.Count > 1 ? " of a fold" : "")} are missing"
            : null;
    }

    private static ChosenColumn Describe(TableColumn column, int[] rows, int oneHotMaxSize, List<string> notes)
    {
        var missing = column.Missing == 0 ? 0 : rows.Count(column.IsMissing);
        if (column.Kind == ColumnKind.Numeric)
        {
            return new ChosenColumn(column, missing, [], IsEmbedded: false);
        }

        if (column.NumericSpellings > 0)
        {
            notes.Add($"Column '{column.Name}' is read as categories because of '{column.FirstText}' ({column.FirstTextPlace}); {Text(column.NumericSpellings)} of its {Text(column.Distinct)} distinct values are numbers.");
        }

        var categories = column.CategoriesIn(rows);
        var isEmbedded = categories.Length > oneHotMaxSize;
        if (isEmbedded)
        {
            notes.Add($"Column '{column.Name}' is embedded: it has {Text(categories.Length)} categories, more than one_hot_max_size ({Text(oneHotMaxSize)}).");
        }

        if (missing > 0)
        {
            notes.Add($"Column '{column.Name}': {MissingCell.Count(missing)} {(isEmbedded ? "got the code of categories that no training row has" : "became the category '(missing)'")}.");
        }

        return new ChosenColumn(column, missing, categories, isEmbedded);
    }

    // In the rows in use: a value that stands only in rows without a target does not count.
    private static bool IsConstant(TableColumn column, int[] rows)
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

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
