using System.Globalization;
using TuningCluster.Shared.Data;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Text;

namespace TuningCluster.TrialWorker.Data;

/// <summary>What is learnt: the rows whose target is known, and their classes or values.</summary>
/// <param name="Classes">In the order of their indices: texts ordinally, numbers by value; empty for regression.</param>
/// <param name="Rows">Rows of the table whose target is known, rising; shape [n].</param>
/// <param name="Labels">Shape [n]; empty for regression.</param>
/// <param name="Values">In the target's own units, shape [n]; empty for classification.</param>
internal sealed record TargetColumn(LearningTask Task, IReadOnlyList<string> Classes, int[] Rows, int[] Labels, double[] Values)
{
    /// <summary>A numeric target of whole numbers with at most so many distinct values is taken for classes.</summary>
    public const int MostInferredClasses = 20;

    /// <exception cref="SpecException">No such column, nothing to learn in it, or it does not fit the task; <c>data.target</c>.</exception>
    public static TargetColumn Read(CsvTable table, DataSpec spec)
    {
        var column = table.Columns.FirstOrDefault(c => c.Name == spec.Target) ?? throw Unknown(table, spec);
        var rows = KnownRows(column, table.Rows);
        if (rows.Length == 0)
        {
            throw Fault($"every cell of '{column.Name}' is missing");
        }

        return (spec.Task ?? Infer(column)) == LearningTask.Classification ? Classify(column, rows) : Regress(column, rows);
    }

    private static LearningTask Infer(CsvColumn column)
    {
        if (column.Kind == ColumnKind.Categorical)
        {
            return LearningTask.Classification;
        }

        return !column.IsBeyondCounting && column.Distinct <= MostInferredClasses && column.DistinctNumbers().All(double.IsInteger)
            ? LearningTask.Classification
            : LearningTask.Regression;
    }

    private static TargetColumn Classify(CsvColumn column, int[] rows)
    {
        if (column.HasTooManyCategories || column.IsBeyondCounting)
        {
            throw Fault(
                $"'{column.Name}' has more than {Text(CsvColumn.MaxCategories)} distinct values, too many for classes",
                column.Kind == ColumnKind.Numeric ? "Write 'task: regression'." : "Choose another target.");
        }

        var labels = new int[rows.Length];
        IReadOnlyList<string> classes;
        if (column.Kind == ColumnKind.Categorical)
        {
            classes = column.Categories;
            for (var i = 0; i < rows.Length; i++)
            {
                labels[i] = column.Category(rows[i]);
            }
        }
        else
        {
            var numbers = column.DistinctNumbers();
            classes = [.. numbers.Select(n => n.ToString("R", CultureInfo.InvariantCulture))];
            for (var i = 0; i < rows.Length; i++)
            {
                labels[i] = Array.BinarySearch(numbers, column.Number(rows[i]));
            }
        }

        return classes.Count > 1
            ? new TargetColumn(LearningTask.Classification, classes, rows, labels, [])
            : throw Fault($"every row has the class '{classes[0]}': there is nothing to learn", "Choose another target.");
    }

    private static TargetColumn Regress(CsvColumn column, int[] rows)
    {
        if (column.Kind == ColumnKind.Categorical)
        {
            throw Fault(
                $"'{column.Name}' is not numeric ('{column.FirstText}', line {Text(column.FirstTextLine)}), as regression needs",
                "Write 'task: classification', or choose another target.");
        }

        var values = Array.ConvertAll(rows, column.Number);
        return values.AsSpan().ContainsAnyExcept(values[0])
            ? new TargetColumn(LearningTask.Regression, [], rows, [], values)
            : throw Fault($"every row has the value {values[0].ToString("R", CultureInfo.InvariantCulture)}: there is nothing to learn", "Choose another target.");
    }

    private static int[] KnownRows(CsvColumn column, int count)
    {
        var known = new int[count - (int)column.Missing];
        if (column.HasTooManyCategories || known.Length == count)
        {
            // Without its cells the column is refused anyway; which rows it knows does not matter.
            return Enumerable.Range(0, known.Length).ToArray();
        }

        var next = 0;
        for (var row = 0; row < count; row++)
        {
            var missing = column.Kind == ColumnKind.Categorical ? column.Category(row) < 0 : double.IsNaN(column.Number(row));
            if (!missing)
            {
                known[next++] = row;
            }
        }

        return known;
    }

    private static SpecException Unknown(CsvTable table, DataSpec spec)
    {
        var names = table.Columns.Select(c => c.Name).ToArray();
        return Fault(
            $"'{spec.Source}' has no column '{spec.Target}'",
            NearestName.Find(spec.Target, names) is { } near ? $"Did you mean '{near}'?" : $"Its columns are {NameList.Join(names)}.");
    }

    private static SpecException Fault(string problem, string? hint = null) => new([new SpecError("data.target", problem, hint)]);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
