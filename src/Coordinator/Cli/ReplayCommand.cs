using System.CommandLine;
using System.Globalization;
using TuningCluster.Coordinator.Cli.Rendering;
using TuningCluster.Coordinator.Views;

namespace TuningCluster.Coordinator.Cli;

/// <summary><c>tuning replay NAME</c>: draws the recorded suggestions again.</summary>
internal static class ReplayCommand
{
    private static readonly IReadOnlyList<string> Columns = ["study", "id", "checked", "difference"];

    public static Command Create(CliServices services, Terminal terminal)
    {
        var name = Verb.StudyName();
        var storage = Verb.Storage();
        var to = Verb.To();
        var output = Verb.Output();
        var command = new Command("replay", "Draws every suggestion again and compares it with the journal.") { name, storage, to, output };
        command.SetAction(async (parsed, cancel) =>
        {
            var gateway = Verb.Open(services, parsed.GetValue(storage), parsed.GetValue(to));
            var studyName = parsed.GetRequiredValue(name);
            var report = await gateway.Replay(studyName, cancel).ConfigureAwait(false)
                ?? throw await Verb.Unknown(studyName, gateway, cancel).ConfigureAwait(false);
            new DataPrinter(terminal, parsed.GetValue(output)).One(() => ViewJson.Replay(report), Columns, () => Table(report));

            // Another program, or a journal that was changed: either way not what the user did.
            return report.Difference is null ? ExitCode.Done : ExitCode.InternalError;
        });
        return command;
    }

    private static string Table(ReplayReport report) => report.Difference is { } difference
        ? $"study {report.Study}: {difference}"
        : string.Create(CultureInfo.InvariantCulture, $"study {report.Study}: {report.Checked} suggestions drawn again. All agree with the journal.");
}
