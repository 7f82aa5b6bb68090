using System.CommandLine;
using TuningCluster.Coordinator.Hosting;
using TuningCluster.Coordinator.Security;
using TuningCluster.Shared.Hosting;
using TuningCluster.Shared.Security;

namespace TuningCluster.Coordinator.Cli;

/// <summary><c>tuning coordinator</c>: a coordinator node.</summary>
internal static class CoordinatorCommand
{
    public static Command Create(CliServices services, Terminal terminal)
    {
        var hostname = new Option<string?>("--hostname") { HelpName = "H", Description = "Where workers reach this node. Default: 127.0.0.1." };
        var port = new Option<int?>("--port") { HelpName = "P", Description = $"For workers; 0 takes a free one. Default: {CoordinatorOptions.DefaultPort}." };
        var seedNodes = new Option<string[]>("--seed-node") { HelpName = "H:P", Description = "Each of the three coordinators, this one too, in the same order at each. Without any this one is the only one.", AllowMultipleArgumentsPerToken = true };
        var storage = Verb.Storage();
        var http = new Option<string?>("--http") { HelpName = "ADDR", Description = $"The HTTP API: a URL or host:port. Default: {CoordinatorOptions.DefaultHttp}." };
        var certs = new Option<string?>("--certs") { HelpName = "DIR", Description = "Folder of ca.crt, tls.crt and tls.key: mutual TLS with workers, https for the API. 'tuning certs create' makes them." };
        var tokenFile = new Option<string?>("--token-file") { HelpName = "FILE", Description = "Holds what users of the API must show." };
        var anonymous = new Option<bool?>("--allow-anonymous") { Description = "Anybody who reaches this node may work and steer, over plain TCP if need be." };
        var command = new Command("coordinator", "Runs a coordinator node: workers come to it, studies are submitted to it. Every option may stand as TUNING__Name in the environment.")
        {
            hostname, port, seedNodes, storage, http, certs, tokenFile, anonymous,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var settings = NodeSettings.Read(services.WorkingDirectory);
            List<string> faults = [];
            var token = TokenSource.Read(parsed.GetValue(tokenFile), settings, services.WorkingDirectory, faults);
            var folder = parsed.GetValue(certs) ?? settings.Text("Certs");
            var certificates = folder is null ? null : NodeCertificates.Load(Path.GetFullPath(folder, services.WorkingDirectory), NodeRole.Coordinator, faults);
            var options = new CoordinatorOptions(
                parsed.GetValue(hostname) ?? settings.Text("Hostname") ?? "127.0.0.1",
                parsed.GetValue(port) ?? settings.Int("Port") ?? CoordinatorOptions.DefaultPort,
                parsed.GetValue(seedNodes) is { Length: > 0 } seeds ? seeds : settings.List("SeedNodes") ?? [],
                parsed.GetValue(storage) ?? settings.Text("Storage"),
                parsed.GetValue(http) ?? settings.Text("Http") ?? CoordinatorOptions.DefaultHttp,
                certificates,
                token is null ? null : ApiToken.Of(token),
                parsed.GetValue(anonymous) ?? settings.Flag("AllowAnonymous") ?? false);
            // What protects cannot be judged while it cannot be read.
            faults.AddRange(faults.Count == 0 ? options.Faults() : []);
            faults.InsertRange(0, settings.Faults);
            foreach (var (option, name) in (ReadOnlySpan<(Option, string)>)[(hostname, "Hostname"), (port, "Port"), (seedNodes, "SeedNodes"), (http, "Http"), (certs, "Certs")])
            {
                var isGiven = parsed.GetResult(option) is { Implicit: false };
                faults = [.. faults.Select(fault => settings.Told(fault, option.Name, name, isGiven))];
            }

            foreach (var fault in faults)
            {
                terminal.Error.WriteLine($"tuning: {fault}");
            }

            return faults.Count > 0 ? ExitCode.BadInput : await services.RunCoordinator(options, cancel).ConfigureAwait(false);
        });
        return command;
    }
}
