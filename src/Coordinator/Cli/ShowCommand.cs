using System.CommandLine;
using System.Globalization;
using System.Text;
using TuningCluster.Coordinator.Cli.Rendering;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Cli;

/// <summary><c>tuning show NAME</c>: where a study stands.</summary>
internal static class ShowCommand
{
    public static Command Create(CliServices services, Terminal terminal)
    {
        var name = Verb.StudyName();
        var storage = Verb.Storage();
        var to = Verb.To();
        var output = Verb.Output();
        var command = new Command("show", "Prints where a study stands: state, counts, budget, best trial.") { name, storage, to, output };
        command.SetAction(async (parsed, cancel) =>
        {
            var gateway = Verb.Open(services, parsed.GetValue(storage), parsed.GetValue(to));
            var studyName = parsed.GetRequiredValue(name);
            var study = await gateway.Show(studyName, cancel).ConfigureAwait(false)
                ?? throw await Verb.Unknown(studyName, gateway, cancel).ConfigureAwait(false);
            new DataPrinter(terminal, parsed.GetValue(output)).One(() => ViewJson.Study(study), ViewJson.StudyColumns, () => Table(study));
            return ExitCode.Done;
        });
        return command;
    }

    private static string Table(StudyView study)
    {
        var text = new StringBuilder();
        Row("study", $"{study.Name} ({study.Id})");
        Row("state", study.Reason is { } reason ? $"{study.State}: {reason}" : study.State);
        Row("objective", string.Join(", ", study.Objectives.Select(o => $"{Words.Of(o.Direction)} {o.Metric}")));
        Row("strategy", string.Create(CultureInfo.InvariantCulture, $"{study.Strategy}, seed {study.Seed}"));
        if (study.WarmStart is { } start)
        {
            Row("from", string.Create(CultureInfo.InvariantCulture, $"{start.From}, {start.Trials} trials"));
        }

        Row("budget", Budget(study.Budget));
        Row("trials", string.Join(", ", study.Counts.Where(c => c.Value > 0).Select(c => $"{c.Value} {c.Key}")));
        Row("time", Numbers.Short(study.Elapsed));
        if (study.Objectives.Count > 1)
        {
            Row("front", string.Create(CultureInfo.InvariantCulture, $"{study.Best.Count} trials: 'tuning best {study.Name}' shows them"));
        }
        else if (study.Best is [var best])
        {
            Row("best", string.Create(CultureInfo.InvariantCulture, $"{Numbers.Short(best.Value)} (trial {best.Number})"));
            Row("", Numbers.Short(best.Parameters));
        }

        return text.ToString().TrimEnd('\n');

        void Row(string title, string value) => text.Append(title.PadRight(11)).Append(value.Length == 0 ? "none" : value).Append('\n');
    }

    /// <summary>A budget as words: <c>60 trials, 10m00s, target 0.05</c>.</summary>
    public static string Budget(BudgetSpec budget)
    {
        var parts = new List<string>();
        Add(budget.Trials, v => $"{v} trials");
        Add(budget.Time, v => Numbers.Short(v));
        Add(budget.Target, v => $"target {Numbers.Short(v)}");
        Add(budget.Patience, v => $"patience {v}");
        Add(budget.Failures, v => $"at most {v} failures");
        return string.Join(", ", parts);

        void Add<T>(T? value, Func<T, string> words)
            where T : struct
        {
            if (value is { } given)
            {
                parts.Add(words(given));
            }
        }
    }
}
