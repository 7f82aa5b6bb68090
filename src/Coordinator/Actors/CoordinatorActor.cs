using Akka.Actor;
using Akka.Event;
using TuningCluster.Coordinator.Leasing;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Blobs;
using TuningCluster.Shared.Protocol;

namespace TuningCluster.Coordinator.Actors;

/// <summary>The cluster's one coordinator: starts studies, knows the newest way to every worker, and passes their messages on.</summary>
public sealed class CoordinatorActor : UntypedActor
{
    /// <summary>Nobody asks for a worker that has been silent so long.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    private readonly StudyActorSettings _settings;
    private readonly Dictionary<string, IActorRef> _studies = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SeenWorker> _workers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _wants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<OpenStudy>> _opened = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<IActorRef>> _closing = new(StringComparer.Ordinal);
    private readonly HashSet<string> _withoutSnapshot = new(StringComparer.Ordinal);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private Uri? _api;
    private bool _sharing;

    public CoordinatorActor(StudyActorSettings settings) => _settings = settings;

    public static Props Props(StudyActorSettings settings) => Akka.Actor.Props.Create(() => new CoordinatorActor(settings));

    /// <summary>A study whose journal or rules failed stops: its memory can no longer be trusted, and its watchers are told why.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void PreStart() => _settings.Chosen?.Invoke();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case WorkerBeat beat:
                See(beat);
                break;
            case ReportValues values:
                ForStudy(values.Key)?.Forward(values);
                break;
            case ReportOutcome outcome:
                ForStudy(outcome.Key)?.Forward(outcome);
                break;
            case Deliver deliver:
                if (_workers.GetValueOrDefault(deliver.Worker) is { } to && (deliver.Incarnation is null || to.Beat.Incarnation == deliver.Incarnation))
                {
                    to.Way.Tell(deliver.Message);
                }

                break;
            case OpenStudy open:
                Remember(open);
                Open(open, useSnapshot: !open.First.Any(c => c is CreateStudy));
                break;
            case AskStudy ask:
                if (!_studies.ContainsKey(ask.Id))
                {
                    Open(new OpenStudy(ask.Id, [], Watcher: null), useSnapshot: !ask.Commands.Any(c => c is CreateStudy));
                }

                _studies[ask.Id].Forward(ask);
                break;
            case CloseStudy close:
                Close(close);
                break;
            case AskDrain drain:
                var worker = _workers.GetValueOrDefault(drain.Worker);
                worker?.Way.Tell(new DrainWorker());
                Sender.Tell(worker is not null);
                break;
            case ServeApi serve:
                _api = serve.Address;
                foreach (var known in _workers.Values)
                {
                    known.Way.Tell(new WelcomeWorker(_api.ToString()));
                }

                break;
            case FindActive:
                if (_api is { } active)
                {
                    Sender.Tell(new ActiveAt(active.ToString()));
                }

                break;
            case ListWorkers:
                foreach (var silent in _workers.Where(w => _settings.Time.GetElapsedTime(w.Value.At) > Remembered).Select(w => w.Key).ToList())
                {
                    _workers.Remove(silent);
                }

                Sender.Tell(_workers.Values.Select(seen => new WorkerStanding(seen.Beat, _settings.Time.GetElapsedTime(seen.At))).ToList());
                break;
            case BeginDrain:
                foreach (var study in _studies.Values)
                {
                    study.Tell(message);
                }

                Sender.Tell(new DrainBegun());
                break;
            case SlotsWanted wanted:
                _wants[wanted.Id] = wanted.Wanted;
                foreach (var seen in _workers.Values)
                {
                    ShareOut(seen.Beat);
                }

