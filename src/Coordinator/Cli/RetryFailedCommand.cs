using System.CommandLine;
using System.Globalization;
using TuningCluster.Shared.Strategies;

namespace TuningCluster.Coordinator.Cli;

/// <summary><c>tuning retry-failed NAME</c>: failed trials are run again as new ones.</summary>
internal static class RetryFailedCommand
{
    public static Command Create(CliServices services, Terminal terminal)
    {
        var name = Verb.StudyName();
        var storage = Verb.Storage();
        var to = Verb.To();
        var command = new Command("retry-failed", "Has the failed trials of a study run again, as new ones, when it next runs.") { name, storage, to };
        command.SetAction(async (parsed, cancel) =>
        {
            var (studyName, store) = (parsed.GetRequiredValue(name), parsed.GetValue(storage));
            var gateway = Verb.Open(services, store, parsed.GetValue(to));
            var report = await gateway.RetryFailed(studyName, cancel).ConfigureAwait(false)
                ?? throw await Verb.Unknown(studyName, gateway, cancel).ConfigureAwait(false);
            if (report.Outside.Count > 0)
            {
                terminal.Error.WriteLine($"{Trials(report.Outside)} of study '{studyName}' failed outside what is now its space, and stay as they are.");
            }

            if (report.End is { } end)
            {
                return FaultReport.Tell(
                    terminal,
                    $"study '{studyName}' has ended ({end.TrimEnd('.')}), and would again before its failed trials are run",
                    "Raise in the file what of its budget it ended for and run it, then give this command again.",
                    ExitCode.BadInput);
            }

            if (report.Retried.Count == 0)
            {
                terminal.Error.WriteLine(report.IsPopulation
                    ? $"Study '{studyName}' is a population ({StrategySettings.Population}), which makes up for failed turns itself: nothing is run again."
                    : $"Study '{studyName}' has no failed trial to run again.");
                return ExitCode.Done;
            }

            terminal.Error.WriteLine($"{Trials(report.Retried)} of study '{studyName}' will be run again. This goes on:");
            terminal.Error.WriteLine($"  tuning run FILE{(store is null ? "" : $" --storage {CommandText.Quote(store)}")}");
            return ExitCode.Done;
        });
        return command;
    }

    private static string Trials(IReadOnlyList<int> numbers) =>
        $"Trial{(numbers.Count == 1 ? "" : "s")} {string.Join(", ", numbers.Select(n => n.ToString(CultureInfo.InvariantCulture)))}";
}
