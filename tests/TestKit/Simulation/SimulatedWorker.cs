using System.Runtime.CompilerServices;
using TuningCluster.Shared.Protocol;
using TuningCluster.Shared.Trials;
using TuningCluster.TrialWorker.Actors;

namespace TuningCluster.TestKit.Simulation;

/// <summary>One process of a worker: <c>WorkerActor</c> without Akka and without threads, over the real <see cref="AttemptTable"/>.</summary>
/// <param name="toCoordinator">The way out; may lose what it is given.</param>
/// <param name="ended">Called once with whether it crashed, when the process is over.</param>
internal sealed class SimulatedWorker(
    Scene scene, string name, string incarnation, int slots, Action<IWireMessage, SimulatedWorker> toCoordinator, Action<SimulatedWorker, bool> ended)
{
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(60);

    /// <summary>Stands for any slot. A real one would start its thread when constructed.</summary>
    private static readonly TrainingSlot NoThread = (TrainingSlot)RuntimeHelpers.GetUninitializedObject(typeof(TrainingSlot));

    private readonly AttemptTable _attempts = new(remembered: 1024);
    private int _busy;
    private bool _draining;

    public string Name => name;

    public string Incarnation => incarnation;

    public bool IsAlive { get; private set; } = true;

    public IReadOnlyList<Attempt> Held => _attempts.All;

    public IEnumerable<AttemptKey> Training => _attempts.All.Where(a => a.IsTraining && !a.Stop.IsCancellationRequested).Select(a => a.Run.Key);

    public void Start()
    {
        Every(WorkerSettings.DefaultBeat, SendBeat);
        Every(WorkerSettings.ResendEvery, ResendOutcomes);
        SendBeat();
    }

    public void Crash()
    {
        if (IsAlive)
        {
            End(crashed: true);
        }
    }

    public void Drain()
    {
        if (!IsAlive || _draining)
        {
            return;
        }

        scene.Log?.Add($"{name}: drains");
        _draining = true;
        scene.Time.After(DrainPatience, () => EndOnce(crashed: false));
        foreach (var attempt in _attempts.All.ToList())
        {
            Cancel(attempt);
            if (!attempt.IsTraining && attempt.Outcome is null)
            {
                attempt.Outcome = new TrialOutcome.Released("the worker drains");
                SendOutcome(attempt);
            }
        }

        SendBeat();
        EndWhenDrained();
    }

    public void Receive(IWireMessage message)
    {
        if (!IsAlive)
        {
            return;
        }

        switch (message)
        {
            case RunTrial run:
                Accept(run);
                break;
            case StopTrial stop:
                Stop(stop);
                break;
            case SweepCheckpoints sweep:
                scene.Log?.Add($"{name}: sweeps what trials below {sweep.Below} left");
                scene.Left.RemoveWhere(number => number < sweep.Below);
                break;
            case AcknowledgeOutcome acknowledged:
                scene.Referee.AcknowledgementArrived(acknowledged.Key, _attempts.Find(acknowledged.Key.Lease)?.Outcome);
                Forget(acknowledged.Key.Lease);
                break;
        }
    }

    private void Accept(RunTrial run)
    {
        if (_draining)
        {
            return;
        }

        if (_attempts.Add(run))
        {
            StartWaiting();
        }
        else if (scene.Makes(PlantedBug.TrainsRepeatedLease) && _attempts.Find(run.Key.Lease) is { Outcome: null } known)
        {
            Train(known);
        }
    }

    private void StartWaiting()
    {
        while (_busy < slots && _attempts.NextWaiting() is { } attempt)
        {
            _busy++;
            attempt.Slot = NoThread;
            Train(attempt);
        }
    }

    private void Train(Attempt attempt)
    {
        var key = attempt.Run.Key;
        var nature = TrialNature.Of(scene.Plan, key.Number);
        scene.Log?.Add($"{name}: trains {key.Number}.{key.Attempt} ({nature.Temper}) {attempt.Run.Segment}");
        scene.Referee.TrainingStarted(key);
        if (nature.Temper == Temper.Poison)
        {
            Later(nature.Duration, () => Die(attempt));
            return;
        }

        if (attempt.Run.Segment is { } segment)
        {
            TrainSegment(attempt, nature, segment);
            return;
        }

        // Trained from the start each time: a lost checkpoint costs time and changes nothing.
        var last = Math.Min(nature.Steps, attempt.Run.Until ?? int.MaxValue);
        IntermediateValue[] curve = [.. Enumerable.Range(1, last).Select(step => new IntermediateValue(step, TrialNature.Value(attempt.Run.Parameters) + (1.0 / step)))];
        foreach (var value in curve)
        {
            Later(nature.Duration * value.Step / (nature.Steps + 1), () => Step(attempt, value));
        }

        if (attempt.Run.Until is { } until && until <= nature.Steps)
        {
            Later(nature.Duration * last / (nature.Steps + 1), () => Ended(attempt, new TrialOutcome.Paused(until) { Curve = curve }));
            return;
        }

        Later(nature.Duration, () => Ended(attempt, Outcome(attempt, nature)));
    }

    private void TrainSegment(Attempt attempt, TrialNature nature, TrialSegment segment)
    {
        if (segment.Parent is { } parent && !scene.Left.Contains(parent))
        {
            scene.Referee.ParentMissing(attempt.Run.Key, parent);
            Later(nature.Duration / 2, () => Ended(attempt, new TrialOutcome.Failed(FailureReason.TrainingError, "nothing to go on from")));
            return;
        }

        var steps = segment.Last - segment.Start;
        IntermediateValue[] curve =
        [
            .. Enumerable.Range(segment.Start + 1, steps).Select(step => new IntermediateValue(step, TrialNature.Value(attempt.Run.Parameters) + (1.0 / step))),
        ];
        foreach (var value in curve)
        {
            Later(nature.Duration * (value.Step - segment.Start) / (steps + 1), () => Step(attempt, value));
        }

        Later(nature.Duration, () =>
        {
            if (attempt.IsTraining)
            {
                var outcome = Outcome(attempt, nature);
                Ended(attempt, outcome is TrialOutcome.Completed { Value: var value } && double.IsFinite(value)
                    ? new TrialOutcome.Completed(curve[^1].Value, Model: null) { Curve = curve }
                    : outcome);
                if (segment.Last < StudyDraw.Epochs)
                {
                    scene.Left.Add(attempt.Run.Key.Number);
                }
            }
        });
    }

    private void Die(Attempt attempt)
    {
        if (attempt.IsTraining && !attempt.Stop.IsCancellationRequested)
        {
            scene.Log?.Add($"{name}: is killed by trial {attempt.Run.Key.Number}");
            scene.Referee.Killed(attempt.Run.Key.Number);
            End(crashed: true);
        }
    }

    private void Step(Attempt attempt, IntermediateValue value)
    {
        if (attempt.IsTraining && !attempt.Stop.IsCancellationRequested)
        {
            attempt.Step(value);
            toCoordinator(new ReportValues(name, attempt.Run.Key, attempt.TakeUnsent()), this);
        }
    }

    private static TrialOutcome Outcome(Attempt attempt, TrialNature nature) => nature.Temper switch
    {
        Temper.Diverges => new TrialOutcome.Diverged(nature.Steps + 1, "the loss is NaN") { Curve = attempt.Curve },
        Temper.CompletesWithoutNumber => new TrialOutcome.Completed(double.NaN, Model: null) { Curve = attempt.Curve },
        Temper.AlwaysErrs => new TrialOutcome.Failed(FailureReason.TrainingError, "it always errs"),
        Temper.ErrsFirst when attempt.Run.Key.Attempt == 1 => new TrialOutcome.Failed(FailureReason.TrainingError, "it errs once"),
        _ => new TrialOutcome.Completed(TrialNature.Value(attempt.Run.Parameters), Model: null) { Curve = attempt.Curve },
    };

    private void Stop(StopTrial stop)
    {
        if (_attempts.Find(stop.Key.Lease) is not { } attempt)
        {
            return;
        }

        attempt.Pruned |= stop.Reason == StopReason.Pruned;
        Cancel(attempt);
        if (stop.Reason != StopReason.Pruned && !attempt.IsTraining)
        {
            Forget(stop.Key.Lease);
        }
    }

    /// <summary>The training notices within a mini-batch, unless it ends first.</summary>
    private void Cancel(Attempt attempt)
    {
        if (!attempt.Stop.IsCancellationRequested)
        {
            attempt.Stop.Cancel();
            if (attempt.IsTraining)
            {
                Later(scene.Rng.Milliseconds(1, 200), () => Ended(attempt, outcome: null));
            }
        }
    }

    /// <summary>A training came to an end; null when it was told to stop.</summary>
    private void Ended(Attempt attempt, TrialOutcome? outcome)
    {
        if (!attempt.IsTraining)
        {
            return;
        }

        _busy--;
        attempt.Slot = null;
        attempt.Outcome = outcome
            ?? (attempt.Pruned ? new TrialOutcome.Pruned(attempt.LastStep) { Curve = attempt.Curve }
                : _draining ? new TrialOutcome.Released("the worker drains")
                : null);
        if (attempt.Outcome is null)
        {
            Forget(attempt.Run.Key.Lease);
        }
        else
        {
            SendOutcome(attempt);
        }

        if (IsAlive)
        {
            StartWaiting();
            SendBeat();
        }
    }

    private void Forget(string lease)
    {
        _attempts.Remove(lease);
        EndWhenDrained();
    }

    private void EndWhenDrained()
    {
        if (_draining && _attempts.All.Count == 0)
        {
            EndOnce(crashed: false);
        }
    }

    private void EndOnce(bool crashed)
    {
        if (IsAlive)
        {
            End(crashed);
        }
    }

    private void End(bool crashed)
    {
        IsAlive = false;
        scene.Log?.Add($"{name}: process {incarnation} {(crashed ? "dies" : "ends")}");
        scene.Referee.ProcessEnded(incarnation);
        ended(this, crashed);
    }

    private void SendBeat() => toCoordinator(
        new WorkerBeat(name, incarnation, _draining ? 0 : slots, [.. _attempts.All.Select(a => new HeldAttempt(a.Run.Key, a.LastStep))]), this);

    private void SendOutcome(Attempt attempt)
    {
        scene.Referee.OutcomeSent(attempt.Run.Key, attempt.Outcome!);
        toCoordinator(new ReportOutcome(name, attempt.Run.Key, attempt.Outcome!), this);
        if (scene.Makes(PlantedBug.ForgetsOutcomeBeforeAcknowledged))
        {
            _attempts.Remove(attempt.Run.Key.Lease);
        }
    }

    private void ResendOutcomes()
    {
        if (scene.Makes(PlantedBug.SendsOutcomeOnce))
        {
            return;
        }

        foreach (var attempt in _attempts.All)
        {
            if (attempt.Outcome is { } outcome)
            {
                toCoordinator(new ReportOutcome(name, attempt.Run.Key, outcome), this);
            }
        }
    }

    private void Later(TimeSpan delay, Action action) => scene.Time.After(delay, () =>
    {
        if (IsAlive)
        {
            action();
        }
    });

    private void Every(TimeSpan interval, Action action) => Later(interval, () =>
    {
        action();
        Every(interval, action);
    });
}
