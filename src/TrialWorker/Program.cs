using System.CommandLine;
using Serilog;
using TuningCluster.Shared.Hosting;
using TuningCluster.Shared.Security;
using TuningCluster.TrialWorker.Hosting;

var seedNodes = new Option<string[]>("--seed-node") { Description = "host:port of a coordinator; may stand several times", AllowMultipleArgumentsPerToken = true };
var hostname = new Option<string?>("--hostname") { Description = "where this node listens, and its coordinators reach it (default: 127.0.0.1)" };
var port = new Option<int?>("--port") { Description = "0 takes a free one (default)" };
var slots = new Option<int?>("--slots") { Description = "trials at a time (default: one a core)" };
const string DefaultBlobs = ".tuning/blobs";
var blobs = new Option<string?>("--blobs") { Description = $"blobs folder of the coordinator's store, where it is on this machine (default: {DefaultBlobs} when it is there; else they are fetched)" };
var cache = new Option<string?>("--cache") { Description = "folder for fetched data sets and unfinished trainings (default: .tuning-worker)" };
var name = new Option<string?>("--name") { Description = "stable over restarts (default: machine and process)" };
var certs = new Option<string?>("--certs") { Description = "folder of ca.crt, tls.crt and tls.key: mutual TLS with coordinators ('tuning certs create' makes them)" };
var anonymous = new Option<bool?>("--allow-anonymous") { Description = "works for any coordinator, over plain TCP" };
var root = new RootCommand("A worker node of TuningCluster: trains the trials a coordinator hands out. Every option may stand as TUNING__Name in the environment.")
{
    seedNodes, hostname, port, slots, blobs, cache, name, certs, anonymous,
};
root.SetAction(async (parsed, cancel) =>
{
    var settings = NodeSettings.Read(Environment.CurrentDirectory);
    List<string> faults = [];
    var certificates = (parsed.GetValue(certs) ?? settings.Text("Certs")) is { } proof ? NodeCertificates.Load(Path.GetFullPath(proof), NodeRole.Worker, faults) : null;
    var options = new WorkerOptions(
        parsed.GetValue(seedNodes) is { Length: > 0 } seeds ? seeds : settings.List("SeedNodes") ?? [],
        parsed.GetValue(hostname) ?? settings.Text("Hostname") ?? "127.0.0.1",
        parsed.GetValue(port) ?? settings.Int("Port") ?? 0,
        parsed.GetValue(slots) ?? settings.Int("Slots") ?? Environment.ProcessorCount,
        (parsed.GetValue(blobs) ?? settings.Text("Blobs") ?? (Directory.Exists(DefaultBlobs) ? DefaultBlobs : null)) is { } folder ? Path.GetFullPath(folder) : null,
        Path.GetFullPath(parsed.GetValue(cache) ?? settings.Text("Cache") ?? ".tuning-worker"),
        parsed.GetValue(name) ?? settings.Text("Name") ?? $"{Environment.MachineName.ToLowerInvariant()}-{Environment.ProcessId}",
        certificates,
        parsed.GetValue(anonymous) ?? settings.Flag("AllowAnonymous") ?? false);
    // What protects cannot be judged while it cannot be read.
    faults.AddRange(faults.Count == 0 ? options.Faults() : []);
    faults.InsertRange(0, settings.Faults);
    foreach (var (option, setting) in (ReadOnlySpan<(Option, string)>)[(seedNodes, "SeedNodes"), (hostname, "Hostname"), (port, "Port"), (slots, "Slots"), (blobs, "Blobs"), (certs, "Certs")])
    {
        var isGiven = parsed.GetResult(option) is { Implicit: false };
        faults = [.. faults.Select(fault => settings.Told(fault, option.Name, setting, isGiven))];
    }

    if (faults.Count > 0)
    {
        foreach (var fault in faults)
        {
            await Console.Error.WriteLineAsync(fault);
        }

        return 2;
    }

    TuningLog.ToStandardError();
    try
    {
        return await WorkerNode.Run(options, cancel);
    }
    catch (Exception e)
    {
        Log.Fatal(e, "The worker ended: {Reason}", e.Message);
        return 1;
    }
    finally
    {
        TuningLog.Close();
    }
});

var arguments = root.Parse(args);
if (arguments.Errors.Count > 0)
{
    foreach (var error in arguments.Errors)
    {
        await Console.Error.WriteLineAsync(error.Message);
    }

    return 2;
}

return await arguments.InvokeAsync();
