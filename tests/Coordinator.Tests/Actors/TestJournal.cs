using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Snapshot;

namespace TuningCluster.Coordinator.Tests.Actors;

/// <summary>A journal in memory that a test holds in its hand: confirmations can be kept waiting, writes refused or made to fail.</summary>
internal sealed class TestJournal : UntypedActor
{
    public const string Hocon =
        """
        akka.persistence {
          journal.plugin = "test-journal"
          snapshot-store.plugin = "test-snapshots"
          snapshot-store-plugin-fallback.snapshot-is-optional = true
        }
        test-journal.class = "TuningCluster.Coordinator.Tests.Actors.TestJournal, Coordinator.Tests"
        test-snapshots.class = "TuningCluster.Coordinator.Tests.Actors.TestSnapshots, Coordinator.Tests"
        """;

    private static readonly ConcurrentDictionary<ActorSystem, State> States = new();
    private readonly State _state = Of(Context.System);
    private readonly Queue<Action> _waiting = [];
    private int? _left;

    public static State Of(ActorSystem system) => States.GetOrAdd(system, _ => new State());

    /// <summary>Keeps confirmations waiting; answered with itself.</summary>
    /// <param name="After">So many events are still confirmed.</param>
    public sealed record Hold(int After) : INoSerializationVerificationNeeded;

    public sealed record Release : INoSerializationVerificationNeeded;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case WriteMessages write:
                Write(write);
                break;
            case ReplayMessages replay:
                Replay(replay);
                break;
            case Hold hold:
                _left = hold.After;
                Sender.Tell(hold);
                break;
            case Release:
                _left = null;
                while (_waiting.TryDequeue(out var next))
                {
                    next();
                }

                break;
        }
    }

    private void Write(WriteMessages write)
    {
        var events = write.Messages.OfType<AtomicWrite>().SelectMany(w => (IEnumerable<IPersistentRepresentation>)w.Payload).ToList();
        var (actor, instance) = (write.PersistentActor, write.ActorInstanceId);
        if (_state.Failure is { } failure)
        {
            actor.Tell(new WriteMessagesFailed(failure, events.Count));
            events.ForEach(e => actor.Tell(new WriteMessageFailure(e, failure, instance)));
            return;
        }

        if (_state.Rejection is { } rejection)
        {
            actor.Tell(WriteMessagesSuccessful.Instance);
            events.ForEach(e => actor.Tell(new WriteMessageRejected(e, rejection, instance)));
            return;
        }

        _state.Batches = _state.Batches.Add(events.Count);
        _state.Events = _state.Events.AddRange(events);
        Confirm(() => actor.Tell(WriteMessagesSuccessful.Instance), events: 0);
        events.ForEach(e => Confirm(() => actor.Tell(new WriteMessageSuccess(e, instance)), events: 1));
        _state.Written.Release();
    }

    private void Confirm(Action confirmation, int events)
    {
        if (_left is 0 || _waiting.Count > 0)
        {
            _waiting.Enqueue(confirmation);
            return;
        }

        _left -= events;
        confirmation();
    }

    private void Replay(ReplayMessages replay)
    {
        if (_state.ReplayFailure is { } failure)
        {
            replay.PersistentActor.Tell(new ReplayMessagesFailure(failure));
            return;
        }

        var mine = _state.Events.Where(e => e.PersistenceId == replay.PersistenceId).ToList();
        foreach (var e in mine.Where(e => e.SequenceNr >= replay.FromSequenceNr && e.SequenceNr <= replay.ToSequenceNr))
        {
            _state.Replayed++;
            replay.PersistentActor.Tell(new ReplayedMessage(e));
        }

        replay.PersistentActor.Tell(new RecoverySuccess(mine.Count == 0 ? 0 : mine[^1].SequenceNr));
    }

    /// <summary>What a test sees and sets.</summary>
    public sealed class State
    {
        public ImmutableList<IPersistentRepresentation> Events { get; set; } = [];

        /// <summary>Number of events of each write.</summary>
        public ImmutableList<int> Batches { get; set; } = [];

        /// <summary>Released once a write.</summary>
        public SemaphoreSlim Written { get; } = new(0);

        public int Replayed { get; set; }

        public Exception? Failure { get; set; }

        public Exception? Rejection { get; set; }

        public Exception? ReplayFailure { get; set; }

        public ConcurrentQueue<(SnapshotMetadata Metadata, object Snapshot)> Snapshots { get; } = [];

        /// <summary>Released once a snapshot.</summary>
        public SemaphoreSlim Saved { get; } = new(0);
    }
}

/// <summary>Snapshots in memory, beside the journal.</summary>
internal sealed class TestSnapshots : SnapshotStore
{
    private readonly TestJournal.State _state = TestJournal.Of(Context.System);

    protected override Task<SelectedSnapshot> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken = default)
    {
        var last = _state.Snapshots.LastOrDefault(s => s.Metadata.PersistenceId == persistenceId && s.Metadata.SequenceNr <= criteria.MaxSequenceNr);
        return Task.FromResult(last.Metadata is null ? null! : new SelectedSnapshot(last.Metadata, last.Snapshot));
    }

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken = default)
    {
        _state.Snapshots.Enqueue((metadata, snapshot));
        _state.Saved.Release();
        return Task.CompletedTask;
    }

    protected override Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken = default) => Task.CompletedTask;

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken = default) => Task.CompletedTask;
}
