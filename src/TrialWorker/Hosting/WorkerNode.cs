using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster.Tools.Client;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Configuration;
using Serilog;
using TuningCluster.Shared.Hosting;
using TuningCluster.Shared.Protocol.Serialization;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.Security;
using TuningCluster.TrialWorker.Actors;
using TuningCluster.TrialWorker.Data;
using TuningCluster.TrialWorker.Objectives;

namespace TuningCluster.TrialWorker.Hosting;

/// <summary>A worker in a process of its own: no cluster member, connected by ClusterClient.</summary>
public static class WorkerNode
{
    /// <summary>For fetched data sets.</summary>
    private const long CacheBytes = 4L << 30;

    /// <summary>Runs until SIGTERM or Ctrl-C, then hands back what it holds.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> Run(WorkerOptions options, CancellationToken cancel)
    {
        using var ended = new Termination(cancel);

        var config = ConfigurationFactory.ParseString($$"""
            akka.remote.dot-netty.tcp { hostname = "{{options.Hostname}}", port = {{options.Port}} }
            """)
            .WithFallback(ConfigurationFactory.ParseString(NodeTls.Hocon(options.Certificates)))
            .WithFallback(ConfigurationFactory.ParseString(ClusterDefaults.Hocon))
            .WithFallback(ConfigurationFactory.ParseString(TuningSerialization.Hocon))
            .WithFallback(ClusterClientReceptionist.DefaultConfig())
            .WithFallback(DistributedPubSub.DefaultConfig()); // Brings the serializer of ClusterClient's envelope.
        var setup = ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config), TuningSerialization.Setup(WireManifests.Table));
        if (options.Certificates is { } certificates)
        {
            setup = setup.And(NodeTls.Setup(certificates, NodeRole.Coordinator));
        }

        var system = ActorSystem.Create(ClusterDefaults.SystemName, setup);
        NodeTls.KeepRunning(system);
        var contacts = options.SeedNodes.Select(seed => ActorPath.Parse($"{NodeTls.Scheme(options.Certificates)}://{ClusterDefaults.SystemName}@{seed}/system/receptionist"));
        var client = system.ActorOf(ClusterClient.Props(ClusterClientSettings.Create(system).WithInitialContacts([.. contacts])), "cluster-client");
        using var blobs = new CoordinatorBlobs(options.Blobs, Path.Combine(options.Cache, "blobs"), CacheBytes, TimeProvider.System, options.Certificates);
        var settings = new WorkerSettings(options.Name, Rng.FreshId(), options.Slots, WorkerSettings.DefaultBeat) { Welcomed = blobs.At, DrainAsked = ended.Ask };
        var checkpoints = new SharedCheckpoints(
            options.Blobs is { } folder ? FileCheckpointStore.Beside(folder) : new FileCheckpointStore(Path.Combine(options.Cache, "checkpoints")),
            blobs, () => blobs.IsServed, TimeProvider.System);
        var worker = system.ActorOf(
            WorkerActor.Props(settings, new CoordinatorLink(client), new ObjectiveFactory(blobs, checkpoints, DataSetLoader.Load, TimeProvider.System)), "worker");
        Log.Information("Worker {Worker} with {Slots} slots looks for {SeedNodes}", options.Name, options.Slots, options.SeedNodes);

        await ended.Asked();
        Log.Information("Worker {Worker} drains", options.Name);
        var drained = await Drain(worker);
        await system.Terminate();
        return drained ? 0 : 1;
    }

    private static async Task<bool> Drain(IActorRef worker)
    {
        try
        {
            await worker.Ask<WorkerActor.Drained>(new WorkerActor.Drain(), TimeSpan.FromSeconds(20));
            return true;
        }
        catch (AskTimeoutException)
        {
            Log.Warning("The coordinator did not acknowledge everything in 20 s; its leases will lapse and the trials run again");
            return false;
        }
    }
}
