using TuningCluster.Coordinator.Persistence;
using TuningCluster.Coordinator.Pruning;
using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Search.Pbt;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Protocol;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.TestKit.Simulation;

/// <summary>The coordinator's process: <c>StudyActor</c> and <c>CoordinatorActor</c> without Akka, over the real engine.</summary>
internal sealed class SimulatedCoordinator(Scene scene, SimulatedJournal journal, SimulatedNetwork network)
{
    public const string StudyId = "simulated.1.00000000";

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private string _settingsHash = "";
    private readonly Dictionary<string, SimulatedWorker> _workers = new(StringComparer.Ordinal);
    private readonly Queue<Action> _mailbox = [];
    private readonly HashSet<string> _leasesSent = [];
    private StudyEngine _engine = null!;
    private ISampler _sampler = null!;
    private int _life;
    private bool _paused;
    private TimeSpan _stall;
    private TimeSpan _lastLook;
    private bool _suggesting;

    public bool IsUp { get; private set; }

    /// <summary>The best trial is being scored.</summary>
    public bool IsFinishing { get; private set; }

    /// <summary>Nothing waits and nothing is being written.</summary>
    public bool IsIdle => IsUp && !_paused && !_engine.IsWriting;

    /// <summary>As journalled; null while there is no process, or no study.</summary>
    public StudyState? State => IsUp ? _engine.State : null;

    /// <param name="first">What the user's repeated command asks of the recovered study; null before it exists.</param>
    public void Start(Func<StudyState?, IEnumerable<StudyCommand>> first)
    {
        if (IsUp)
        {
            return;
        }

        IsUp = true;
        var life = ++_life;
        _suggesting = IsFinishing = _paused = false;
        _stall = TimeSpan.Zero;
        _workers.Clear();
        _leasesSent.Clear();
        var recovered = Recover();
        PrepareSpace(recovered?.Spec ?? scene.Plan.Spec);
        var size = recovered is null ? _sampler.Size : StrategySize.Of(recovered);
        var options = new EngineOptions(EngineOptions.DefaultLease, size, _sampler.Learns, PrunerFactory.Create(scene.Plan.Spec))
        {
            Population = Population.Of(scene.Plan.Spec),
        };
        _engine = new StudyEngine(recovered, options, scene.Rng.Id);
        _lastLook = scene.Time.Now;
        scene.Log?.Add($"coordinator: starts at event {recovered?.Sequence ?? 0}");
        scene.Referee.CoordinatorStarted();
        Watch();
        foreach (var command in first(recovered))
        {
            _engine.Submit(command);
        }

        Pump();
        KeepLooking(life);
    }

    private void PrepareSpace(StudySpec spec) => (_sampler, _settingsHash) = (SamplerFactory.Create(spec), SettingsHash.Of(spec));

    /// <summary>The process is gone, whatever it was doing.</summary>
    public void Kill()
    {
        if (!IsUp)
        {
            return;
        }

        scene.Log?.Add("coordinator: dies");
        IsUp = false;
        _life++;
        _mailbox.Clear();
        journal.LoseWriter();
        Watch();
    }

    /// <summary>The process stands still; what arrives waits.</summary>
    public void Pause(TimeSpan length)
    {
        if (!IsUp || _paused)
        {
            return;
        }

        scene.Log?.Add($"coordinator: stands still for {length}");
        _paused = true;
        Watch();
        var life = _life;
        scene.Time.After(length, () =>
        {
            if (IsUp && life == _life)
            {
                Awake(length);
            }
        });
    }

    /// <summary>Gives out no more trials.</summary>
    public void Drain() => Post(_life, () => _engine.Drain());

    public void Ask(StudyCommand command) => Post(_life, () =>
    {
        scene.Log?.Add($"user: {command.GetType().Name}");
        Take(command);
    });

    public void Receive(IWireMessage message, SimulatedWorker sender) => Post(_life, () =>
    {
        switch (message)
        {
            case WorkerBeat beat:
                // The newest sender is the way to the worker, as in CoordinatorActor.
                _workers[beat.Worker] = sender;
                scene.Referee.Heard(beat);
                Take(new SeeWorker(Mutilate(beat), scene.Plan.Local, sender));
                break;
            case ReportOutcome outcome:
                if (scene.Makes(PlantedBug.AcknowledgesBeforeDurable))
                {
                    Answer(sender, new AcknowledgeOutcome(outcome.Key));
                }

                Take(new TakeOutcome(Mutilate(outcome), sender));
                break;
            case ReportValues values:
                _engine.Note(values);
                break;
        }
    });

