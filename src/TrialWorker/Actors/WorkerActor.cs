using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Event;
using TuningCluster.Shared.Protocol;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;
using TuningCluster.TrialWorker.Objectives;

namespace TuningCluster.TrialWorker.Actors;

/// <param name="Name">Stable over restarts.</param>
/// <param name="Incarnation">New with each process.</param>
/// <param name="Slots">Attempts at a time.</param>
/// <param name="BeatEvery">5 s by default: under a sixth of a lease, and well under the 30 s after which an unused answer tunnel closes.</param>
public sealed record WorkerSettings(string Name, string Incarnation, int Slots, TimeSpan BeatEvery)
{
    /// <summary>Told where the coordinator serves its blobs.</summary>
    public Action<Uri>? Welcomed { get; init; }

    /// <summary>Told when the coordinator asks this worker to end.</summary>
    public Action? DrainAsked { get; init; }

    public static readonly TimeSpan DefaultBeat = TimeSpan.FromSeconds(5);

    /// <summary>How often an unacknowledged outcome is sent again.</summary>
    public static readonly TimeSpan ResendEvery = TimeSpan.FromSeconds(1);

    /// <summary>How often intermediate values are sent on.</summary>
    public static readonly TimeSpan ReportEvery = TimeSpan.FromMilliseconds(200);
}

/// <summary>Pulls trials, trains each on a slot's own thread, keeps every outcome until the coordinator has journalled it.</summary>
public sealed class WorkerActor : UntypedActor, IWithTimers
{
    private const int RememberedLeases = 1024;

