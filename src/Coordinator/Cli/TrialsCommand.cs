using System.CommandLine;
using System.Globalization;
using TuningCluster.Coordinator.Cli.Rendering;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Cli;

/// <summary><c>tuning trials NAME</c>: every trial.</summary>
internal static class TrialsCommand
{
    public static Command Create(CliServices services, Terminal terminal)
    {
        var name = Verb.StudyName();
        var storage = Verb.Storage();
        var to = Verb.To();
        var output = Verb.Output();
        var command = new Command("trials", "Prints every trial of a study.") { name, storage, to, output };
        command.SetAction(async (parsed, cancel) =>
        {
            var gateway = Verb.Open(services, parsed.GetValue(storage), parsed.GetValue(to));
            var studyName = parsed.GetRequiredValue(name);
            var trials = await gateway.Trials(studyName, cancel).ConfigureAwait(false)
                ?? throw await Verb.Unknown(studyName, gateway, cancel).ConfigureAwait(false);
            var printer = new DataPrinter(terminal, parsed.GetValue(output));
            var columns = trials.Any(t => t.Violations is not null) ? ViewJson.ConstrainedTrialColumns : ViewJson.TrialColumns;
            columns = trials.Any(t => t.CopyOf is not null) ? [.. columns, .. ViewJson.CopyColumns] : columns;
            columns = trials.Any(t => t.Segment is not null) ? [.. columns, .. ViewJson.SegmentColumns] : columns;
            printer.Many(() => trials.Select(ViewJson.Trial), columns, () => Table(trials, printer));
            return ExitCode.Done;
        });
        return command;
    }

    private static string Table(IReadOnlyList<TrialView> trials, DataPrinter printer)
    {
        var table = new TextTable("trial", "state", "value", "steps", "time", "parameters").Right(0, 2, 3, 4);
        foreach (var trial in trials)
        {
            table.Add(
                trial.Number.ToString(CultureInfo.InvariantCulture),
                trial.State.Word(),
                trial.Values.Count > 1 ? string.Join(", ", trial.Values.Select(v => Numbers.Short(v))) : Numbers.Short(trial.Value),
                trial.Intermediate.Count == 0 ? "–" : trial.Intermediate[^1].Step.ToString(CultureInfo.InvariantCulture),
                trial is { StartedAt: { } from, FinishedAt: { } to } ? Numbers.Short(to - from) : "–",
                Numbers.Short(trial.Parameters) + (Note(trial) is { } note ? $"  ({note})" : ""));
        }

        return table.Write(printer.TableWidth, printer.Color);
    }

    private static string? Note(TrialView trial) =>
        trial.Violations?.Where(v => !(v.Value <= 0)).Select(v => v.Key).ToList() is { Count: > 0 } violated ? $"violates {string.Join("; ", violated)}"
        : trial.Reason ?? (trial.CopyOf is { } original ? string.Create(CultureInfo.InvariantCulture, $"trial {original} again") : null);
}
