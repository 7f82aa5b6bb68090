using System.CommandLine;
using System.Globalization;
using TuningCluster.Coordinator.Search.Auto;
using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Search.Pbt;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Data;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Cli;

/// <summary><c>tuning check FILE</c>: everything wrong with a study file at once; starts nothing, leaves nothing.</summary>
internal static class CheckCommand
{
    public static Command Create(CliServices services, Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "A study file, or 'demo'." };
        var command = new Command("check", "Checks a study file and its data; starts nothing, leaves nothing.") { file };
        command.SetAction(parsed =>
        {
            var source = StudySource.Read(services, parsed.GetRequiredValue(file));
            var study = StudyFile.Parse(source.Text, source.FileName);
            if (study.Spec is not { } spec)
            {
                return source.Explain(terminal, new SpecException(WithDataFaults(services, source, study)), located: true);
            }

            try
            {
                var data = Resolve(services, source, spec);
                ConstraintFaults.ThrowIfAny(spec);
                Report(terminal, spec, data, spec.WarmStart?.Csv is null ? WarmStart.None : services.TrialTable(spec, source.BaseDirectory));
                return ExitCode.Done;
            }
            catch (SpecException fault)
            {
                return source.Explain(terminal, fault, located: false);
            }
        });
        return command;
    }

    /// <summary>The file's faults and, when its data section can be followed, those of the data, in the order of the file.</summary>
    private static IReadOnlyList<SpecError> WithDataFaults(CliServices services, StudySource source, ParsedStudyFile study)
    {
        if (study.Data is not { } data)
        {
            return study.Errors;
        }

        try
        {
            Inspect(services, source, data);
            return study.Errors;
        }
        catch (SpecException fault)
        {
            var located = fault.Errors.Select(e => SpecPlace.Locate(e, source.Text));
            return [.. study.Errors.Concat(located).OrderBy(e => e.Line).ThenBy(e => e.Column)];
        }
    }

    private static ResolvedData Inspect(CliServices services, StudySource source, DataSpec data) =>
        services.DataInspector().Resolve(data, Path.GetFullPath(data.Source, source.BaseDirectory));

    private static ResolvedData? Resolve(CliServices services, StudySource source, StudySpec spec)
    {
        if (spec.Data is not { } data)
        {
            return null;
        }

        var resolved = Inspect(services, source, data);
        StudyFile.Resolved(spec, resolved);
        return resolved;
    }

    private static void Report(Terminal terminal, StudySpec spec, ResolvedData? data, WarmStart warm)
    {
        Row("study", spec.Name);
        if (data is not null)
        {
            Row("data", $"{data.Spec.Source}: {Shape(data)}");
        }

        var parameters = $"{spec.Space.Parameters.Count} parameter{(spec.Space.Parameters.Count == 1 ? "" : "s")}";
        Row("space", spec.Strategy.Name == "grid" && SamplerFactory.Create(spec).Size is { } size ? string.Create(CultureInfo.InvariantCulture, $"{parameters}, {size} points") : parameters);
        if (spec.FurtherObjectives.Count > 0)
        {
            Row("goals", string.Join(", ", spec.Objectives.Select(o => $"{Words.Of(o.Direction)} {o.Metric}")));
        }

        foreach (var constraint in spec.Space.Constraints)
        {
            Row("always", constraint.Text);
        }

        foreach (var constraint in spec.MetricConstraints)
        {
            Row("sought", constraint.Text);
        }

        Row("strategy", spec.Strategy.Name == "auto" && AutoChoice.For(spec.Space, spec.Budget.Trials + warm.Trials.Count, spec.Objectives.Count) is var choice
            ? $"auto: {choice.Strategy}, since {choice.Reason}"
            : Population.Of(spec) is { } population ? $"{spec.Strategy.Name}: {population.Settings}"
            : spec.Strategy.Name);
        Row("budget", ShowCommand.Budget(spec.Budget) is { Length: > 0 } budget ? budget : spec.Strategy.Name == "grid" ? "all points" : "all trials");
        if (spec.WarmStart is { } from)
        {
            Row("from", from.Csv is null ? $"{from}, looked up when the study is run" : string.Create(CultureInfo.InvariantCulture, $"{from}: {warm.Trials.Count} trials"));
        }

        foreach (var note in (data?.Notes ?? []).Concat(warm.Notes))
        {
            terminal.Error.WriteLine($"note: {note}");
        }

        void Row(string title, string value) => terminal.Out.WriteLine(title.PadRight(10) + value);
    }

    private static string Shape(ResolvedData data)
    {
        var embedded = data.EmbeddedColumns switch
        {
            0 => "",
            1 => ", 1 embedded column",
            var count => string.Create(CultureInfo.InvariantCulture, $", {count} embedded columns"),
        };
        var folds = data.Spec.Split.Folds is { } parts ? string.Create(CultureInfo.InvariantCulture, $", {parts} folds") : "";
        var target = data.Spec.Task == LearningTask.Classification ? $"{data.OutputWidth} classes"
            : data.OutputWidth == 1 ? "regression"
            : $"regression of {data.OutputWidth} targets";
        return string.Create(CultureInfo.InvariantCulture, $"{data.Rows} rows, {data.InputWidth} inputs{embedded}, {target}{folds}, {ByteSize.Rounded(data.MemoryBytes)} in memory");
    }
}