    /// <summary>The first beat may be lost while connections are being made, and a new worker is to have trials within a second.</summary>
    private static readonly TimeSpan[] EarlyBeats = [TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)];

    private readonly WorkerSettings _settings;
    private readonly CoordinatorLink _coordinator;
    private readonly IObjectiveFactory _objectives;
    private readonly AttemptTable _attempts = new(RememberedLeases);
    private readonly List<TrainingSlot> _slots = [];
    private readonly Queue<TrainingSlot> _free = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly ConcurrentDictionary<string, StudySpec> _specs = new(StringComparer.Ordinal);
    private IActorRef? _drainedTo;
    /// <summary>Read on the slots' threads.</summary>
    private volatile bool _draining;

    public WorkerActor(WorkerSettings settings, CoordinatorLink coordinator, IObjectiveFactory objectives)
    {
        _settings = settings;
        _coordinator = coordinator;
        _objectives = objectives;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Cancels what runs, hands everything back, and answers <see cref="Drained"/> once the coordinator has acknowledged it all.</summary>
    public sealed record Drain : INoSerializationVerificationNeeded;

    public sealed record Drained : INoSerializationVerificationNeeded;

    public static Props Props(WorkerSettings settings, CoordinatorLink coordinator, IObjectiveFactory objectives) =>
        Akka.Actor.Props.Create(() => new WorkerActor(settings, coordinator, objectives));

    protected override void PreStart()
    {
        for (var i = 0; i < _settings.Slots; i++)
        {
            var slot = new TrainingSlot(i);
            _slots.Add(slot);
            _free.Enqueue(slot);
        }

        Timers.StartPeriodicTimer("beat", Beat.Now, TimeSpan.Zero, _settings.BeatEvery);
        foreach (var early in EarlyBeats.Where(early => early < _settings.BeatEvery))
        {
            Timers.StartSingleTimer(early, Beat.Now, early);
        }

        Timers.StartPeriodicTimer("resend", Resend.Now, WorkerSettings.ResendEvery, WorkerSettings.ResendEvery);
        Timers.StartPeriodicTimer("report", Report.Now, WorkerSettings.ReportEvery, WorkerSettings.ReportEvery);
    }

    protected override void PostStop()
    {
        foreach (var attempt in _attempts.All)
        {
            attempt.Stop.Cancel();
        }

        _slots.ForEach(slot => slot.Dispose());
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RunTrial run:
                Accept(run);
                break;
            case StopTrial stop:
                Stop(stop);
                break;
            case AcknowledgeOutcome acknowledged:
                Forget(acknowledged.Key.Lease);
                break;
            case SweepCheckpoints sweep:
                _objectives.Sweep(sweep.Study, sweep.Below);
                break;
            case WelcomeWorker welcome:
                if (Uri.TryCreate(welcome.Blobs, UriKind.Absolute, out var blobs) && blobs.Scheme is "http" or "https")
                {
                    _settings.Welcomed?.Invoke(blobs);
                }
                else
                {
                    _log.Warning("Worker {Worker} was told to fetch blobs from '{Address}', which is no address", _settings.Name, welcome.Blobs);
                }

                break;
            case DrainWorker when _settings.DrainAsked is { } asked:
                _log.Info("Worker {Worker} is asked to drain", _settings.Name);
                asked();
                break;
            case DrainWorker:
                _log.Warning("Worker {Worker} is part of a run and ends with it; it does not drain", _settings.Name);
                break;
            case Stepped stepped:
                _attempts.Find(stepped.Lease)?.Step(stepped.Value);
                break;
            case Ended ended:
                End(ended);
                break;
            case Beat:
                SendBeat();
                break;
            case Resend:
                foreach (var attempt in _attempts.All.Where(a => a.Outcome is not null))
                {
                    SendOutcome(attempt);
                }

                break;
            case Report:
                SendValues();
                break;
            case Drain:
                StartDraining();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Accept(RunTrial run)
    {
        if (_drainedTo is null && _attempts.Add(run))
        {
            StartWaiting();
        }
    }

    private void StartWaiting()
    {
        while (_free.Count > 0 && _attempts.NextWaiting() is { } attempt)
        {
            var slot = _free.Dequeue();
            attempt.Slot = slot;
            var run = attempt.Run;
            var self = Self;
            slot.Post(() => self.Tell(new Ended(run.Key.Lease, Train(run, self, attempt.Stop.Token), slot)));
        }
    }

    /// <summary>The study of a run; parsed once a study, since every one of its trials brings the same text. On the slots' threads.</summary>
    private StudySpec SpecOf(RunTrial run) => _specs.GetOrAdd(run.Spec, text => StudyFile.Parse(text, run.Key.Study).SpecOrThrow());

    /// <summary>On the slot's thread. Every way an attempt can end is a value.</summary>
    private TrialOutcome? Train(RunTrial run, IActorRef self, CancellationToken stop)
    {
        IObjective objective;
        try
        {
            objective = _objectives.Create(run.Key.Study, SpecOf(run));
        }
        catch (Exception e)
        {
            _log.Error(e, "Study {Study}: trial {Trial} cannot start: {Reason}", run.Key.Study, run.Key.Number, e.Message);
            return new TrialOutcome.Failed(FailureReason.BadData, e.Message);
        }

        try
        {
            var job = new TrialJob(run.Key.Study, run.Key.Number, run.Seed, run.Parameters, run.Incumbent, run.Until, run.Segment) { IsFirstAttempt = run.Key.Attempt == 1 };
            var outcome = objective.Run(job, value => self.Tell(new Stepped(run.Key.Lease, value)), stop);
            if (outcome is TrialOutcome.Paused)
            {
                Share(run.Key);
            }

            return outcome;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            if (_draining)
            {
                Share(run.Key);
            }

            return null;
        }
        catch (Exception e)
        {
            _log.Error(e, "Study {Study}: trial {Trial}, attempt {Attempt} raised an error: {Reason}", run.Key.Study, run.Key.Number, run.Key.Attempt, e.Message);
            return new TrialOutcome.Failed(FailureReason.TrainingError, $"{e.GetType().Name}: {e.Message}");
        }
    }

    /// <summary>Before anybody hears that the trial may be taken up. What it trained is lost when that fails, and the trial is not.</summary>
    private void Share(AttemptKey key)
    {
        try
        {
            _objectives.Share(key.Study, key.Number);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            _log.Warning("Study {Study}: the checkpoint of trial {Trial} stays on this machine; elsewhere the trial begins again: {Reason}", key.Study, key.Number, e.Message);
        }
    }

    private void Stop(StopTrial stop)
    {
        if (_attempts.Find(stop.Key.Lease) is not { } attempt)
        {
            if (stop.Reason == StopReason.Pruned)
            {
                _objectives.Discard(stop.Key.Study, stop.Key.Number);
            }

            return;
        }

        attempt.Pruned |= stop.Reason == StopReason.Pruned;
        attempt.Stop.Cancel();
        if (attempt.IsTraining)
        {
            return;
        }

        if (stop.Reason != StopReason.Pruned)
        {
            Forget(stop.Key.Lease);
        }
        else if (attempt.Outcome is null)
        {
            attempt.Outcome = new TrialOutcome.Pruned(attempt.LastStep);
            SendOutcome(attempt);
        }
    }

    private void End(Ended ended)
    {
        _free.Enqueue(ended.Slot);
        if (_attempts.Find(ended.Lease) is { } attempt)
        {
            attempt.Slot = null;
            attempt.Outcome = ended.Outcome
                ?? (attempt.Pruned ? new TrialOutcome.Pruned(attempt.LastStep) { Curve = attempt.Curve }
                    : _drainedTo is not null ? new TrialOutcome.Released("the worker drains")
                    : null);
            if (attempt.Outcome is null)
            {
                Forget(ended.Lease);
            }
            else
            {
                SendOutcome(attempt);
            }
        }

        StartWaiting();
        SendBeat();
    }

    private void Forget(string lease)
    {
        if (_attempts.Find(lease) is { } ended && (ended.Pruned || ended.Outcome is not (TrialOutcome.Released or TrialOutcome.Paused)))
        {
            // Handed back or set aside, a trial goes on from where it was; any other end is final for what this attempt left.
            _objectives.Discard(ended.Run.Key.Study, ended.Run.Key.Number);
        }

        _attempts.Remove(lease);
        AnswerWhenDrained();
    }

    private void StartDraining()
    {
        _drainedTo = Sender;
        _draining = true;
        foreach (var attempt in _attempts.All.ToList())
        {
            attempt.Stop.Cancel();
            if (!attempt.IsTraining && attempt.Outcome is null)
            {
                attempt.Outcome = new TrialOutcome.Released("the worker drains");
                SendOutcome(attempt);
            }
        }

        SendBeat();
        AnswerWhenDrained();
    }

    private void AnswerWhenDrained()
    {
        if (_drainedTo is not null && _attempts.All.Count == 0)
        {
            _drainedTo.Tell(new Drained());
        }
    }

    private void SendBeat() => _coordinator.Tell(
        new WorkerBeat(_settings.Name, _settings.Incarnation, _drainedTo is null ? _settings.Slots : 0, [.. _attempts.All.Select(a => new HeldAttempt(a.Run.Key, a.LastStep))]),
        Self);

    private void SendOutcome(Attempt attempt) => _coordinator.Tell(new ReportOutcome(_settings.Name, attempt.Run.Key, attempt.Outcome!), Self);

    private void SendValues()
    {
        foreach (var attempt in _attempts.All)
        {
            if (attempt.TakeUnsent() is { Count: > 0 } values)
            {
                _coordinator.Tell(new ReportValues(_settings.Name, attempt.Run.Key, values), Self);
            }
        }
    }

    private sealed record Stepped(string Lease, IntermediateValue Value) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    /// <param name="Outcome">Null when it was told to stop.</param>
    private sealed record Ended(string Lease, TrialOutcome? Outcome, TrainingSlot Slot) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    private sealed class Beat : INoSerializationVerificationNeeded
    {
        public static readonly Beat Now = new();
    }

    private sealed class Resend : INoSerializationVerificationNeeded
    {
        public static readonly Resend Now = new();
    }

    private sealed class Report : INoSerializationVerificationNeeded
    {
        public static readonly Report Now = new();
    }
}
