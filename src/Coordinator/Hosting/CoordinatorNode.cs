using Serilog;
using TuningCluster.Coordinator.Api;
using TuningCluster.Coordinator.Persistence;
using TuningCluster.Shared.Hosting;

namespace TuningCluster.Coordinator.Hosting;

/// <summary>A coordinator node: holds the store, runs its studies on whatever workers come, and serves the HTTP API.</summary>
public static class CoordinatorNode
{
    private const int TakenOver = 4;

    /// <summary>Runs until SIGTERM or Ctrl-C; workers go on training and deliver to the next coordinator.</summary>
    /// <returns>The exit code: 4 when the store has become another process's.</returns>
    public static async Task<int> Run(CoordinatorOptions options, string workingDirectory, string command, TimeProvider time, CancellationToken cancel)
    {
        using var ended = new Termination(cancel);

        var location = StoreLocation.Parse(options.Storage, workingDirectory);
        using var store = StudyStore.At(location);
        using var held = StoreLock.Acquire(location, command, time);
        store.Open();
        // Whoever delivers an outcome forgets it: a power cut must not.
        store.Durability = Durability.Shared;

        await using var node = LocalNode.Create(store, options.Hostname, options.Port, options.Certificates);
        var blobs = location.Blobs(BlobQuota.FromEnvironment(), time);
        var isTaken = false;
        node.Start(blobs, location.CheckpointsDirectory, slots: 0, time, study =>
        {
            Log.Fatal("Study {Study} was written by another process. This one ends", study);
            isTaken = true;
            ended.Ask();
        });
        await using var losing = held.Lost.Register(() =>
        {
            isTaken = true;
            ended.Ask();
        });
        using var gateway = new LiveGateway(node, location, new StoreJournals(location, command, time), blobs, LocalNode.CreateInspector(), time);
        var unfinished = gateway.OpenUnfinished();
        await using var api = await ApiServer.Start(options.Listener, gateway, ended.Token);
        node.TellWorkers(api.Address);
        Log.Information(
            "Coordinator at {Api}, store {Store}, {Studies} unfinished studies; a worker: trial-worker --seed-node {Seed}",
            api.Address, location, unfinished.Count, node.SeedNode);

        await ended.Asked();
        Log.Information("Coordinator ends; its workers go on and deliver to the next one");
        return isTaken ? TakenOver : 0;
    }
}
