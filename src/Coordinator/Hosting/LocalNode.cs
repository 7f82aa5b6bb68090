using System.Net.Sockets;
using System.Threading.Channels;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster;
using Akka.Cluster.Tools.Client;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.Pattern;
using Akka.Persistence.Sql;
using Serilog;
using TuningCluster.Coordinator.Actors;
using TuningCluster.Coordinator.Persistence;
using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Blobs;
using TuningCluster.Shared.Data;
using TuningCluster.Shared.Hosting;
using TuningCluster.Shared.Protocol;
using TuningCluster.Shared.Protocol.Serialization;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.Security;
using TuningCluster.Shared.Studies;
using TuningCluster.TrialWorker.Actors;
using TuningCluster.TrialWorker.Data;
using TuningCluster.TrialWorker.Objectives;

namespace TuningCluster.Coordinator.Hosting;

/// <summary>
/// A cluster of one in this process: the coordinator under its singleton and a worker that reaches it through ClusterClient, as on a
/// hundred machines. The only place that knows both sides.
/// </summary>
public sealed class LocalNode : IAsyncDisposable
{
    /// <summary>Name of the worker of a local run. Fixed, so that the next run ends its predecessor's leases at once.</summary>
    public const string WorkerName = "local";

    private const string Hocon = """
        akka {
          actor.provider = cluster
          cluster {
            roles = ["coordinator"]
            downing-provider-class = "Akka.Cluster.SBR.SplitBrainResolverProvider, Akka.Cluster"
            split-brain-resolver { active-strategy = static-quorum, static-quorum.role = "coordinator" }
            singleton-proxy {
              singleton-identification-interval = 100ms
              # A false alarm at every start (akka.net #8568).
              log-singleton-identification-failure = off
            }
            # Membership ends its process, and nothing else.
            run-coordinated-shutdown-when-down = off
            client { establishing-get-contacts-interval = 100ms, refresh-contacts-interval = 60s }
          }
        }
        """;

    private const string Singleton = "coordinator-singleton";

    /// <summary>More than the journal's own patience with a write.</summary>
    private static readonly TimeSpan AskPatience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FindPatience = TimeSpan.FromSeconds(3);

    private readonly ActorSystem _system;
    private readonly StudyStore _store;
    private readonly Membership _membership;
    private IActorRef _coordinator = ActorRefs.Nobody;
    private IActorRef _desk = ActorRefs.Nobody;
    private IActorRef _worker = ActorRefs.Nobody;

    private LocalNode(ActorSystem system, StudyStore store, Membership membership) => (_system, _store, _membership) = (system, store, membership);

    /// <summary>Settings of the node's actor system, without those of its store.</summary>
    public static Config Config { get; } = ConfigurationFactory.ParseString(Hocon)
        .WithFallback(ConfigurationFactory.ParseString(ClusterDefaults.Hocon))
        .WithFallback(ConfigurationFactory.ParseString(TuningSerialization.Hocon))
        .WithFallback(SqlPersistence.DefaultConfiguration)
        .WithFallback(ClusterClientReceptionist.DefaultConfig())
        .WithFallback(DistributedPubSub.DefaultConfig()) // Receptionists tell each other of their services.
        .WithFallback(ClusterSingleton.DefaultConfig());

    /// <summary>Reads data files for verbs that start no node.</summary>
    public static IDataInspector CreateInspector() => new DataInspector();

    /// <summary>A commented study file for a data file.</summary>
    public static string WriteStudyFile(string name, string source, string target, DataSummary summary, LearningTask task) =>
        StudyFileTemplate.Write(name, source, target, summary, task);

    /// <summary>Makes the node, without its coordinator and worker: nothing is read or written yet.</summary>
    /// <param name="store">Where its journal will be; need not be open.</param>
    /// <param name="hostname">Where workers reach it.</param>
    /// <param name="port">0 takes a free one.</param>
    /// <param name="certificates">Of mutual TLS with workers; null for plain TCP.</param>
    /// <param name="membership">Of how many it is one; alone when null.</param>
    /// <param name="apart">Told why when it is none of the majority; it must end then.</param>
    /// <exception cref="StoreException">Somebody else listens there.</exception>
    public static LocalNode Create(
        StudyStore store, string hostname = "127.0.0.1", int port = 0, NodeCertificates? certificates = null, Membership? membership = null, Action<string>? apart = null)
    {
        membership ??= Membership.Alone;
        // With reuse a second coordinator would share the port of the first, and workers would reach either.
        var address = ConfigurationFactory.ParseString($$"""akka.remote.dot-netty.tcp { hostname = "{{hostname}}", port = {{port}}, tcp-reuse-addr = off }""");
        var setup = ActorSystemSetup.Create(
            BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString(NodeTls.Hocon(certificates)).WithFallback(address).WithFallback(ConfigurationFactory.ParseString(store.Hocon)).WithFallback(ConfigurationFactory.ParseString(membership.Hocon)).WithFallback(Config)),
            TuningSerialization.Setup(WireManifests.Table, JournalManifests.Table),
            store.Setup);
        if (certificates is not null)
        {
            setup = setup.And(NodeTls.Setup(certificates, NodeRole.Worker, NodeRole.Coordinator));
        }

