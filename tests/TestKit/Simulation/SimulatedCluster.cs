using System.Globalization;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Protocol;

namespace TuningCluster.TestKit.Simulation;

/// <summary>A whole cluster in virtual time: the real study engine against simulated workers, journal and network; everything drawn from one seed.</summary>
public sealed class SimulatedCluster
{
    /// <summary>All faults are over by then.</summary>
    private static readonly TimeSpan HealAt = TimeSpan.FromSeconds(160);

    /// <summary>Longer than a lease, the longest stall and the longest training together: after that nothing will ever happen.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(130);

    /// <summary>What workers hold after the end is settled by then.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(40);

    private readonly Scene _scene;
    private readonly SimulatedJournal _journal;
    private readonly SimulatedNetwork _network;
    private readonly SimulatedCoordinator _coordinator;
    private readonly SimulatedUser _user;
    private readonly SimulatedWorker?[] _workers;
    private readonly TimeSpan?[] _back;

    private SimulatedCluster(SimulationPlan plan, PlantedBug bug, SimulationLog? log)
    {
        _workers = new SimulatedWorker?[plan.Slots.Count];
        _scene = new Scene(plan, bug, log) { Training = () => _workers.SelectMany(w => w is { IsAlive: true } ? w.Training : []) };
        _journal = new SimulatedJournal(_scene);
        _network = new SimulatedNetwork(_scene);
        _coordinator = new SimulatedCoordinator(_scene, _journal, _network);
        _user = new SimulatedUser(_scene, _coordinator);
        _back = new TimeSpan?[plan.Slots.Count];
    }

    /// <summary>Runs the simulation of a seed and judges it.</summary>
    /// <param name="seed">Decides everything.</param>
    /// <param name="bug">A mistake to make.</param>
    /// <param name="log">Receives what happens.</param>
    public static SimulationResult Run(long seed, PlantedBug bug = PlantedBug.None, SimulationLog? log = null)
    {
        var plan = SimulationPlan.Draw(seed);
        var result = Run(plan, bug, log);
        if (result.Faults.Count == 0 && Twin.Applies(plan))
        {
            var faultless = Run(plan.OnOneSlot(), bug, log: null);
            return result with { Faults = [.. Twin.Compare(result, faultless)] };
        }

        return result;
    }

    private static SimulationResult Run(SimulationPlan plan, PlantedBug bug, SimulationLog? log)
    {
        var cluster = new SimulatedCluster(plan, bug, log);
        try
        {
            cluster.Live();
            return cluster.Judge();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever the engine or the fold throws is a fault of the simulated study, to be told with its seed.
            cluster._scene.Referee.Fault($"{e.GetType().Name}: {e.Message}{Environment.NewLine}{e.StackTrace}");
            return cluster.Result([], final: null);
        }
    }

    private void Live()
    {
        Begin();
        var settledAt = TimeSpan.MaxValue;
        while (_scene.Referee.Faults.Count == 0 && _scene.Time.Step())
        {
            var now = _scene.Time.Now;
            var over = _user.IsDone && _coordinator is { IsIdle: true, State.Phase: StudyPhase.Finished };
            if (!over)
            {
                settledAt = TimeSpan.MaxValue;
            }
            else if (settledAt == TimeSpan.MaxValue)
            {
                Heal();
                settledAt = now + Settling;
            }
            else if (now > settledAt)
            {
                EveryoneIsAtRest();
                return;
            }

            if (_scene.Healed && !over && now > Later(_journal.LastGrowth, HealAt) + Patience)
            {
                _scene.Referee.Fault("the study does not go on, although everything is well again");
            }
        }
    }

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private void Begin()
    {
        foreach (var fault in _scene.Plan.Faults)
        {
            _scene.Time.At(fault.At, () => Happen(fault));
        }

        _scene.Time.At(HealAt, Heal);
        _scene.Time.After(_scene.Rng.Seconds(0, 2), () => _coordinator.Start(_user.Command));
        for (var i = 0; i < _workers.Length; i++)
        {
            var index = i;
            if (!_scene.Plan.Local)
            {
                _scene.Time.After(_scene.Rng.Seconds(0, 3), () => StartWorker(index));
            }
        }

        if (_scene.Plan.Local)
        {
            _scene.Time.After(_scene.Rng.Seconds(2, 3), () => StartWorker(0));
        }

        _user.Begin();
    }

    private void StartWorker(int index)
    {
        // A local worker has no life without its coordinator.
        if (_workers[index] is { IsAlive: true } || (_scene.Plan.Local && !_coordinator.IsUp))
        {
            return;
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"w{index}");
        var worker = new SimulatedWorker(_scene, name, _scene.Rng.Id(), _scene.Plan.Slots[index], ToCoordinator, (_, crashed) => WorkerEnded(index, crashed));
        _scene.Log?.Add($"{name}: process {worker.Incarnation} starts");
        _back[index] = null;
        _workers[index] = worker;
        worker.Start();
    }

