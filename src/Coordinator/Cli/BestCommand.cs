using System.CommandLine;
using System.Globalization;
using System.Text;
using TuningCluster.Coordinator.Cli.Rendering;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Cli;

/// <summary><c>tuning best NAME</c>: the best trial.</summary>
internal static class BestCommand
{
    public static Command Create(CliServices services, Terminal terminal)
    {
        var name = Verb.StudyName();
        var storage = Verb.Storage();
        var output = Verb.Output();
        var command = new Command("best", "Prints the best trial of a study: value, parameters, metrics.") { name, storage, output };
        command.SetAction(async (parsed, cancel) =>
        {
            var gateway = services.OpenStore(parsed.GetValue(storage));
            var studyName = parsed.GetRequiredValue(name);
            var study = await gateway.Show(studyName, cancel).ConfigureAwait(false)
                ?? throw await Verb.Unknown(studyName, gateway, cancel).ConfigureAwait(false);
            if (study.Best is not { } best)
            {
                return FaultReport.Tell(
                    terminal,
                    $"study '{studyName}' has no complete trial{(study.State is "running" or "paused" or "draining" ? " yet" : "")}",
                    $"'tuning trials {studyName}' shows what became of its trials.",
                    ExitCode.NoUsableTrial);
            }

            new DataPrinter(terminal, parsed.GetValue(output)).One(() => ViewJson.Best(best), ViewJson.BestColumns, () => Table(study, best));
            return ExitCode.Done;
        });
        return command;
    }

    private static string Table(StudyView study, BestView best)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"study       {best.Study} ({study.State})\n");
        text.Append(CultureInfo.InvariantCulture, $"trial       {best.Number} ({best.State.Word()}, {best.Attempts} attempt{(best.Attempts == 1 ? "" : "s")})\n");
        text.Append(CultureInfo.InvariantCulture, $"value       {Numbers.Short(best.Value)} ({study.Metric}, {study.Direction.ToString().ToLowerInvariant()})\n");
        Section(text, "parameters", best.Parameters.Select(p => (p.Key, Numbers.Short(p.Value))));
        Section(text, "metrics", best.Metrics.Select(m => (m.Key, Numbers.Short(m.Value))));
        return text.ToString().TrimEnd('\n');
    }

    private static void Section(StringBuilder text, string title, IEnumerable<(string Name, string Value)> rows)
    {
        var all = rows.ToList();
        var width = all.Select(r => r.Name.Length).DefaultIfEmpty().Max();
        for (var i = 0; i < all.Count; i++)
        {
            text.Append((i == 0 ? title : "").PadRight(12)).Append(all[i].Name.PadRight(width)).Append("  ").Append(all[i].Value).Append('\n');
        }
    }
}
