using System.CommandLine;
using System.Globalization;
using TuningCluster.Coordinator.Cli.Rendering;
using TuningCluster.Coordinator.Views;

namespace TuningCluster.Coordinator.Cli;

/// <summary><c>tuning audit NAME</c>: proves from the journal that nothing was lost or counted twice.</summary>
internal static class AuditCommand
{
    private static readonly IReadOnlyList<string> Columns = ["study", "id", "events", "trials", "checks", "faults"];

    public static Command Create(CliServices services, Terminal terminal)
    {
        var name = Verb.StudyName();
        var storage = Verb.Storage();
        var to = Verb.To();
        var output = Verb.Output();
        var command = new Command("audit", "Proves from the journal that no trial was lost or counted twice.") { name, storage, to, output };
        command.SetAction(async (parsed, cancel) =>
        {
            var gateway = Verb.Open(services, parsed.GetValue(storage), parsed.GetValue(to));
            var studyName = parsed.GetRequiredValue(name);
            var report = await gateway.Audit(studyName, cancel).ConfigureAwait(false)
                ?? throw await Verb.Unknown(studyName, gateway, cancel).ConfigureAwait(false);
            new DataPrinter(terminal, parsed.GetValue(output)).One(() => ViewJson.Audit(report), Columns, () => Table(report));

            // A broken promise is this program's fault, whoever killed what.
            return report.Faults.Count == 0 ? ExitCode.Done : ExitCode.InternalError;
        });
        return command;
    }

    private static string Table(AuditReport report)
    {
        var found = report.Faults.Count switch
        {
            0 => "no fault",
            1 => "1 fault",
            var n => $"{n} faults",
        };
        var lines = report.Checks.Select(c => $"  {c}")
            .Prepend(string.Create(CultureInfo.InvariantCulture, $"study {report.Study}: {report.Events} events, {report.Trials} trials. Checked:"))
            .Append(report.Faults.Count == 0 ? "All hold: no fault." : $"{found}:")
            .Concat(report.Faults.Select(f => $"  {f}"));
        return string.Join('\n', lines);
    }
}
