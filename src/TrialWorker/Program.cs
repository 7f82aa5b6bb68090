using System.CommandLine;
using Serilog;
using TuningCluster.Shared.Hosting;
using TuningCluster.TrialWorker.Hosting;

var seedNodes = new Option<string[]>("--seed-node") { Description = "host:port of a coordinator; may stand several times", AllowMultipleArgumentsPerToken = true };
var hostname = new Option<string>("--hostname") { Description = "where this node listens", DefaultValueFactory = _ => "127.0.0.1" };
var port = new Option<int>("--port") { Description = "0 takes a free one", DefaultValueFactory = _ => 0 };
var slots = new Option<int>("--slots") { Description = "trials at a time (default: one a core)", DefaultValueFactory = _ => Environment.ProcessorCount };
const string DefaultBlobs = ".tuning/blobs";
var blobs = new Option<string?>("--blobs") { Description = $"blobs folder of the coordinator's store, where it is on this machine (default: {DefaultBlobs} when it is there; else they are fetched)" };
var cache = new Option<string>("--cache") { Description = "folder for fetched data sets and unfinished trainings", DefaultValueFactory = _ => ".tuning-worker" };
var name = new Option<string>("--name") { Description = "stable over restarts", DefaultValueFactory = _ => $"{Environment.MachineName.ToLowerInvariant()}-{Environment.ProcessId}" };
var root = new RootCommand("A worker node of TuningCluster: trains the trials a coordinator on this machine hands out.") { seedNodes, hostname, port, slots, blobs, cache, name };
root.SetAction(async (parsed, cancel) =>
{
    var options = new WorkerOptions(
        parsed.GetValue(seedNodes) ?? [], parsed.GetValue(hostname)!, parsed.GetValue(port), parsed.GetValue(slots), (parsed.GetValue(blobs) ?? (Directory.Exists(DefaultBlobs) ? DefaultBlobs : null)) is { } folder ? Path.GetFullPath(folder) : null,
        Path.GetFullPath(parsed.GetValue(cache)!), parsed.GetValue(name)!);
    var faults = options.Faults();
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
