using System.Data.Common;
using System.Threading.Channels;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using TuningCluster.Coordinator.Persistence;
using TuningCluster.Coordinator.Pruning;
using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Search.Pbt;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Blobs;
using TuningCluster.Shared.Protocol;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Actors;

/// <summary>One study: commands in, one transaction of events, then replies. Slow work runs elsewhere and comes back as a command.</summary>
public sealed class StudyActor : UntypedPersistentActor, IWithTimers
{
    /// <summary>SQLSTATE: another process has written an event of that number.</summary>
    private const string UniqueViolation = "23505";

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private readonly string _id;
    private readonly bool _useSnapshot;
    private readonly StudyActorSettings _settings;
    private readonly SnapshotPolicy _snapshots = new();
    private readonly List<ChannelWriter<StudyUpdate>> _watchers = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private int _swept;
    private readonly List<IActorRef> _asking = [];
    private readonly List<IActorRef> _asked = [];
    private readonly Dictionary<string, IActorRef> _seats = new(StringComparer.Ordinal);
    private StudyState? _recovered;
    private StudyEngine _engine = null!;
    private ISampler? _sampler;
    private IPruner _pruner = TrainToEnd.Instance;
    private Population? _population;
    private string _settingsHash = "";
    private string _spec = "";
    private long _lastLook;
    private bool _external;
    private bool _wantsSlots = true;
    private bool _suggesting;
    private bool _finishing;
    private BlocksWritten? _blocks;
    private Exception? _failure;

    public StudyActor(string id, bool useSnapshot, StudyActorSettings settings)
    {
        _id = id;
        _useSnapshot = useSnapshot;
        _settings = settings;
    }

    public override string PersistenceId => StudyId.PersistenceId(_id);

    public ITimerScheduler Timers { get; set; } = null!;

    public override Recovery Recovery => _useSnapshot ? Recovery.Default : new Recovery(SnapshotSelectionCriteria.None);

