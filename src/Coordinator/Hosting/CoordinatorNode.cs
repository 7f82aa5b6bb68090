using Serilog;
using TuningCluster.Coordinator.Api;
using TuningCluster.Coordinator.Persistence;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Hosting;

namespace TuningCluster.Coordinator.Hosting;

/// <summary>A coordinator node: holds the store, runs its studies on whatever workers come, and serves the HTTP API. Of three, one does so and the others stand by.</summary>
public static class CoordinatorNode
{
    private const int Apart = 4;

    /// <summary>Runs until SIGTERM or Ctrl-C; workers go on training and deliver to the next coordinator.</summary>
    /// <returns>The exit code: 4 when the store has become another process's, or the other coordinators go on without this one.</returns>
    public static async Task<int> Run(CoordinatorOptions options, string workingDirectory, string command, TimeProvider time, CancellationToken cancel)
    {
        using var ended = new Termination(cancel);
        var exit = 0;
        void End(string reason)
        {
            if (!ended.Token.IsCancellationRequested)
            {
                Log.Fatal("This coordinator ends, and may be started again: {Reason}", reason);
                exit = Apart;
                ended.Ask();
            }
        }

        var location = StoreLocation.Parse(options.Storage, workingDirectory);
        var membership = options.Membership;
        using var store = StudyStore.At(location);
        using var succession = membership.IsAlone ? Succession.Settled(location, command, time) : Succession.Open(location, command, time);
        store.Open();
        // Whoever delivers an outcome forgets it: a power cut must not.
        store.Durability = Durability.Shared;

        await using var node = LocalNode.Create(store, options.Hostname, options.Port, options.Certificates, membership, End);
        var blobs = location.Blobs(BlobQuota.FromEnvironment(), time);
        node.Start(blobs, location.CheckpointsDirectory, slots: 0, time, study => End($"study {study} was written by another process"), succession.Choose);
        using var gateway = new LiveGateway(node, location, new StoreJournals(location, command, time), blobs, LocalNode.CreateInspector(), time);
        var standby = new Standby(node);
        await using var api = await ApiServer.Start(options.Listener, gateway, ended.Token, standby);
        if (!membership.IsAlone)
        {
            Log.Information("Coordinator {Node} looks for {Coordinators} and stands by; HTTP API at {Api}, store {Store}", node.SeedNode, options.SeedNodes, api.Address, location);
        }

        try
        {
            var lost = await succession.Turn(ended.Token);
            await using var losing = lost.Register(() => End($"its store {location} has become another process's"));
            var unfinished = gateway.OpenUnfinished();
            standby.IsActive = true;
            node.TellOthers(api.Address);
            Log.Information(
                "Coordinator at {Api}, store {Store}, {Studies} unfinished studies; a worker: trial-worker --seed-node {Seed}",
                api.Address, location, unfinished.Count, membership.IsAlone ? node.SeedNode : string.Join(' ', options.SeedNodes));
            await ended.Asked();
        }
        catch (OperationCanceledException) when (ended.Token.IsCancellationRequested)
        {
        }

        Log.Information("Coordinator ends; its workers go on and deliver to the next one");
        return exit;
    }

    private sealed class Standby(LocalNode node) : IStandby
    {
        private volatile bool _isActive;

        public bool IsActive { get => _isActive; set => _isActive = value; }

        public Task<Uri?> FindActive(CancellationToken cancel) => node.FindActive(cancel);
    }
}