    private void Awake(TimeSpan slept)
    {
        scene.Log?.Add("coordinator: goes on");
        _paused = false;
        Watch();
        var lookFirst = scene.Rng.Chance(0.5);
        if (scene.Makes(PlantedBug.LapsesDuringPauses))
        {
            AdvanceInSmallSteps(slept);
        }

        if (lookFirst)
        {
            Look();
        }

        while (IsUp && _mailbox.TryDequeue(out var action))
        {
            action();
        }
    }

    private void Post(int life, Action action)
    {
        if (!IsUp || life != _life)
        {
            return;
        }

        if (_paused)
        {
            _mailbox.Enqueue(action);
        }
        else
        {
            action();
        }
    }

    private void Take(StudyCommand command)
    {
        _engine.Submit(command);
        Pump();
    }

    private void KeepLooking(int life) => scene.Time.After(LookEvery, () =>
    {
        if (IsUp && life == _life)
        {
            if (!_paused)
            {
                Look();
            }

            KeepLooking(life);
        }
    });

    private void Look()
    {
        _engine.Advance(scene.Time.Now - _lastLook);
        _lastLook = scene.Time.Now;
        if (_engine.State is not null)
        {
            Take(new LookAtClock());
        }
    }

    private void Pump()
    {
        while (_engine.Next(scene.WallClock) is { } batch)
        {
            if (batch.Events.Count > 0)
            {
                var life = _life;
                scene.Referee.Decided(batch.Events);
                var takes = journal.Write(batch.Events, () => Post(life, () =>
                {
                    Commit();
                    Pump();
                }));
                _stall = takes >= TimeSpan.FromSeconds(1) ? takes : TimeSpan.Zero;
                Watch();
                if (scene.Makes(PlantedBug.LeasesBeforeDurable))
                {
                    batch.Effects.OfType<SendRun>().ToList().ForEach(Carry);
                }

                return;
            }

            Commit();
        }
    }

    private void Commit()
    {
        var batch = _engine.Commit();
        if (batch.Events.Any(e => e is SpaceWidened))
        {
            PrepareSpace(batch.After.Spec);
        }

        var stall = _stall;
        _stall = TimeSpan.Zero;
        Watch();
        if (scene.Makes(PlantedBug.LapsesDuringStalls))
        {
            AdvanceInSmallSteps(stall);
        }

        IsFinishing &= batch.Events is not [.., StudyFinished];
        foreach (var effect in batch.Effects)
        {
            Carry(effect);
        }

        if (_engine.State is not null)
        {
            SuggestWhenWanted();
            FinishWhenDone();
        }
    }

    private void Carry(Effect effect)
    {
        switch (effect)
        {
            case SendRun run:
                var key = run.Key;
                if (!_leasesSent.Add(key.Lease) && scene.Makes(PlantedBug.ResendsUnderNewLease))
                {
                    key = key with { Lease = scene.Rng.Id() };
                }

                var to = _workers.GetValueOrDefault(run.Worker) is { } worker && Addresses(run, worker) ? worker : null;
                scene.Referee.LeaseSent(key, scene.Makes(PlantedBug.ForgetsIncarnations) ? null : to?.Incarnation);
                Answer(to, new RunTrial(key, "", scene.Plan.Spec.Strategy.Seed!.Value, run.Parameters, run.Incumbent, run.Until, run.Segment));
                break;
            case SendStop stop:
                scene.Referee.StopSent(stop.Worker, stop.Key);
                Answer(stop.ReplyTo as SimulatedWorker ?? _workers.GetValueOrDefault(stop.Worker), new StopTrial(stop.Key, stop.Reason));
                break;
            case SendSweep sweep:
                Answer(_workers.GetValueOrDefault(sweep.Worker), new SweepCheckpoints(sweep.Study, sweep.Below + (scene.Makes(PlantedBug.SweepsWhatIsNeeded) ? 1 : 0)));
                break;
            case SendAcknowledge acknowledge:
                Answer((SimulatedWorker)acknowledge.ReplyTo!, new AcknowledgeOutcome(acknowledge.Key));
                break;
        }
    }

    private bool Addresses(SendRun run, SimulatedWorker worker) => run.Incarnation == worker.Incarnation
        || scene.Makes(PlantedBug.SendsLeaseToSuccessor) || scene.Makes(PlantedBug.ForgetsIncarnations);