    /// <param name="useSnapshot">False for a new study, which has none (asking would make its first trial wait), and when one is of no use.</param>
    public static Props Props(string id, bool useSnapshot, StudyActorSettings settings) =>
        Akka.Actor.Props.Create(() => new StudyActor(id, useSnapshot, settings));

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: StudySnapshot snapshot }:
                _recovered = SnapshotMapper.Restore(snapshot, _settings.Blobs.Get);
                _snapshots.Taken(_recovered.Sequence);
                break;
            case StudyEvent e:
                _recovered = Study.Apply(_recovered, e);
                break;
            case RecoveryCompleted:
                Begin(_recovered);
                break;
        }
    }

    protected override void OnCommand(object message)
    {
        try
        {
            Handle(message);
        }
        catch (Exception e)
        {
            _failure = e;
            throw;
        }
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        // Akka stops the actor after this. What was decided and not written never happened.
        _failure = cause;
        _log.Error(cause, "Study {Study}: event {Event} could not be written: {Reason}", _id, sequenceNr, cause.Message);
        if (cause.GetBaseException() is DbException { SqlState: UniqueViolation })
        {
            _settings.Fenced?.Invoke(_id);
        }
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        _failure = reason;
        _log.Error(reason, "Study {Study} cannot be recovered: {Reason}", _id, reason.Message);
    }

    /// <summary>Watchers must not wait for a study that is gone. The coordinator tells those whose <see cref="OpenStudy"/> came too late to be read.</summary>
    protected override void PostStop()
    {
        _watchers.ForEach(watcher => watcher.TryComplete(_failure));
        Context.Parent.Tell(new StudyEnded(_id, _failure));
    }

    private void Handle(object message)
    {
        message = message is Done done ? done.Command : message;
        switch (message)
        {
            case OpenStudy open:
                Open(open);
                break;
            case AskStudy ask:
                foreach (var command in ask.Commands)
                {
                    if (command is SeeWorker { ReplyTo: IActorRef seat } see)
                    {
                        _seats[see.Beat.Worker] = seat;
                    }

                    Submit(command);
                }

                _asking.Add(Sender);
                break;
            case ShareWorker share:
                _engine.Submit(share);
                break;
            case WorkerBeat when _external:
                // Its trials are for those who ask.
                return;
            case WorkerBeat beat:
                _engine.Submit(new SeeWorker(beat, beat.Worker == _settings.LocalWorker, Sender));
                break;
            case ReportOutcome outcome:
                _engine.Submit(new TakeOutcome(outcome, Sender));
                break;
            case ReportValues values:
                if (_engine.Note(values))
                {
                    Publish(new StudyUpdate.Progressed(values.Key.Number, values.Key.Attempt, values.Values));
                }

                return;
            case TakeSuggestions suggestions:
                _suggesting = false;
                _engine.Submit(suggestions);
                break;
            case FinishStudy finish:
                // An extension may have come first; then the study is scored again at its new end.
                _finishing = false;
                _engine.Submit(finish);
                break;
            case StudyCommand command:
                _engine.Submit(command);
                break;
            case Written:
                Commit();
                break;
            case Look:
                LookAtClock();
                break;
            case BeginDrain:
                _engine.Drain();
                return;
            case Note note:
                _log.Warning("Study {Study}: {Note}", _id, note.Line);
                Publish(new StudyUpdate.Noted(note.Line));
                return;
            case BlocksWritten written:
                _blocks = written;
                SnapshotWhenStill();
                return;
            case SaveSnapshotSuccess:
                return;
            case SaveSnapshotFailure failure:
                _log.Warning(failure.Cause, "Study {Study}: no snapshot at event {Event}; recovery will replay more", _id, failure.Metadata.SequenceNr);
                return;
            case Failed failed:
                throw new InvalidOperationException($"Study {_id}: work off the mailbox failed: {failed.Cause.Message}", failed.Cause);
            default:
                Unhandled(message);
                return;
        }

        Pump();
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        // Akka calls this past OnCommand, which would have noted it.
        _failure = new InvalidOperationException($"Study {_id}: the journal refused event {sequenceNr}, {@event.GetType().Name}: {cause.Message}", cause);
        throw _failure;
    }

    private void Begin(StudyState? state)
    {
        if (state is not null)
        {
            Prepare(state.Spec);
        }

        _engine = new StudyEngine(state, state is null || state.WidenedAt == 0 ? Options() : Options() with { SamplerSize = StrategySize.Of(state) }, Rng.FreshId);
        _lastLook = _settings.Time.GetTimestamp();
        Timers.StartPeriodicTimer("look", Look.Now, LookEvery, LookEvery);
        _log.Info("Study {Study} recovered at event {Event}", _id, state?.Sequence ?? 0);
    }

    private void Prepare(StudySpec spec)
    {
        _external = spec.Objective.Kind == ObjectiveKind.External;
        PrepareSpace(spec);
        _pruner = PrunerFactory.Create(spec);
        _population = Population.Of(spec);
    }

    /// <summary>What hangs on the search space. The sampler may be at work elsewhere: another one is made, never this one changed.</summary>
    private void PrepareSpace(StudySpec spec)
    {
        _sampler = _settings.CreateSampler(spec);
        _settingsHash = SettingsHash.Of(spec);
        _spec = TextOf(spec);
    }

    /// <summary>What workers are sent; limits are in it, too.</summary>
    private static string TextOf(StudySpec spec) => StudyFile.Write(spec with { Enqueue = [] });

    private EngineOptions Options() => new(_settings.LeaseDuration, _sampler?.Size, _sampler?.Learns ?? false, _pruner) { Population = _population };

    private void Open(OpenStudy open)
    {
        if (open.Watcher is { } watcher)
        {
            _watchers.Add(watcher);
            if (_engine.State is { } state)
            {
                watcher.TryWrite(new StudyUpdate.Changed(state, []));
            }
        }

        foreach (var command in open.First)
        {
            Submit(command);
        }
    }

    private void Submit(StudyCommand command)
    {
        if (command is CreateStudy create && _engine.State is null)
        {
            Prepare(create.Spec);
            _engine = new StudyEngine(null, Options(), Rng.FreshId);
        }

        _engine.Submit(command);
    }

    private void LookAtClock()
    {
        var now = _settings.Time.GetTimestamp();
        _engine.Advance(_settings.Time.GetElapsedTime(_lastLook, now));
        _lastLook = now;
        if (_engine.State is not null)
        {
            _engine.Submit(new LookAtClock());
        }
    }

    /// <summary>Writes what has been decided over everything buffered, as one transaction; then effects, then the next batch.</summary>
    private void Pump()
    {
        while (_engine.Next(_settings.Time.GetUtcNow()) is { } batch)
        {
            // The batch decides over all that was asked up to now.
            _asked.AddRange(_asking);
            _asking.Clear();
            if (batch.Events.Count > 0)
            {
                var left = batch.Events.Count;
                PersistAllAsync(batch.Events, _ =>
                {
                    if (--left == 0)
                    {
                        OnCommand(Written.Batch);
                    }
                });
                return;
            }

            Commit();
        }
    }

    private void Commit()
    {
        var before = _engine.State;
        var batch = _engine.Commit();
        if (batch.Events.Any(e => e is SpaceWidened))
        {
            PrepareSpace(batch.After.Spec);
        }
        else if (batch.Events.Any(e => e is StudyExtended))
        {
            _spec = TextOf(batch.After.Spec);
        }

        if (batch.Events.Count > 0)
        {
            // Before the effects: who hears of the last acknowledgement of a drain has heard of what it acknowledges.
            Publish(new StudyUpdate.Changed(batch.After, batch.Events));
        }

        foreach (var effect in batch.Effects)
        {
            Carry(effect);
        }

        var wants = _engine.WantsSlots(_settings.Time.GetUtcNow());
        _asked.ForEach(sender => sender.Tell(new Carried(before, _engine.State, batch.Events, wants)));
        _asked.Clear();

        if (batch.Events.Count > 0)
        {
            SnapshotWhenStill();
            TakeSnapshotWhenDue();
        }

        if (_engine.State is not null)
        {
            SuggestWhenWanted();
            FinishWhenDone();
            wants &= !_external;
            if (wants != _wantsSlots)
            {
                _wantsSlots = wants;
                Context.Parent.Tell(new SlotsWanted(_id, wants));
            }
        }
    }

    private void Carry(Effect effect)
    {
        switch (effect)
        {
            case SendRun run:
                Send(run.Worker, run.Incarnation, new RunTrial(run.Key, _spec, _engine.State!.Spec.Strategy.Seed!.Value, run.Parameters, run.Incumbent, run.Until, run.Segment));
                break;
            case SendStop stop:
                Answer(stop.ReplyTo, stop.Worker, new StopTrial(stop.Key, stop.Reason));
                break;
            case SendSweep sweep:
                Answer(replyTo: null, sweep.Worker, new SweepCheckpoints(sweep.Study, sweep.Below));
                SweepBlobs(sweep.Below);
                break;
            case SendAcknowledge acknowledge:
                Answer(acknowledge.ReplyTo, acknowledge.Worker, new AcknowledgeOutcome(acknowledge.Key));
                break;
        }
    }

    /// <summary>Once for all workers, and off the mailbox.</summary>
    private void SweepBlobs(int below)
    {
        if (below <= _swept)
        {
            return;
        }

        _swept = below;
        var (id, blobs, log) = (_id, _settings.Blobs, _log);
        Task.Run(() => blobs.ReleaseCheckpoints(owner => owner.Study == id && owner.IsLeft && owner.Number < below))
            .ContinueWith(failed => log.Warning("Study {Study}: checkpoints that are no longer needed could not be deleted: {Reason}", id, failed.Exception!.InnerException!.Message), TaskContinuationOptions.OnlyOnFaulted);
    }

    private void Answer(object? replyTo, string worker, IWireMessage message)
    {
        if (replyTo is IActorRef sender && !sender.IsNobody())
        {
            sender.Tell(message);
        }
        else
        {
            Send(worker, incarnation: null, message);
        }
    }

    private void Send(string worker, string? incarnation, IWireMessage message)
    {
        if (_seats.TryGetValue(worker, out var seat))
        {
            seat.Tell(message);
        }
        else
        {
            Context.Parent.Tell(new Deliver(worker, incarnation, message));
        }
    }

    private void SuggestWhenWanted()
    {
        var wanted = _suggesting ? 0 : _engine.SuggestionsWanted(_settings.Time.GetUtcNow());
        if (wanted == 0)
        {
            return;
        }

        _suggesting = true;
        var (state, sampler, hash) = (_engine.State!, _sampler!, _settingsHash);
        Task.Run(() => Suggesting.Draw(state, sampler, hash, wanted)).PipeTo(Self, success: Decided, failure: cause => new Failed(cause));
    }

    private void FinishWhenDone()
    {
        if (_finishing || _engine.IsDraining || _engine.ReadyToFinish(_settings.Time.GetUtcNow()) is null)
        {
            return;
        }

        _finishing = true;
        var (state, settings, self) = (_engine.State!, _settings, Self);
        Task.Run(() => Finishing.Finish(state, settings.ModelRunner, settings.Blobs, line => self.Tell(new Note(line))))
            .PipeTo(Self, success: Decided, failure: cause => new Failed(cause));
    }

    private void TakeSnapshotWhenDue()
    {
        if (_snapshots.IsDue(_engine.State!.Sequence))
        {
            _snapshots.Taken(_engine.State.Sequence);
            var (state, blobs, id) = (_engine.State, _settings.Blobs, _id);
            Task.Run(() => new BlocksWritten([.. FinishedBlocks.Cut(state).Select(block => blobs.Put(id, block))])).PipeTo(Self, failure: cause => new Failed(cause));
        }
    }

    /// <summary>Akka stamps a snapshot with the last sequence number it wrote: between batches that is the state's own.</summary>
    private void SnapshotWhenStill()
    {
        if (_blocks is { } blocks && !_engine.IsWriting)
        {
            _blocks = null;
            _engine.RememberBlocks(blocks.Ids);
            SaveSnapshot(SnapshotMapper.ToSnapshot(_engine.State!));
        }
    }

    private void Publish(StudyUpdate update) => _watchers.ForEach(watcher => watcher.TryWrite(update));

    private static object Decided(StudyCommand command) => new Done(command);

    /// <summary>What work off the mailbox came to; commands themselves know nothing of messages.</summary>
    private sealed record Done(StudyCommand Command) : INoSerializationVerificationNeeded;

    private sealed record Failed(Exception Cause) : INoSerializationVerificationNeeded;

    private sealed record BlocksWritten(IReadOnlyList<string> Ids) : INoSerializationVerificationNeeded;

    private sealed record Note(string Line) : INoSerializationVerificationNeeded;

    /// <summary>The batch in flight is in the journal; never sent.</summary>
    private sealed class Written
    {
        public static readonly Written Batch = new();
    }

    private sealed class Look : INoSerializationVerificationNeeded
    {
        public static readonly Look Now = new();
    }
}
