using System.CommandLine;
using System.Globalization;
using System.Text;
using TuningCluster.Coordinator.Cli.Rendering;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Cli;

/// <summary><c>tuning best NAME</c>: the best trial, or with several objectives the Pareto front.</summary>
internal static class BestCommand
{
    public static Command Create(CliServices services, Terminal terminal)
    {
        var name = Verb.StudyName();
        var storage = Verb.Storage();
        var to = Verb.To();
        var output = Verb.Output();
        var command = new Command("best", "Prints the best trial of a study: value, parameters, metrics; with several objectives all that no other one beats.") { name, storage, to, output };
        command.SetAction(async (parsed, cancel) =>
        {
            var gateway = Verb.Open(services, parsed.GetValue(storage), parsed.GetValue(to));
            var studyName = parsed.GetRequiredValue(name);
            var study = await gateway.Show(studyName, cancel).ConfigureAwait(false)
                ?? throw await Verb.Unknown(studyName, gateway, cancel).ConfigureAwait(false);
            if (study.Best.Count == 0)
            {
                var what = study.Counts["complete"] == 0 ? "complete trial" : "trial that fulfils the constraints";
                return FaultReport.Tell(
                    terminal,
                    $"study '{studyName}' has no {what}{(study.State is "running" or "paused" or "draining" ? " yet" : "")}",
                    $"'tuning trials {studyName}' shows what became of its trials.",
                    ExitCode.NoUsableTrial);
            }

            var printer = new DataPrinter(terminal, parsed.GetValue(output));
            if (study.Objectives.Count > 1)
            {
                printer.Many(() => study.Best.Select(ViewJson.Best), ViewJson.FrontColumns, () => FrontTable.Write([.. study.Objectives.Select(o => o.Metric)], study.Best, printer));
            }
            else
            {
                printer.One(() => ViewJson.Best(study.Best[0]), ViewJson.BestColumns, () => Table(study, study.Best[0]));
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static string Table(StudyView study, BestView best)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"study       {best.Study} ({study.State})\n");
        text.Append(CultureInfo.InvariantCulture, $"trial       {best.Number} ({best.State.Word()}, {best.Attempts} attempt{(best.Attempts == 1 ? "" : "s")})\n");
        text.Append(CultureInfo.InvariantCulture, $"value       {Numbers.Short(best.Value)} ({study.Objectives[0].Metric}, {Words.Of(study.Objectives[0].Direction)})\n");
        if (best.Again.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"again       {Again(best)}\n");
        }

        Section(text, "parameters", best.Parameters.Select(p => (p.Key, Numbers.Short(p.Value))));
        Section(text, "metrics", best.Metrics.Select(m => (m.Key, Numbers.Short(m.Value))));
        return text.ToString().TrimEnd('\n');
    }

    /// <summary><c>0.0412 ± 0.0021 over 3 other seeds</c>.</summary>
    public static string Again(BestView best) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Numbers.Short(best.Mean)}{(best.Deviation is { } deviation ? $" ± {Numbers.Short(deviation)}" : "")} over {best.Again.Count} other seed{(best.Again.Count == 1 ? "" : "s")}");

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
