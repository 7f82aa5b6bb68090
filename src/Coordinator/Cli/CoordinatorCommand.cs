using System.CommandLine;
using TuningCluster.Coordinator.Hosting;

namespace TuningCluster.Coordinator.Cli;

/// <summary><c>tuning coordinator</c>: a coordinator node.</summary>
internal static class CoordinatorCommand
{
    public static Command Create(CliServices services, Terminal terminal)
    {
        var hostname = new Option<string>("--hostname") { HelpName = "H", Description = "Where workers reach this node.", DefaultValueFactory = _ => "127.0.0.1" };
        var port = new Option<int>("--port") { HelpName = "P", Description = "For workers; 0 takes a free one.", DefaultValueFactory = _ => CoordinatorOptions.DefaultPort };
        var seedNodes = new Option<string[]>("--seed-node") { HelpName = "H:P", Description = "The coordinators; one, this node, in this release.", AllowMultipleArgumentsPerToken = true };
        var storage = Verb.Storage();
        var http = new Option<string>("--http") { HelpName = "ADDR", Description = "The HTTP API: a URL or host:port.", DefaultValueFactory = _ => CoordinatorOptions.DefaultHttp };
        var command = new Command("coordinator", "Runs a coordinator node: workers come to it, studies are submitted to it.") { hostname, port, seedNodes, storage, http };
        command.SetAction(async (parsed, cancel) =>
        {
            var options = new CoordinatorOptions(
                parsed.GetRequiredValue(hostname), parsed.GetValue(port), parsed.GetValue(seedNodes) ?? [], parsed.GetValue(storage), parsed.GetRequiredValue(http));
            var faults = options.Faults();
            foreach (var fault in faults)
            {
                terminal.Error.WriteLine($"tuning: {fault}");
            }

            return faults.Count > 0 ? ExitCode.BadInput : await services.RunCoordinator(options, cancel).ConfigureAwait(false);
        });
        return command;
    }
}