    private void ToCoordinator(IWireMessage message, SimulatedWorker from) => _network.Send(from.Name, () => _coordinator.Receive(message, from));

    private void WorkerEnded(int index, bool crashed)
    {
        if (_scene.Plan.Local)
        {
            return;
        }

        // Something restarts a process that was killed by what it trained.
        var back = _back[index] ?? (crashed ? _scene.Rng.Seconds(0, 8) : null);
        if (back is { } delay && delay < TimeSpan.MaxValue)
        {
            _scene.Time.After(delay, () => StartWorker(index));
        }
        else
        {
            KeepOneWorker();
        }
    }

    private void Happen(Fault fault)
    {
        if (_scene.Healed)
        {
            return;
        }

        _scene.Log?.Add($"fault: {fault}");
        switch (fault)
        {
            case Fault.WorkerCrash crash:
                _back[crash.Worker] = crash.Back ?? TimeSpan.MaxValue;
                _workers[crash.Worker]?.Crash();
                break;
            case Fault.WorkerDrain drain:
                _back[drain.Worker] = drain.Back ?? TimeSpan.MaxValue;
                _workers[drain.Worker]?.Drain();
                break;
            case Fault.Partition partition:
                _network.CutOff(string.Create(CultureInfo.InvariantCulture, $"w{partition.Worker}"), partition);
                break;
            case Fault.JournalStall stall:
                _journal.StallNextWrite(stall.Length);
                break;
            case Fault.CoordinatorPause pause:
                _coordinator.Pause(pause.Length);
                break;
            case Fault.CoordinatorCrash crash:
                KillCoordinator(crash.Back);
                break;
            case Fault.LostTail tail:
                KillCoordinator(tail.Back);
                _journal.CutTail(tail.Transactions);
                break;
            case Fault.LocalDrain drain:
                DrainRun(drain.Back);
                break;
            case Fault.ClockJump jump:
                _scene.WallOffset += jump.By;
                break;
        }
    }

    private void KillCoordinator(TimeSpan back)
    {
        _coordinator.Kill();
        if (_scene.Plan.Local)
        {
            _workers[0]?.Crash();
        }

        _scene.Time.After(back, StartRun);
    }

    private void StartRun()
    {
        _coordinator.Start(_user.Command);
        if (_scene.Plan.Local)
        {
            _scene.Time.After(_scene.Rng.Seconds(0, 1), () => StartWorker(0));
        }
    }

    /// <summary>As an interrupted local run does it: nothing more is given out, what runs is handed back, the process ends.</summary>
    private void DrainRun(TimeSpan back)
    {
        if (!_coordinator.IsUp)
        {
            return;
        }

        var worker = _workers[0];
        _coordinator.Drain();
        worker?.Drain();
        EndWhenHandedBack();

        void EndWhenHandedBack()
        {
            if (worker is null or { IsAlive: false } || !_coordinator.IsUp)
            {
                KillCoordinator(back);
            }
            else
            {
                _scene.Time.After(TimeSpan.FromMilliseconds(100), EndWhenHandedBack);
            }
        }
    }

    private void Heal()
    {
        if (!_scene.Healed)
        {
            _scene.Log?.Add("everything is well from here on");
            _scene.Healed = true;
            KeepOneWorker();
        }
    }

    /// <summary>Without any worker no study ends.</summary>
    private void KeepOneWorker()
    {
        if (_scene.Healed && !_scene.Plan.Local && !_workers.Any(w => w is { IsAlive: true }))
        {
            StartWorker(0);
        }
    }

    private void EveryoneIsAtRest()
    {
        foreach (var worker in _workers)
        {
            if (worker is { IsAlive: true, Held.Count: > 0 })
            {
                _scene.Referee.Fault($"the study is over, but {worker.Name} still holds trial {worker.Held[0].Run.Key.Number}");
            }
        }
    }

    private SimulationResult Judge()
    {
        if (_scene.Referee.Faults.Count > 0)
        {
            return Result([], final: null);
        }

        var final = _journal.Events.Aggregate((StudyState?)null, Study.Apply)!;
        return Result(Verdict.On(_scene, _journal.Events, final, _coordinator.State), final);
    }

    private SimulationResult Result(IEnumerable<string> verdict, StudyState? final) =>
        new(_scene.Plan, [.. _scene.Referee.Faults, .. verdict], _journal.Events, final, _scene.Time.Now);
}