    private void Answer(SimulatedWorker? worker, IWireMessage message)
    {
        if (message is AcknowledgeOutcome acknowledge)
        {
            scene.Referee.AcknowledgementSent(acknowledge.Key);
        }

        if (worker is not null)
        {
            network.Send(worker.Name, () => worker.Receive(message));
        }
    }

    private void SuggestWhenWanted()
    {
        var late = scene.Makes(PlantedBug.RenumbersLateSuggestions);
        var wanted = _suggesting && !late ? 0 : _engine.SuggestionsWanted(scene.WallClock);
        if (wanted == 0)
        {
            return;
        }

        _suggesting = true;
        var (life, state, sampler, hash) = (_life, _engine.State!, _sampler, _settingsHash);
        scene.Time.After(scene.Rng.Chance(0.1) ? scene.Rng.Seconds(0, 2) : scene.Rng.Milliseconds(0, 20), () => Post(life, () =>
        {
            _suggesting = false;
            var drawn = Suggesting.Draw(state, sampler, hash, wanted);
            var next = _engine.State!.Trials.Count;
            Take(late && drawn.Suggestions.Count > 0 && drawn.Suggestions[0].Number < next
                ? drawn with { Suggestions = [.. drawn.Suggestions.Select((s, i) => s with { Number = next + i })] }
                : drawn);
        }));
    }

    private void FinishWhenDone()
    {
        if (IsFinishing || _engine.IsDraining || _engine.ReadyToFinish(scene.WallClock) is null)
        {
            return;
        }

        IsFinishing = true;
        var life = _life;
        scene.Time.After(scene.Rng.Chance(0.3) ? scene.Rng.Seconds(0, 3) : scene.Rng.Milliseconds(0, 20), () => Post(life, () =>
        {
            IsFinishing = scene.Makes(PlantedBug.WaitsForScoringForEver);
            Take(new FinishStudy(Trial.NoMetrics));
        }));
    }

    /// <summary>The fold of the journal, sometimes from a snapshot on.</summary>
    private StudyState? Recover()
    {
        StudyState? state = null;
        var boundaries = journal.Boundaries.ToArray();
        var snapshotAt = boundaries.Length > 0 && scene.Rng.Chance(scene.Plan.Snapshots) ? boundaries[scene.Rng.NextInt32(boundaries.Length)] : 0;
        foreach (var e in journal.Events)
        {
            var before = state;
            state = Study.Apply(state, e);
            if (state.Sequence == snapshotAt)
            {
                var snapshot = SnapshotMapper.ToSnapshot(scene.Makes(PlantedBug.SnapshotMissesAnEvent) ? before ?? state : state);
                state = SnapshotMapper.Restore(snapshot, _ => throw new InvalidOperationException("Small studies have no blocks."));
            }
        }

        if (state is not null && scene.Makes(PlantedBug.CountsCancelledTrials))
        {
            state = state with { Counts = state.Counts with { Complete = state.Counts.Complete + state.Counts.Cancelled } };
        }

        if (state is not null && scene.Makes(PlantedBug.ForgetsLeasesOnRestart))
        {
            state = state with { Trials = state.Trials.ConvertAll(t => t.State == TrialState.Running ? t with { State = TrialState.Waiting } : t) };
        }

        return state;
    }

    private WorkerBeat Mutilate(WorkerBeat beat) =>
        scene.Makes(PlantedBug.ForgetsIncarnations) ? beat with { Incarnation = "same" }
        : scene.Makes(PlantedBug.GrantsBeyondCapacity) ? beat with { Slots = beat.Slots * 3 }
        : scene.Makes(PlantedBug.BeatsRenewNothing) ? beat with { Held = [] }
        : beat;

    private ReportOutcome Mutilate(ReportOutcome report) =>
        scene.Makes(PlantedBug.ForgetsFencing) && _engine.State is { } state && state.Trials.Count > report.Key.Number
        && state.Trials[report.Key.Number] is { State: TrialState.Running } trial
            ? report with { Key = report.Key with { Attempt = trial.Attempts, Lease = trial.Lease!.Id } }
            : report;

    private void AdvanceInSmallSteps(TimeSpan passed)
    {
        for (var left = passed; left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(1))
        {
            _engine.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private void Watch() => scene.Referee.CoordinatorWatches(IsUp && !_paused && _stall == TimeSpan.Zero);
}
