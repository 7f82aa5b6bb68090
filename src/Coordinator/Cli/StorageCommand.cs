using System.CommandLine;
using TuningCluster.Coordinator.Hosting;
using TuningCluster.Coordinator.Persistence;

namespace TuningCluster.Coordinator.Cli;

/// <summary><c>tuning storage migrate|copy</c>: what an administrator does to a store.</summary>
internal static class StorageCommand
{
    public static Command Create(IReadOnlyList<string> arguments, CliServices services, Terminal terminal) =>
        new("storage", "Prepares a PostgreSQL store, and brings studies to it.") { Migrate(services, terminal), Copy(arguments, services, terminal) };

    private static Command Migrate(CliServices services, Terminal terminal)
    {
        var storage = Verb.Storage();
        var command = new Command("migrate", "Makes the tables of a store, or brings them up to date. May be repeated.") { storage };
        command.SetAction(parsed =>
        {
            var location = StoreLocation.Parse(parsed.GetValue(storage), services.WorkingDirectory);
            terminal.Error.WriteLine(location.Migrate() ? $"Made the tables of {location.Name}." : $"The tables of {location.Name} are up to date.");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Copy(IReadOnlyList<string> arguments, CliServices services, Terminal terminal)
    {
        var from = new Option<string>("--from") { HelpName = "URL", Description = "The store to copy, e.g. sqlite:.tuning/studies.db; nobody may be writing it.", Required = true };
        var storage = Verb.Storage();
        var command = new Command("copy", "Copies all studies of a store to a PostgreSQL store: journals, data sets and weights.") { from, storage };
        command.SetAction(parsed =>
        {
            var source = StoreLocation.Parse(parsed.GetRequiredValue(from), services.WorkingDirectory);
            var target = StoreLocation.Parse(parsed.GetValue(storage), services.WorkingDirectory);
            var copied = StoreCopy.Copy(source, target, string.Join(' ', arguments.Prepend("tuning")), BlobQuota.FromEnvironment(), services.Time);
            terminal.Error.WriteLine($"Copied {copied.Studies} studies with {copied.Events} events and {copied.Blobs} data sets and weights to {target.Name}.");
            return ExitCode.Done;
        });
        return command;
    }
}
