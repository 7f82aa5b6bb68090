using System.CommandLine;
using System.Globalization;
using TuningCluster.Coordinator.Cli.Rendering;
using TuningCluster.Coordinator.Views;
using TuningCluster.Coordinator.Search.Importance;

namespace TuningCluster.Coordinator.Cli;

/// <summary><c>tuning importance NAME</c>: which parameters tell good trials from others.</summary>
internal static class ImportanceCommand
{
    private static readonly IReadOnlyList<string> Columns = ["parameter", "importance", "amongBest"];

    public static Command Create(CliServices services, Terminal terminal)
    {
        var name = Verb.StudyName();
        var storage = Verb.Storage();
        var to = Verb.To();
        var output = Verb.Output();
        var command = new Command("importance", "Tells which parameters matter, overall and among the best trials.") { name, storage, to, output };
        command.SetAction(async (parsed, cancel) =>
        {
            var gateway = Verb.Open(services, parsed.GetValue(storage), parsed.GetValue(to));
            var studyName = parsed.GetRequiredValue(name);
            var shares = await gateway.Importance(studyName, cancel).ConfigureAwait(false)
                ?? throw await Verb.Unknown(studyName, gateway, cancel).ConfigureAwait(false);
            var printer = new DataPrinter(terminal, parsed.GetValue(output));
            printer.Many(() => shares.Select(ViewJson.Importance), Columns, () => Table(shares, printer));
            return ExitCode.Done;
        });
        return command;
    }

    private static string Table(IReadOnlyList<ParameterShare> shares, DataPrinter printer)
    {
        if (shares.Any(s => double.IsNaN(s.Overall)))
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"Too few trials: of the best tenth there must be {ParameterImportance.Least}, which takes {(ParameterImportance.Least * 10) - 9} complete, pruned or diverged trials.");
        }

        var table = new TextTable("parameter", "importance", "among the best").Right(1, 2);
        foreach (var share in shares)
        {
            table.Add(share.Parameter, Percent(share.Overall), Percent(share.AmongBest));
        }

        return table.Write(printer.TableWidth, printer.Color);
    }

    private static string Percent(double share) => double.IsNaN(share) ? "" : share.ToString("0.0 %", CultureInfo.InvariantCulture);
}
