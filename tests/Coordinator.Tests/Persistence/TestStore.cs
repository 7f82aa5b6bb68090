using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Sql;
using Akka.Persistence.Sql.Config;
using TuningCluster.Coordinator.Persistence;
using TuningCluster.Coordinator.Persistence.Sqlite;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Protocol.Serialization;

namespace TuningCluster.Coordinator.Tests.Persistence;

/// <summary>A store in a folder of its own, deleted afterwards.</summary>
internal sealed class TestStore : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("tuning-store-").FullName;

    public SqliteLocation Location => (SqliteLocation)StoreLocation.Parse(null, Folder);

    public SqliteLocation Beside(string name) => (SqliteLocation)StoreLocation.Parse($"sqlite:{name}/studies.db", Folder);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary><see cref="StudyCreated"/> and pairs of events of ever new trials; sizes vary, so that they fall on page boundaries anyhow.</summary>
    public static IReadOnlyList<StudyEvent> Events(int trials)
    {
        var events = new List<StudyEvent> { new StudyCreated(JournalExamples.StudyIdText, JournalExamples.Spec) };
        for (var n = 0; n < trials; n++)
        {
            events.Add(new TrialSuggested(n, JournalExamples.Parameters, false, 1 + n, "random/1", "0123456789abcdef"));
            events.Add(new TrialCancelled(n, new string('x', (n * 37) % 300)));
        }

        return [.. events.Select((e, i) => e with { At = JournalExamples.At.AddSeconds(i) })];
    }

    /// <summary>An actor system whose journal is <paramref name="store"/>, as the product configures it.</summary>
    public static ActorSystem StartSystem(StudyStore store) => StartSystem(store.Setup, store.Hocon);

    public static ActorSystem StartSystem(DataOptionsSetup setup, string hocon) => ActorSystem.Create("store", ActorSystemSetup.Create(
        BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString("akka { loglevel = WARNING, stdout-loglevel = WARNING }")
            .WithFallback(hocon)
            .WithFallback(TuningSerialization.Hocon)
            .WithFallback(SqlPersistence.DefaultConfiguration)),
        TuningSerialization.Setup(WireManifests.Table, JournalManifests.Table),
        setup));

    /// <summary>Writes a journal through Akka, then shuts the system down.</summary>
    public static async Task Write(StudyStore store, string studyId, IReadOnlyList<StudyEvent> events)
    {
        var system = StartSystem(store);
        await Persist(system, studyId, events);
        await system.Terminate();
    }

    public static async Task<IActorRef> Persist(ActorSystem system, string studyId, IReadOnlyList<StudyEvent> events)
    {
        var writer = system.ActorOf(Props.Create(() => new Writer(studyId)));
        foreach (var batch in events.Chunk(7))
        {
            Assert.Equal("persisted", await writer.Ask<object>(batch, TimeSpan.FromSeconds(30)));
        }

        return writer;
    }

    /// <summary>Two processes take turns at one journal, and the first of them comes back: each knows of its own rows only what the journal says.</summary>
    /// <returns>What a third recovers.</returns>
    public static async Task<IReadOnlyList<StudyEvent>> TakeTurns(StudyStore store, string studyId, IReadOnlyList<StudyEvent> events)
    {
        var (first, second) = (StartSystem(store), StartSystem(store));
        foreach (var (turn, part) in events.Chunk((events.Count / 3) + 1).Index())
        {
            var writer = await Persist(turn == 1 ? second : first, studyId, part);
            await writer.GracefulStop(TimeSpan.FromSeconds(30));
        }

        await Task.WhenAll(first.Terminate(), second.Terminate());
        var third = StartSystem(store);
        var recovered = await (await Persist(third, studyId, [])).Ask<Recovered>("read", TimeSpan.FromSeconds(30));
        await third.Terminate();
        return recovered.Events;
    }

    /// <summary>What a persistent actor recovers.</summary>
    public sealed record Recovered(StudySnapshot? Snapshot, IReadOnlyList<StudyEvent> Events) : INoSerializationVerificationNeeded;

    /// <summary>Persists batches of events and snapshots; answers <c>read</c> with what it recovered.</summary>
    private sealed class Writer(string studyId) : UntypedPersistentActor
    {
        private readonly List<StudyEvent> _recovered = [];
        private StudySnapshot? _snapshot;
        private IActorRef _asker = ActorRefs.Nobody;

        public override string PersistenceId => StudyId.PersistenceId(studyId);

        protected override void OnCommand(object message)
        {
            switch (message)
            {
                case StudyEvent[] batch:
                    var left = batch.Length;
                    var sender = Sender;
                    PersistAll(batch, _ =>
                    {
                        if (--left == 0)
                        {
                            sender.Tell("persisted");
                        }
                    });
                    break;
                case StudySnapshot snapshot:
                    _asker = Sender;
                    SaveSnapshot(snapshot);
                    break;
                case SaveSnapshotSuccess:
                    _asker.Tell("persisted");
                    break;
                case "read":
                    Sender.Tell(new Recovered(_snapshot, _recovered));
                    break;
            }
        }

        protected override void OnRecover(object message)
        {
            switch (message)
            {
                case StudyEvent e:
                    _recovered.Add(e);
                    break;
                case SnapshotOffer offer:
                    _snapshot = (StudySnapshot)offer.Snapshot;
                    break;
            }
        }
    }
}