                break;
            case StudyEnded ended:
                End(ended);
                break;
            case Terminated ended:
                Forget(StudyId.FromPersistenceId(ended.ActorRef.Path.Name));
                break;
            case StopCoordinator:
                Context.Stop(Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Open(OpenStudy open, bool useSnapshot)
    {
        if (!_studies.TryGetValue(open.Id, out var study))
        {
            study = Context.Watch(Context.ActorOf(StudyActor.Props(open.Id, useSnapshot, _settings), StudyId.PersistenceId(open.Id)));
            _studies[open.Id] = study;
            _wants[open.Id] = true;
        }

        study.Tell(open);
        foreach (var seen in _workers.Values)
        {
            TellStudies(seen.Beat, seen.Way);
        }
    }

    private void Close(CloseStudy close)
    {
        _opened.Remove(close.Id);
        if (!_studies.TryGetValue(close.Id, out var study))
        {
            Sender.Tell(new StudyClosed());
            return;
        }

        if (!_closing.TryGetValue(close.Id, out var asking))
        {
            _closing[close.Id] = asking = [];
            Context.Stop(study);
        }

        asking.Add(Sender);
    }

    private void Remember(OpenStudy open)
    {
        if (!_opened.TryGetValue(open.Id, out var opened))
        {
            _opened[open.Id] = opened = [];
        }

        opened.Add(open);
    }

    /// <summary>
    /// A snapshot only saves time: when it cannot be used (a block of it is gone), the study is opened again from its events alone. Any other
    /// end is the watchers' to hear, also of those whose <see cref="OpenStudy"/> the study did not live to read.
    /// </summary>
    private void End(StudyEnded ended)
    {
        if (ended.Failure is BlobMissingException missing)
        {
            _log.Warning("Study {Study} is recovered without its snapshot: {Reason}", ended.Id, missing.Message);
            _withoutSnapshot.Add(ended.Id);
        }
        else if (_opened.Remove(ended.Id, out var opened))
        {
            opened.ForEach(open => open.Watcher?.TryComplete(ended.Failure));
        }
    }

    private void Forget(string id)
    {
        _studies.Remove(id);
        _wants.Remove(id);
        if (_closing.Remove(id, out var asking))
        {
            asking.ForEach(sender => sender.Tell(new StudyClosed()));
        }

        var useSnapshot = !_withoutSnapshot.Remove(id);
        if (_opened.TryGetValue(id, out var opened))
        {
            // To be opened from its events alone, or asked for again while it was ending: what it was told then, nobody read.
            opened.ForEach(open => Open(open, useSnapshot));
        }
    }

    private void See(WorkerBeat beat)
    {
        var known = _workers.GetValueOrDefault(beat.Worker);
        if (known is null)
        {
            _log.Info("Worker {Worker} joined with {Slots} slots", beat.Worker, beat.Slots);
            if (beat.Worker != _settings.LocalWorker)
            {
                _settings.RemoteWorkerJoined?.Invoke();
            }
        }

        if (_api is { } api && known?.Beat.Incarnation != beat.Incarnation)
        {
            Sender.Tell(new WelcomeWorker(api.ToString()));
        }

        // The newest sender: ClusterClient's answer tunnel closes and opens again elsewhere.
        _workers[beat.Worker] = new SeenWorker(Sender, beat, _settings.Time.GetTimestamp());
        TellStudies(beat, Sender);
    }

    /// <summary>Tells every study how much of a worker is its own; where there is one study, and was never another, all is.</summary>
    private void ShareOut(WorkerBeat beat)
    {
        if (_studies.Count < 2 && !_sharing)
        {
            return;
        }

        _sharing = true;
        var turn = (int)(_settings.Time.GetElapsedTime(0).Ticks / SlotShares.Turn.Ticks % int.MaxValue);
        foreach (var (id, slots) in SlotShares.Of(beat, _wants, turn + _workers.Keys.TakeWhile(w => w != beat.Worker).Count()))
        {
            _studies.GetValueOrDefault(id)?.Tell(new ShareWorker(beat.Worker, slots));
        }
    }

    private void TellStudies(WorkerBeat beat, IActorRef sender)
    {
        ShareOut(beat);
        foreach (var (id, study) in _studies)
        {
            study.Tell(beat with { Held = [.. beat.Held.Where(h => h.Key.Study == id)] }, sender);
        }
    }

    /// <param name="Way">Where it was heard from last.</param>
    /// <param name="At">When.</param>
    private sealed record SeenWorker(IActorRef Way, WorkerBeat Beat, long At);

    /// <summary>Null for a study that is not open here: the worker sends again, and hears once it is.</summary>
    private IActorRef? ForStudy(AttemptKey key) => _studies.GetValueOrDefault(key.Study);
}
