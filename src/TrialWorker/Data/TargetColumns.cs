using System.Globalization;
using TuningCluster.Shared.Data;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Text;

namespace TuningCluster.TrialWorker.Data;

/// <summary>What is learnt: the rows whose targets are known, and their classes or values.</summary>
/// <param name="Names">Of the t target columns; one for classification.</param>
/// <param name="Classes">In the order of their indices: texts ordinally, numbers by value; empty for regression.</param>
/// <param name="Rows">Rows of the table whose targets are all known, rising; shape [n].</param>
/// <param name="Labels">Shape [n]; empty for regression.</param>
/// <param name="Values">In the targets' own units, one array of shape [n] a target; empty for classification.</param>
internal sealed record TargetColumns(
    LearningTask Task, IReadOnlyList<string> Names, IReadOnlyList<string> Classes, int[] Rows, int[] Labels, IReadOnlyList<double[]> Values)
{
    /// <summary>A numeric target of whole numbers with at most so many distinct values is taken for classes.</summary>
    public const int MostInferredClasses = 20;

    /// <exception cref="SpecException">Every target that is no column, has nothing to learn in it or does not fit the task; <c>data.target</c>.</exception>
    public static TargetColumns Read(SourceTable table, DataSpec spec)
    {
        var faults = new List<SpecError>();
        var columns = Find(table, spec, faults);
        ThrowAny(faults);
        var task = spec.Targets.Count > 1 ? LearningTask.Regression : spec.Task ?? Infer(columns[0]);
        for (var i = 0; i < columns.Count; i++)
        {
            var fault = columns[i].Missing == columns[i].Count ? ($"every cell of '{columns[i].Name}' is missing", null)
                : task == LearningTask.Classification ? RefuseClasses(columns[i])
                : RefuseNumbers(columns[i]);
            if (fault is var (problem, hint))
            {
                faults.Add(new SpecError(PathOf(spec, i), problem, hint));
            }
        }

        ThrowAny(faults);
        var rows = KnownRows(columns, table.Rows);
        return task == LearningTask.Classification ? Classify(columns[0], rows) : Regress(spec, columns, rows);
    }

    /// <summary><c>data.target</c>, or the place in its list.</summary>
    private static string PathOf(DataSpec spec, int index) =>
        spec.Targets.Count == 1 ? "data.target" : string.Create(CultureInfo.InvariantCulture, $"data.target[{index}]");

    private static List<TableColumn> Find(SourceTable table, DataSpec spec, List<SpecError> faults)
    {
        var columns = new List<TableColumn>();
        var names = table.Columns.Select(c => c.Name).ToArray();
        for (var i = 0; i < spec.Targets.Count; i++)
        {
            if (table.Columns.FirstOrDefault(c => c.Name == spec.Targets[i]) is { } column)
            {
                columns.Add(column);
                continue;
            }

            faults.Add(new SpecError(
                PathOf(spec, i),
                $"'{spec.Source}' has no column '{spec.Targets[i]}'",
                NearestName.Find(spec.Targets[i], names) is { } near ? $"Did you mean '{near}'?" : $"Its columns are {NameList.Join(names)}."));
        }

        return columns;
    }

    private static LearningTask Infer(TableColumn column)
    {
        if (column.Kind == ColumnKind.Categorical || column.HoldsClasses)
        {
            return LearningTask.Classification;
        }

        return !column.IsBeyondCounting && column.Distinct <= MostInferredClasses && column.DistinctNumbers().All(double.IsInteger)
            ? LearningTask.Classification
            : LearningTask.Regression;
    }

    private static (string Problem, string? Hint)? RefuseClasses(TableColumn column) => column.HasTooManyCategories || column.IsBeyondCounting
        ? ($"'{column.Name}' has more than {Text(TableColumn.MaxCategories)} distinct values, too many for classes",
            column.Kind == ColumnKind.Numeric ? "Write 'task: regression'." : "Choose another target.")
        : null;

    private static (string Problem, string? Hint)? RefuseNumbers(TableColumn column) => column.Kind == ColumnKind.Categorical
        ? ($"'{column.Name}' is not numeric ('{column.FirstText}', {column.FirstTextPlace}), as regression needs",
            "Write 'task: classification', or choose another target.")
        : null;

    private static TargetColumns Classify(TableColumn column, int[] rows)
    {
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
            ? new TargetColumns(LearningTask.Classification, [column.Name], classes, rows, labels, [])
            : throw Fault("data.target", $"every row has the class '{classes[0]}': there is nothing to learn", "Choose another target.");
    }

    private static TargetColumns Regress(DataSpec spec, List<TableColumn> columns, int[] rows)
    {
        if (rows.Length == 0)
        {
            throw Fault("data.target", $"no row has a value of all of {NameList.Join(spec.Targets)}", "Leave out the target that is missing most often.");
        }

        var values = columns.ConvertAll(column => Array.ConvertAll(rows, column.Number));
        var faults = new List<SpecError>();
        for (var i = 0; i < values.Count; i++)
        {
            if (!values[i].AsSpan().ContainsAnyExcept(values[i][0]))
            {
                var value = values[i][0].ToString("R", CultureInfo.InvariantCulture);
                faults.Add(new SpecError(
                    PathOf(spec, i),
                    $"every row has the value {value}{(values.Count > 1 ? $" of '{columns[i].Name}'" : "")}: there is nothing to learn",
                    "Choose another target."));
            }
        }

        ThrowAny(faults);
        return new TargetColumns(LearningTask.Regression, spec.Targets, [], rows, [], values);
    }

    private static int[] KnownRows(List<TableColumn> columns, int count)
    {
        var known = new List<int>(count);
        for (var row = 0; row < count; row++)
        {
            if (columns.TrueForAll(c => !c.IsMissing(row)))
            {
                known.Add(row);
            }
        }

        return [.. known];
    }

    private static void ThrowAny(List<SpecError> faults)
    {
        if (faults.Count > 0)
        {
            throw new SpecException(faults);
        }
    }

    private static SpecException Fault(string path, string problem, string? hint = null) => new([new SpecError(path, problem, hint)]);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