        ActorSystem system;
        try
        {
            system = ActorSystem.Create(ClusterDefaults.SystemName, setup);
        }
        catch (AggregateException failed) when (failed.Flatten().InnerExceptions.Select(e => e.GetBaseException()).OfType<SocketException>().FirstOrDefault() is { } taken)
        {
            throw new StoreException($"Workers cannot be listened for at {hostname}:{port}: {taken.Message}.", "Name another --port, or 0 for a free one.", failed);
        }

        NodeTls.KeepRunning(system);
        membership.Join(system, apart ?? (_ => { }));
        return new LocalNode(system, store, membership);
    }

    /// <summary>Starts journal, coordinator and worker. The caller holds the store's lock and has opened it.</summary>
    /// <param name="blobs">Data sets and weights.</param>
    /// <param name="checkpoints">Folder where unfinished trainings wait; need not exist.</param>
    /// <param name="slots">Training threads; without any there is no worker.</param>
    /// <param name="time">The clock.</param>
    /// <param name="fenced">Told when another process has written a study of the store.</param>
    /// <param name="chosen">Told when this node is the one of several whose coordinator decides.</param>
    public void Start(IBlobStore blobs, string checkpoints, int slots, TimeProvider time, Action<string>? fenced = null, Action? chosen = null)
    {
        var data = new DataSetCache(blobs, DataSetLoader.Load);

        _system.ActorOf(JournalWarmer.Props(), "journal-warmer");
        var settings = new StudyActorSettings(EngineOptions.DefaultLease, WorkerName, SamplerFactory.Create, blobs, new ModelRunner(blobs, data), time,
            RemoteWorkerJoined: () => _store.Durability = Durability.Shared, Chosen: chosen, Fenced: fenced);
        var address = Cluster.Get(_system).SelfAddress;
        Log.Information(
            "This run is reached at {Host}:{Port}; to help it: trial-worker --seed-node {Host}:{Port}, started in the same folder", address.Host, address.Port);
        _coordinator = StartCoordinator(_system, settings);
        _desk = _system.ActorOf(AskDesk.Props(_coordinator), "ask-desk");
        _worker = slots == 0 ? ActorRefs.Nobody : StartWorker(_system, address, new ObjectiveFactory(blobs, new FileCheckpointStore(checkpoints), data, time), slots);
    }

    /// <summary>Opens a study and has it carry out <paramref name="first"/>.</summary>
    /// <returns>Everything that happens to it; ends with an error when the study cannot go on.</returns>
    public ChannelReader<StudyUpdate> OpenStudy(string id, IReadOnlyList<StudyCommand> first)
    {
        var updates = Channel.CreateUnbounded<StudyUpdate>(new UnboundedChannelOptions { SingleReader = true });
        _coordinator.Tell(new OpenStudy(id, first, updates.Writer));
        return updates.Reader;
    }

    public StudyStore Store => _store;

    /// <summary>host:port for <c>trial-worker --seed-node</c>.</summary>
    public string SeedNode => Cluster.Get(_system).SelfAddress is var self ? $"{self.Host}:{self.Port}" : "";

    /// <summary>Has a study carry out commands, opening it when need be.</summary>
    /// <exception cref="StoreException">It does not answer: the store does not.</exception>
    public async Task<Carried> Ask(string id, IReadOnlyList<StudyCommand> commands, CancellationToken cancel)
    {
        try
        {
            return await _coordinator.Ask<Carried>(new AskStudy(id, commands), AskPatience, cancel);
        }
        catch (AskTimeoutException late)
        {
            throw new StoreException(
                $"Study '{StudyId.NameOf(id)}' did not answer in {AskPatience.TotalSeconds} s: the store does not, or cannot be written.",
                "Look into the coordinator's log, and ask again: whatever was asked may be asked twice.",
                late);
        }
    }

    /// <summary>Has the desk answer a program that asks or tells.</summary>
    /// <exception cref="StoreException">It does not: the store does not.</exception>
    public async Task<object> AskAtDesk(object question, CancellationToken cancel)
    {
        try
        {
            return await _desk.Ask<object>(question, AskPatience, cancel);
        }
        catch (AskTimeoutException late)
        {
            throw new StoreException(
                $"The study did not answer in {AskPatience.TotalSeconds} s: the store does not, or cannot be written.",
                "Look into the coordinator's log, and send it again: whatever is told may be told twice.",
                late);
        }
    }

    /// <summary>Programs that hold trials of a study have their seats, also those from before this process.</summary>
    public void SeatAskers(StudyState study) => _desk.Tell(new AskDesk.Open(study));

    /// <summary>A study is about to be deleted.</summary>
    public void ForgetAskers(string id) => _desk.Tell(new AskDesk.Forget(id));

    /// <summary>Ends a study's actor; what it was writing is in the journal.</summary>
    public async Task CloseStudy(string id) => await _coordinator.Ask<StudyClosed>(new CloseStudy(id), AskPatience);

    public async Task<IReadOnlyList<WorkerStanding>> Workers() => await _coordinator.Ask<List<WorkerStanding>>(new ListWorkers(), AskPatience);

    /// <returns>False when no worker of that name was heard of lately.</returns>
    public async Task<bool> DrainWorker(string name) => await _coordinator.Ask<bool>(new AskDrain(name), AskPatience);

    /// <summary>Where workers fetch data sets from and bring weights to, and coordinators that stand by ask.</summary>
    public void TellOthers(Uri api) => _coordinator.Tell(new ServeApi(api));

    /// <summary>Where the API of the coordinator that decides is; null when it does not say so in time.</summary>
    public async Task<Uri?> FindActive(CancellationToken cancel)
    {
        try
        {
            return new Uri((await _coordinator.Ask<ActiveAt>(new FindActive(), FindPatience, cancel)).Api);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    /// <summary>Gives out no more trials and hands back those that run; returns once that is in the journal.</summary>
    /// <exception cref="StoreException">It does not get there.</exception>
    public async Task Drain()
    {
        try
        {
            await _coordinator.Ask<DrainBegun>(new BeginDrain(), DrainPatience);
            await _worker.Ask<WorkerActor.Drained>(new WorkerActor.Drain(), DrainPatience);
        }
        catch (AskTimeoutException late)
        {
            throw new StoreException(
                $"The running trials could not be handed back in {DrainPatience.TotalSeconds} s: the store does not answer, or a training does not stop.",
                "Run the same command again: everything acknowledged is kept, and those trials run anew.",
                late);
        }
    }

    /// <summary>Ends at once: what has been acknowledged is in the journal.</summary>
    public async ValueTask DisposeAsync()
    {
        await _membership.Leave(_system, $"/user/{Singleton}/singleton");
        await _system.Terminate();
    }

    private static IActorRef StartCoordinator(ActorSystem system, StudyActorSettings settings)
    {
        // A failed write stops a persistent actor and the singleton manager never starts it again: the backoff supervisor does.
        var supervised = BackoffSupervisor.Props(
            Backoff.OnStop(CoordinatorActor.Props(settings), "coordinator", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20), 0.2, -1)
                .WithFinalStopMessage(message => message is StopCoordinator));
        system.ActorOf(
            ClusterSingletonManager.Props(
                supervised, StopCoordinator.Instance, ClusterSingletonManagerSettings.Create(system).WithRole(ClusterDefaults.CoordinatorRole)),
            Singleton);
        var proxy = system.ActorOf(
            ClusterSingletonProxy.Props($"/user/{Singleton}", ClusterSingletonProxySettings.Create(system).WithRole(ClusterDefaults.CoordinatorRole)),
            "coordinator");
        ClusterClientReceptionist.Get(system).RegisterService(proxy);
        return proxy;
    }

    private static IActorRef StartWorker(ActorSystem system, Address self, IObjectiveFactory objectives, int slots)
    {
        var contact = new RootActorPath(self) / "system" / "receptionist";
        var client = system.ActorOf(
            ClusterClient.Props(ClusterClientSettings.Create(system).WithInitialContacts([contact])), "cluster-client");
        var settings = new WorkerSettings(WorkerName, Rng.FreshId(), slots, WorkerSettings.DefaultBeat);
        return system.ActorOf(WorkerActor.Props(settings, new CoordinatorLink(client), objectives), "worker");
    }
}
