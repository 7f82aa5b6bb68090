using Akka.Actor;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Actors;

/// <summary>Takes programs that ask over HTTP to the coordinator: each gets a seat, which another takes when it has left.</summary>
/// <param name="coordinator">Where the seats beat.</param>
public sealed class AskDesk(IActorRef coordinator) : UntypedActor
{
    private readonly Dictionary<(string Study, string Name), Seat> _seats = [];
    private readonly Dictionary<IActorRef, Seat> _byActor = [];
    private int _last;

    /// <summary>Answered with <see cref="AskSeat.Asked"/> or <see cref="AskSeat.NothingCame"/>.</summary>
    /// <param name="Study">Id of the study.</param>
    public sealed record Ask(string Study, TimeSpan Lease) : INoSerializationVerificationNeeded;

    /// <summary>A message for the seat that holds a trial; answered by it, or with <see cref="AskSeat.NotHeld"/>.</summary>
    /// <param name="Seat">The worker that the trial's lease names.</param>
    public sealed record ForSeat(string Study, string Seat, object Message) : INoSerializationVerificationNeeded;

    /// <summary>A study is open: the programs that hold trials of it have their seats again, also those from before this process.</summary>
    public sealed record Open(StudyState Study) : INoSerializationVerificationNeeded;

    /// <summary>A study is gone, and its seats with it.</summary>
    public sealed record Forget(string Study) : INoSerializationVerificationNeeded;

    public static Props Props(IActorRef coordinator) => Akka.Actor.Props.Create(() => new AskDesk(coordinator));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Ask ask:
                Take(ask);
                break;
            case Sit sit:
                Take(sit);
                break;
            case ForSeat forSeat:
                if (_seats.TryGetValue((forSeat.Study, forSeat.Seat), out var known))
                {
                    known.Actor.Forward(forSeat.Message);
                }
                else
                {
                    Sender.Tell(new AskSeat.NotHeld());
                }

                break;
            case Open open:
                foreach (var trial in open.Study.OpenTrials.Where(t => t.State == TrialState.Running && !_seats.ContainsKey((open.Study.Id, t.Lease!.Worker))))
                {
                    Add(open.Study.Id, trial.Lease!.Worker, trial.Lease.Incarnation, trial);
                }

                break;
            case Forget forget:
                foreach (var (key, gone) in _seats.Where(s => s.Key.Study == forget.Study).ToList())
                {
                    _seats.Remove(key);
                    _byActor.Remove(gone.Actor);
                    Context.Stop(gone.Actor);
                }

                break;
            case AskSeat.Standing standing when _byActor.TryGetValue(Sender, out var its):
                its.Occupation = standing.Occupation;
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Take(Ask ask)
    {
        if (_seats.Values.FirstOrDefault(s => s.Study == ask.Study && s.Occupation == AskSeat.Occupation.Lapsed) is { } lapsed)
        {
            // What somebody let lie is back in the queue before anything new is suggested.
            lapsed.Occupation = AskSeat.Occupation.Taken;
            lapsed.Actor.Forward(new AskSeat.HandBack(Then: new Sit(ask), Else: ask));
            return;
        }

        Take(new Sit(ask));
    }

    private void Take(Sit sit)
    {
        var ask = sit.Ask;
        var seat = _seats.Values.FirstOrDefault(s => s.Study == ask.Study && s.Occupation == AskSeat.Occupation.Free && s.Lease == ask.Lease) ?? Add(ask.Study, FreeName(ask), Rng.FreshId(), held: null);
        seat.Occupation = AskSeat.Occupation.Taken;
        seat.Actor.Forward(new AskSeat.Ask());
    }

    private string FreeName(Ask ask)
    {
        string name;
        do
        {
            name = SeatName.Of(ask.Lease, _last++);
        }
        while (_seats.ContainsKey((ask.Study, name)));
        return name;
    }

    private Seat Add(string study, string name, string incarnation, Trial? held)
    {
        var actor = Context.ActorOf(AskSeat.Props(study, name, incarnation, held, coordinator));
        var seat = new Seat(study, SeatName.LeaseOf(name), actor) { Occupation = AskSeat.Occupation.Taken };
        _seats[(study, name)] = _byActor[actor] = seat;
        return seat;
    }

    /// <summary>There is a trial for it in the queue, or none that lies.</summary>
    private sealed record Sit(Ask Ask) : INoSerializationVerificationNeeded;

    private sealed class Seat(string study, TimeSpan lease, IActorRef actor)
    {
        public string Study { get; } = study;

        public TimeSpan Lease { get; } = lease;

        public IActorRef Actor { get; } = actor;

        public AskSeat.Occupation Occupation { get; set; }
    }
}
