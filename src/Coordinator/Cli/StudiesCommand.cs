using System.CommandLine;
using System.Globalization;
using TuningCluster.Coordinator.Cli.Rendering;
using TuningCluster.Coordinator.Views;

namespace TuningCluster.Coordinator.Cli;

/// <summary><c>tuning studies</c>: every study of the store.</summary>
internal static class StudiesCommand
{
    public static Command Create(CliServices services, Terminal terminal)
    {
        var storage = Verb.Storage();
        var to = Verb.To();
        var output = Verb.Output();
        var command = new Command("studies", "Lists the studies of the store.") { storage, to, output };
        command.SetAction(async (parsed, cancel) =>
        {
            var studies = await Verb.Open(services, parsed.GetValue(storage), parsed.GetValue(to)).Studies(cancel).ConfigureAwait(false);
            var format = parsed.GetValue(output);
            if (studies.Count == 0 && format == OutputFormat.Table)
            {
                terminal.Error.WriteLine("No studies yet: 'tuning run FILE' or 'tuning run demo' makes one.");
                return ExitCode.Done;
            }

            var printer = new DataPrinter(terminal, format);
            printer.Many(() => studies.Select(ViewJson.Study), ViewJson.StudyColumns, () => Table(studies, printer));
            return ExitCode.Done;
        });
        return command;
    }

    private static string Table(IReadOnlyList<StudyView> studies, DataPrinter printer)
    {
        var table = new TextTable("study", "state", "trials", "best", "metric", "strategy", "time").Right(2, 3, 6);
        foreach (var study in studies)
        {
            var done = study.Counts.Where(c => c.Key is "complete" or "pruned" or "failed" or "diverged").Sum(c => c.Value);
            table.Add(
                study.Name,
                study.State,
                study.Budget.Trials is { } trials
                    ? string.Create(CultureInfo.InvariantCulture, $"{done}/{trials}")
                    : done.ToString(CultureInfo.InvariantCulture),
                study.Objectives.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $"front of {study.Best.Count}") : Numbers.Short(study.Best is [var best] ? best.Value : null),
                string.Join(", ", study.Objectives.Select(o => o.Metric)),
                study.Strategy,
                Numbers.Short(study.Elapsed));
        }

        return table.Write(printer.TableWidth, printer.Color);
    }
}
