using System.CommandLine;
using System.Globalization;
using TuningCluster.Coordinator.Search;
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
            StudySpec spec;
            try
            {
                spec = source.Parse();
            }
            catch (SpecException fault)
            {
                return source.Explain(terminal, fault, located: true);
            }

            try
            {
                Report(terminal, spec, Resolve(services, source, spec));
                return ExitCode.Done;
            }
            catch (SpecException fault)
            {
                return source.Explain(terminal, fault, located: false);
            }
        });
        return command;
    }

    private static (DataSummary Summary, ResolvedData Resolved)? Resolve(CliServices services, StudySource source, StudySpec spec)
    {
        if (spec.Data is not { } data)
        {
            return null;
        }

        var inspector = services.DataInspector();
        var path = Path.GetFullPath(data.Source, source.BaseDirectory);
        var resolved = inspector.Resolve(data, path);
        StudyFile.Resolved(spec, resolved.Spec);
        return (inspector.Summarize(path), resolved);
    }

    private static void Report(Terminal terminal, StudySpec spec, (DataSummary Summary, ResolvedData Resolved)? data)
    {
        Row("study", spec.Name);
        if (data is var (summary, resolved))
        {
            var target = resolved.Spec.Task == LearningTask.Classification ? $"{resolved.OutputWidth} classes" : "regression";
            Row("data", string.Create(CultureInfo.InvariantCulture, $"{spec.Data!.Source}: {summary.Rows} rows, {resolved.InputWidth} inputs, {target}"));
        }

        var parameters = $"{spec.Space.Parameters.Count} parameter{(spec.Space.Parameters.Count == 1 ? "" : "s")}";
        Row("space", SamplerFactory.Create(spec).Size is { } size ? string.Create(CultureInfo.InvariantCulture, $"{parameters}, {size} points") : parameters);
        Row("strategy", spec.Strategy.Name);
        Row("budget", ShowCommand.Budget(spec.Budget) is { Length: > 0 } budget ? budget : "all points");
        foreach (var note in data?.Resolved.Notes ?? [])
        {
            terminal.Error.WriteLine($"note: {note}");
        }

        void Row(string title, string value) => terminal.Out.WriteLine(title.PadRight(10) + value);
    }
}
