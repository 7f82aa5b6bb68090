using System.Globalization;
using Akka.Actor;
using Akka.Event;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Protocol;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Actors;

/// <summary>A worker's place taken by a program that asks over HTTP: one trial at a time, by the rules of any worker's.</summary>
/// <remarks>
/// It beats for the program as long as that is heard of within its lease. A lapsed one keeps its trial until another program asks: until then
/// its outcome counts.
/// </remarks>
public sealed class AskSeat : UntypedActor, IWithTimers, IWithStash
{
    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(5);

    /// <summary>How often a study is looked at that has not come up with a trial yet.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a suggestion may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    private readonly string _study;
    private readonly string _name;
    private readonly string _incarnation;
    private readonly TimeSpan _lease;
    private readonly IActorRef _coordinator;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly List<IntermediateValue> _curve = [];
    private IActorRef? _asking;
    private AttemptKey? _held;
    private int _first;
    private int? _until;
    private bool _lapsed;
    private Pending? _pending;

    /// <param name="study">Id of the study.</param>
    /// <param name="name">See <see cref="SeatName"/>.</param>
    /// <param name="incarnation">Of the lease it goes on with, or a new one.</param>
    /// <param name="held">The trial that its program holds since before this process; null for none.</param>
    /// <param name="coordinator">The cluster's coordinator.</param>
    public AskSeat(string study, string name, string incarnation, Trial? held, IActorRef coordinator)
    {
        (_study, _name, _incarnation, _lease, _coordinator) = (study, name, incarnation, SeatName.LeaseOf(name), coordinator);
        if (held is not null)
        {
            // What was reported after the last judgement is not in the journal. It is the program's: it tells or reports on.
            _curve.AddRange(held.Curve);
            Hold(KeyOf(held), until: null);
            _first = held.HeldSince;
        }
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public IStash Stash { get; set; } = null!;

    /// <summary>Answered with <see cref="Asked"/> or <see cref="NothingCame"/>.</summary>
    public sealed record Ask : INoSerializationVerificationNeeded;

    public sealed record Asked(AttemptKey Key, TrialParameters Parameters) : INoSerializationVerificationNeeded;

    /// <param name="Left">The study may still come up with one; else there is none to be had now.</param>
    public sealed record NothingCame(bool Left) : INoSerializationVerificationNeeded;

    /// <summary>Somebody else would have the trial whose program is not heard of.</summary>
    /// <param name="Then">Goes to the parent when the trial is back in the queue, from this message's sender.</param>
    /// <param name="Else">Goes there when the program has been heard of after all.</param>
    public sealed record HandBack(object Then, object Else) : INoSerializationVerificationNeeded;

    /// <summary>The program lives: its lease begins anew. Answered with <see cref="Heard"/> or <see cref="NotHeld"/>.</summary>
    /// <param name="Value">What it reports; null for a sign of life alone.</param>
    public sealed record Hear(int Number, int Attempt, IntermediateValue? Value) : INoSerializationVerificationNeeded;

    /// <param name="Stop">The trial is over: what else the program does for it is of no use.</param>
    public sealed record Heard(bool Stop) : INoSerializationVerificationNeeded;

    /// <summary>The program's last word. Answered with <see cref="Told"/> or <see cref="NotHeld"/>.</summary>
    /// <param name="Outcome">With the curve and the metrics it tells; what it reported comes before.</param>
    public sealed record Tell(int Number, int Attempt, TrialOutcome Outcome) : INoSerializationVerificationNeeded;

    /// <param name="After">The study with that outcome in its journal.</param>
    public sealed record Told(StudyState After) : INoSerializationVerificationNeeded;

    /// <summary>This seat does not hold such an attempt.</summary>
    public sealed record NotHeld : INoSerializationVerificationNeeded;

    /// <summary>To the parent: whether another ask may take this seat.</summary>
    public sealed record Standing(Occupation Occupation) : INoSerializationVerificationNeeded;

    public enum Occupation
    {
        Free,
        Taken,
        Lapsed,
    }

    public static Props Props(string study, string name, string incarnation, Trial? held, IActorRef coordinator) =>
        Akka.Actor.Props.Create(() => new AskSeat(study, name, incarnation, held, coordinator));

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer("beat", Beat.Now, BeatEvery, BeatEvery);
        if (_held is not null)
        {
            Renew();
            SendBeat();
        }
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Ask or HandBack or Hear or Tell or Lapse when _pending is not null:
                Stash.Stash();
                break;
            case Ask:
                Begin(Sender);
                break;
            case HandBack back when _lapsed:
                var (parent, asker) = (Context.Parent, Sender);
                var why = string.Create(CultureInfo.InvariantCulture, $"nothing was heard of who asked for it in {_lease.TotalSeconds} s");
                Report(_held!, new TrialOutcome.Released(why), _ => parent.Tell(back.Then, asker));
                break;
            case HandBack back:
                Context.Parent.Forward(back.Else);
                break;
            case RunTrial run:
                Take(run);
                break;
            case Hear hear when Holds(hear.Number, hear.Attempt):
                Take(hear);
                break;
            case Tell tell when Holds(tell.Number, tell.Attempt):
                Take(tell);
                break;
            case Hear or Tell:
                Sender.Tell(new NotHeld());
                break;
            case StopTrial stop when stop.Key == _held && _pending is null:
                Leave();
                break;
            case Carried carried:
                Look(carried);
                break;
            case Late when _asking is not null:
                Refuse(left: true);
                break;
            case Lapse when _held is { } held:
                _log.Warning("Study {Study}: nothing was heard of asked trial {Trial} for {Seconds} s; whoever asks next may get it", _study, held.Number, _lease.TotalSeconds);
                _lapsed = true;
                Context.Parent.Tell(new Standing(Occupation.Lapsed));
                break;
            case Beat:
                if (_pending is { } pending)
                {
                    // Sent again until the journal has it.
                    _coordinator.Tell(pending.Question);
                }
                else if (_asking is not null || (_held is not null && !_lapsed))
                {
                    SendBeat();
                }

                break;
            case StopTrial or AcknowledgeOutcome or Late or Lapse:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private bool Holds(int number, int attempt) => _held is { } held && held.Number == number && attempt >= _first && attempt <= held.Attempt;

    private void Begin(IActorRef asker)
    {
        _asking = asker;
        Timers.StartSingleTimer("patience", Late.Now, Patience);
        Timers.StartPeriodicTimer("look", Beat.Now, LookEvery, LookEvery);
        SendBeat();
    }

    private void Take(RunTrial run)
    {
        if (_held?.Number == run.Key.Number)
        {
            // Judged, and let go on: its next attempt.
            (_held, _until) = (run.Key.Attempt >= _held.Attempt ? run.Key : _held, run.Until);
        }
        else if (_asking is { } asking)
        {
            StopAsking();
            _curve.Clear();
            Hold(run.Key, run.Until);
            Renew();
            asking.Tell(new Asked(run.Key, run.Parameters));
        }
        else if (_held is null && _pending is null)
        {
            // Given before the study heard that nobody waits for it any more.
            Hold(run.Key, run.Until);
            Report(run.Key, new TrialOutcome.Released("who asked for it has gone"), _ => { });
        }
    }

    private void Hold(AttemptKey key, int? until) => (_held, _first, _until, _lapsed) = (key, key.Attempt, until, false);

    private void Take(Hear hear)
    {
        var (held, asker) = (_held!, Sender);
        if (_lapsed)
        {
            _lapsed = false;
            Context.Parent.Tell(new Standing(Occupation.Taken));
            SendBeat();
        }

        Renew();
        if (hear.Value is not { } value || value.Step <= LastStep)
        {
            asker.Tell(new Heard(Stop: false));
            return;
        }

        _curve.Add(value);
        _coordinator.Tell(new ReportValues(_name, held, [value]));
        if (value.Step >= _until)
        {
            Report(held, new TrialOutcome.Paused(value.Step) { Curve = [.. _curve] }, after => asker.Tell(new Heard(Stop: !GoesOn(after, held.Number))));
        }
        else
        {
            asker.Tell(new Heard(Stop: false));
        }
    }

    private void Take(Tell tell)
    {
        var asker = Sender;
        var outcome = tell.Outcome switch
        {
            TrialOutcome.Pruned => new TrialOutcome.Pruned(LastStep) { Metrics = tell.Outcome.Metrics },
            TrialOutcome.Diverged diverged => diverged with { Step = LastStep },
            _ => tell.Outcome,
        };
        Report(
            _held!, outcome with { Curve = [.. _curve, .. tell.Outcome.Curve.Where(v => v.Step > LastStep)] },
            after => asker.Tell(after is null ? new NotHeld() : new Told(after)));
    }

    private int LastStep => _curve.Count == 0 ? 0 : _curve[^1].Step;

    private bool GoesOn(StudyState? after, int number) =>
        after?.Trials[number] is { State: TrialState.Running, Lease: { } lease } && lease.Worker == _name && lease.Incarnation == _incarnation;

    /// <summary>Has the study decide over the end of an attempt.</summary>
    /// <param name="then">With the study as it is then; null when it has been deleted.</param>
    private void Report(AttemptKey key, TrialOutcome outcome, Action<StudyState?> then)
    {
        // No free place: another trial is for who asks for one.
        var beat = new WorkerBeat(_name, _incarnation, 0, [new HeldAttempt(key, LastStep)]);
        var question = new AskStudy(_study, [new SeeWorker(beat, Local: false, Self), new TakeOutcome(new ReportOutcome(_name, key, outcome), Self)]);
        _pending = new Pending(key, question, then);
        _coordinator.Tell(question);
    }

    private void Look(Carried carried)
    {
        if (_pending is { } pending)
        {
            if (carried.After is { } state && StudyDecisions.FindLease(state, pending.Key) is not null)
            {
                // An answer to what was asked before.
                return;
            }

            _pending = null;
            if (GoesOn(carried.After, pending.Key.Number))
            {
                _held = KeyOf(carried.After!.Trials[pending.Key.Number]);
            }
            else
            {
                Leave();
            }

            pending.Then(carried.After);
            Stash.UnstashAll();
        }
        else if (_asking is not null && !carried.Wants)
        {
            Refuse(left: false);
        }
        else if (_held is not null && (carried.After is null || StudyDecisions.FindLease(carried.After, _held) is null) && !GoesOn(carried.After, _held.Number))
        {
            Leave();
        }
    }

    private AttemptKey KeyOf(Trial trial) => new(_study, trial.Number, trial.Attempts, trial.Lease!.Id);

    private void Refuse(bool left)
    {
        var asking = _asking!;
        StopAsking();
        _coordinator.Tell(Seen(slots: 0));
        asking.Tell(new NothingCame(left));
        Context.Parent.Tell(new Standing(Occupation.Free));
    }

    private void StopAsking()
    {
        _asking = null;
        Timers.Cancel("patience");
        Timers.Cancel("look");
    }

    private void Leave()
    {
        (_held, _lapsed) = (null, false);
        Timers.Cancel("lapse");
        Context.Parent.Tell(new Standing(Occupation.Free));
    }

    private void Renew() => Timers.StartSingleTimer("lapse", Lapse.Now, _lease);

    private void SendBeat() => _coordinator.Tell(Seen(slots: 1));

    private AskStudy Seen(int slots) => new(_study, [new SeeWorker(new WorkerBeat(_name, _incarnation, slots, _held is { } held ? [new HeldAttempt(held, LastStep)] : []), Local: false, Self)]);

    /// <param name="Question">What the study was asked.</param>
    private sealed record Pending(AttemptKey Key, AskStudy Question, Action<StudyState?> Then);

    private sealed class Beat : INoSerializationVerificationNeeded
    {
        public static readonly Beat Now = new();
    }

    private sealed class Late : INoSerializationVerificationNeeded
    {
        public static readonly Late Now = new();
    }

    private sealed class Lapse : INoSerializationVerificationNeeded
    {
        public static readonly Lapse Now = new();
    }
}
