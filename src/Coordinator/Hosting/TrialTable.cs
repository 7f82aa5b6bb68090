using System.Globalization;
using Sylvan.Data.Csv;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Text;

namespace TuningCluster.Coordinator.Hosting;

/// <summary>A CSV file of trials, for a warm start: what <c>tuning trials NAME -o csv</c> prints, Optuna's <c>trials_dataframe</c> and Ray Tune's <c>get_dataframe</c>, or a
/// table by hand.</summary>
/// <remarks>
/// A parameter's column bears its name, alone or after <c>parameters.</c>, <c>params_</c> or <c>config/</c>; a metric's its name, alone or after <c>metrics.</c>. The first objective may be
/// called <c>value</c> too, one of several <c>values_0</c>, <c>values_1</c>, …. A column <c>state</c> may say which rows are complete or diverged; others are passed over.
/// </remarks>
internal sealed class TrialTable
{
    private const string Key = "warm_start.csv";
    // The plain name last: a parameter may be called 'state' or 'number'.
    private static readonly string[] OfParameters = ["parameters.", "params_", "config/", ""];
    private static readonly string[] OfMetrics = ["metrics.", ""];

    private readonly StudySpec _spec;
    private readonly string _source;
    private readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);

    private TrialTable(StudySpec spec, string source) => (_spec, _source) = (spec, source);

    /// <param name="spec">Of the study that starts from it.</param>
    /// <param name="baseDirectory">What its path is relative to.</param>
    /// <exception cref="SpecException">It cannot be read, or nothing of it is of use.</exception>
    public static WarmStart Read(StudySpec spec, string baseDirectory)
    {
        var source = spec.WarmStart!.Csv!;
        try
        {
            using var text = File.OpenText(Path.GetFullPath(source, baseDirectory));
            return WarmStart.Fit(spec, new TrialTable(spec, source).Rows(text), "csv", $"'{source}'");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Fault($"there is no file '{source}'", "a path is relative to the study file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CsvFormatException)
        {
            throw Fault($"'{source}' cannot be read: {e.Message}", null);
        }
    }

    private List<EarlierTrial> Rows(TextReader text)
    {
        // No character starts a comment; this one never is in a text.
        using var reader = CsvDataReader.Create(text, new CsvDataReaderOptions { HasHeaders = true, Comment = '\uFFFF', MaxBufferSize = 1 << 26 });
        for (var i = 0; i < reader.FieldCount; i++)
        {
            if (!_columns.TryAdd(reader.GetName(i).Trim(), i))
            {
                throw Fault($"'{_source}' has two columns '{reader.GetName(i)}'", "give each column a name of its own");
            }
        }

        CheckColumns();
        var trials = new List<EarlierTrial>();
        while (reader.Read())
        {
            // A quoted cell may span lines: rows are what can be counted for certain.
            var name = string.Create(CultureInfo.InvariantCulture, $"row {reader.RowNumber}");
            if (reader.RowFieldCount == 1 && string.IsNullOrWhiteSpace(reader.GetString(0)))
            {
                continue;
            }

            if (reader.RowFieldCount != _columns.Count)
            {
                throw Fault($"{name} of '{_source}' has {reader.RowFieldCount} cells, its header has {_columns.Count}", "put cells that contain a comma between double quotes");
            }

            if (Trial(reader, name) is { } trial)
            {
                trials.Add(trial);
            }
        }

        return trials;
    }

    /// <summary>What no row could make good.</summary>
    private void CheckColumns()
    {
        var faults = new List<SpecError>();
        // One that depends on others may never have been active.
        foreach (var parameter in _spec.Space.Parameters.Where(p => p.Default is null && p.When.Count == 0 && Column(p.Name, OfParameters) is null))
        {
            var near = NearestName.Find(parameter.Name, _columns.Keys);
            faults.Add(new SpecError(
                Key, $"'{_source}' has no column '{parameter.Name}'", near is null ? $"add one, or give the parameter {parameter.Name} a default:" : $"its column '{near}' may be meant"));
        }

        if (ObjectiveColumn(0) is null)
        {
            faults.Add(new SpecError(Key, $"'{_source}' has no column '{_spec.Objective.Metric}', nor 'value'", "name the column of the objective so"));
        }

        if (faults.Count > 0)
        {
            throw new SpecException(faults);
        }
    }

    /// <summary>Null when the row is no trial that ended by itself.</summary>
    private EarlierTrial? Trial(CsvDataReader row, string name)
    {
        var diverged = false;
        if (_columns.TryGetValue("state", out var column) && Cell(row, column) is { } state)
        {
            switch (state[(state.LastIndexOf('.') + 1)..].ToUpperInvariant())
            {
                case "COMPLETE" or "COMPLETED" or "TERMINATED":
                    break;
                case "DIVERGED":
                    diverged = true;
                    break;
                default:
                    return null;
            }
        }

        var values = new Dictionary<string, IReadOnlyList<ParameterValue>>(StringComparer.Ordinal);
        foreach (var known in _spec.Space.Parameters.Select(p => p.Name).Concat(_spec.Model.Keys))
        {
            if (Cell(row, Column(known, OfParameters)) is { } written)
            {
                values.Add(known, Meanings(written));
            }
        }

        var metrics = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var metric in _spec.MetricConstraints.SelectMany(c => c.Names).Concat(_spec.Objectives.Select(o => o.Metric)).Distinct())
        {
            if (Cell(row, Column(metric, OfMetrics)) is { } written)
            {
                metrics.Add(metric, Number(written, name, metric));
            }
        }

        return new EarlierTrial(name, values, diverged ? [] : [.. _spec.Objectives.Select((o, i) => Objective(row, i, metrics, name))], metrics);
    }

    private double? Objective(CsvDataReader row, int index, Dictionary<string, double> metrics, string name) =>
        metrics.TryGetValue(_spec.Objectives[index].Metric, out var metric) ? metric
        : ObjectiveColumn(index) is { } column && Cell(row, column) is { } written ? Number(written, name, row.GetName(column))
        : null;

    private int? ObjectiveColumn(int index) =>
        Column(_spec.Objectives[index].Metric, OfMetrics) ?? (index == 0 ? Column("value", [""]) : null) ?? Column(string.Create(CultureInfo.InvariantCulture, $"values_{index}"), [""]);

    private int? Column(string name, string[] prefixes) => prefixes.Where(p => _columns.ContainsKey(p + name)).Select(p => (int?)_columns[p + name]).FirstOrDefault();

    /// <summary>Null when there is none, when it is empty, or what pandas writes for nothing.</summary>
    private static string? Cell(CsvDataReader row, int? column) =>
        column is { } index && row.GetString(index).Trim() is { Length: > 0 } text && text is not ("NaN" or "nan" or "None") ? text : null;

    private double Number(string written, string name, string column) =>
        double.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : written.TrimStart('+', '-').StartsWith("inf", StringComparison.OrdinalIgnoreCase) ? double.PositiveInfinity
        : throw Fault($"{column} in {name} of '{_source}' is '{written}', no number", "write numbers with a decimal point");

    /// <summary>All that a cell may mean, the likeliest last: pandas writes whole numbers beside empty cells as 64.0, and truth values as True.</summary>
    private static List<ParameterValue> Meanings(string cell)
    {
        var meanings = new List<ParameterValue>();
        if (bool.TryParse(cell, out var truth))
        {
            meanings.Add(ParameterValue.Bool(truth));
        }

        var isNumber = double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number);
        if (isNumber && Math.Abs(number) < 1L << 53 && number == Math.Floor(number))
        {
            meanings.Add(ParameterValue.Int((long)number));
        }

        if (isNumber)
        {
            meanings.Add(ParameterValue.Float(number));
        }

        meanings.Add(ParameterValue.Text(cell));
        return meanings;
    }

    private static SpecException Fault(string problem, string? hint) => new([new SpecError(Key, problem, hint)]);
}
