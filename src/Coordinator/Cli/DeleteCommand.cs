using System.CommandLine;

namespace TuningCluster.Coordinator.Cli;

/// <summary><c>tuning delete NAME</c>: removes a study with everything it left.</summary>
internal static class DeleteCommand
{
    public static Command Create(CliServices services, Terminal terminal)
    {
        var name = Verb.StudyName();
        var storage = Verb.Storage();
        var to = Verb.To();
        var yes = new Option<bool>("--yes", "-y") { Description = "Does not ask." };
        var command = new Command("delete", "Deletes a study: journal, snapshots and weights of all its instances.") { name, storage, to, yes };
        command.SetAction(async (parsed, cancel) =>
        {
            var gateway = Verb.Open(services, parsed.GetValue(storage), parsed.GetValue(to));
            var studyName = parsed.GetRequiredValue(name);
            var study = await gateway.Show(studyName, cancel).ConfigureAwait(false)
                ?? throw await Verb.Unknown(studyName, gateway, cancel).ConfigureAwait(false);
            if (!parsed.GetValue(yes) && !Agreed(terminal, studyName, study.Counts.Values.Sum()))
            {
                terminal.Error.WriteLine("Nothing was deleted.");
                return ExitCode.Done;
            }

            await gateway.Delete(studyName, cancel).ConfigureAwait(false);
            terminal.Error.WriteLine($"Deleted study '{studyName}'.");
            return ExitCode.Done;
        });
        return command;
    }

    private static bool Agreed(Terminal terminal, string name, int trials)
    {
        if (!terminal.CanAsk)
        {
            throw new UsageException($"deleting '{name}' needs a yes, and there is no terminal to ask at", $"tuning delete {name} --yes");
        }

        terminal.Error.Write($"Delete study '{name}' with its {trials} trials and their weights, for good? [y/N] ");
        terminal.Error.Flush();
        return terminal.In.ReadLine()?.Trim() is "y" or "Y" or "yes" or "Yes";
    }
}
