using System.Globalization;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Protocol;
using TuningCluster.Shared.Trials;

namespace TuningCluster.TestKit.Simulation;

/// <summary>Sees everything that happens, and says at once what must not. Knows the journal by a fold of its own.</summary>
internal sealed class Referee(Scene scene)
{
    /// <summary>Between two looks at its clock the coordinator does not see time pass, and a stall or pause may add a whole step of it.</summary>
    private static readonly TimeSpan StepTolerance = TimeSpan.FromSeconds(2.6);

    private readonly List<string> _faults = [];
    private readonly Dictionary<int, TrialStarted> _running = [];
    private readonly Dictionary<string, (TimeSpan Watched, int Interruptions)> _heard = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ended = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TrialOutcome?> _trained = new(StringComparer.Ordinal);
    private readonly Dictionary<int, int> _trainings = [];
    private readonly Dictionary<int, int> _kills = [];
    private readonly Dictionary<int, (int Count, int Reached)> _losses = [];
    private readonly HashSet<string> _met = new(StringComparer.Ordinal);
    private readonly HashSet<string> _mistaken = new(StringComparer.Ordinal);
    private readonly List<(AttemptKey Key, TrialOutcome Outcome)> _acknowledged = [];
    private bool _watching;
    private TimeSpan _watchedBefore;
    private TimeSpan _watchingSince;
    private int _interruptions;

    public IReadOnlyList<string> Faults => _faults;

    /// <summary>By lease: how its training ended; null while it has not.</summary>
    public IReadOnlyDictionary<string, TrialOutcome?> Trained => _trained;

    /// <summary>How often each trial was trained.</summary>
    public IReadOnlyDictionary<int, int> Trainings => _trainings;

    /// <summary>Workers killed by each trial.</summary>
    public IReadOnlyDictionary<int, int> Kills => _kills;

    /// <summary>Outcomes that workers let go of because they were told to.</summary>
    public IReadOnlyList<(AttemptKey Key, TrialOutcome Outcome)> Acknowledged => _acknowledged;

    private TimeSpan Watched => _watchedBefore + (_watching ? scene.Time.Now - _watchingSince : TimeSpan.Zero);

    public void Fault(string what)
    {
        _faults.Add(string.Create(CultureInfo.InvariantCulture, $"at {scene.Time.Now.TotalSeconds:0.000} s: {what}"));
        scene.Log?.Add($"FAULT: {what}");
    }

    public void CoordinatorWatches(bool watches)
    {
        if (watches == _watching)
        {
            return;
        }

        _watchedBefore = Watched;
        _watchingSince = scene.Time.Now;
        _watching = watches;
        _interruptions += watches ? 0 : 1;
    }

    /// <summary>After a recovery every running attempt has a full lease.</summary>
    public void CoordinatorStarted()
    {
        _met.Clear();
        _mistaken.Clear();
        foreach (var started in _running.Values)
        {
            _heard[started.Lease] = (Watched, _interruptions);
        }
    }

    public void Heard(WorkerBeat beat)
    {
        if (_met.Add(beat.Incarnation) && _ended.Contains(beat.Incarnation))
        {
            // A dead process this coordinator had not met: it may take it for the successor of the one that lives.
            _mistaken.Add(beat.Worker);
        }

        foreach (var held in beat.Held)
        {
            _heard[held.Key.Lease] = (Watched, _interruptions);
        }
    }

    public void ProcessEnded(string incarnation) => _ended.Add(incarnation);

    /// <summary>What a trial goes on from was given up too early, unless the journal forgot that it was not needed any more.</summary>
    public void ParentMissing(AttemptKey key, int parent)
    {
        if (!scene.Plan.LosesTail && IsRunning(key))
        {
            Fault($"trial {key.Number} goes on from trial {parent}, and what that one left was swept");
        }
    }

    public void Killed(int number) => _kills[number] = _kills.GetValueOrDefault(number) + 1;

    public void TrainingStarted(AttemptKey key)
    {
        _trainings[key.Number] = _trainings.GetValueOrDefault(key.Number) + 1;
        if (!_trained.TryAdd(key.Lease, null))
        {
            Fault($"lease {key.Lease} of trial {key.Number} is trained a second time");
        }

        // Where workers are lost, the first attempt may still be training somewhere beside the second; a cancelled one may not have heard yet.
        if (scene.Plan.WorkersAreSafe && scene.Training().Count(IsRunning) is var training && training > scene.Plan.Spec.Parallel.Trials)
        {
            Fault($"{training} trials are trained at a time where {scene.Plan.Spec.Parallel.Trials} are allowed");
        }
    }

    public void OutcomeSent(AttemptKey key, TrialOutcome outcome) => _trained[key.Lease] = outcome;

    /// <param name="incarnation">Of the process it goes to; null when there is none.</param>
    public void LeaseSent(AttemptKey key, string? incarnation)
    {
        if (!IsRunning(key))
        {
            Fault($"a worker is sent attempt {key.Attempt} of trial {key.Number} under a lease that is not in the journal");
        }
        else if (incarnation is not null && incarnation != _running[key.Number].Incarnation)
        {
            Fault($"process {incarnation} is sent attempt {key.Attempt} of trial {key.Number}, which was given to {_running[key.Number].Incarnation}");
        }
    }

    public void StopSent(string worker, AttemptKey key)
    {
        if (IsRunning(key) && !_mistaken.Contains(worker))
        {
            Fault($"attempt {key.Attempt} of trial {key.Number} is told to stop, but by the journal it runs");
        }
    }

    public void AcknowledgementSent(AttemptKey key)
    {
        if (IsRunning(key))
        {
            Fault($"the outcome of attempt {key.Attempt} of trial {key.Number} is acknowledged before it is in the journal");
        }
    }

    public void AcknowledgementArrived(AttemptKey key, TrialOutcome? outcome)
    {
        if (outcome is not null)
        {
            _acknowledged.Add((key, outcome));
        }
    }

    /// <summary>What is about to be written: leases are judged by what the coordinator knew then.</summary>
    public void Decided(IReadOnlyList<StudyEvent> events)
    {
        foreach (var lost in events.OfType<TrialReleased>().Where(r => r.Cause == ReleaseCause.WorkerLost))
        {
            if (_running.TryGetValue(lost.Number, out var lease) && lease.Attempt == lost.Attempt)
            {
                WasLost(lost, lease);
            }
            else
            {
                Fault($"attempt {lost.Attempt} of trial {lost.Number} is lost in the moment it is given out");
            }
        }
    }

    public void Committed(IReadOnlyList<StudyEvent> events)
    {
        foreach (var e in events)
        {
            switch (e)
            {
                case TrialStarted started:
                    Fold(started);
                    _heard[started.Lease] = (Watched, _interruptions);
                    FitsItsWorker(started);
                    break;
                default:
                    Fold(e);
                    break;
            }
        }
    }

    /// <summary>A tail of the journal never was.</summary>
    public void JournalCut(IReadOnlyList<StudyEvent> rest)
    {
        _running.Clear();
        _losses.Clear();
        foreach (var e in rest)
        {
            Fold(e);
        }
    }

    private void Fold(StudyEvent e)
    {
        if (e is TrialStarted started)
        {
            _running[started.Number] = started;
        }
        else if (e is TrialEvent trial and not (TrialSuggested or ReportsRecorded))
        {
            _running.Remove(trial.Number);
            if (e is TrialReleased released)
            {
                var (count, reached) = _losses.GetValueOrDefault(released.Number);
                _losses[released.Number] = (
                    (released.Step > reached ? 0 : count) + (released.Cause == ReleaseCause.WorkerLost ? 1 : 0), Math.Max(reached, released.Step));
            }
        }
    }

    private bool IsRunning(AttemptKey key) =>
        _running.TryGetValue(key.Number, out var started) && started.Attempt == key.Attempt && started.Lease == key.Lease;

    /// <summary>At most one waits at each slot, and none where there is one slot.</summary>
    private void FitsItsWorker(TrialStarted started)
    {
        var slots = scene.Plan.Slots[int.Parse(started.Worker.AsSpan(1), CultureInfo.InvariantCulture)];
        var most = scene.Plan.Slots.Sum() == 1 || scene.Plan.Spec.Parallel.Trials == 1 ? slots : 2 * slots;
        var held = _running.Values.Where(r => r.Worker == started.Worker).ToList();
        if (held.Count > most)
        {
            Fault($"{started.Worker} with {slots} slots is given {held.Count} trials");
        }

        if (held.Count > 1 && held.Find(r => _losses.GetValueOrDefault(r.Number).Count >= StudyDecisions.LossesToRunAlone) is { } suspect)
        {
            Fault($"trial {suspect.Number} lost its worker twice and is not alone on {started.Worker}");
        }
    }

    /// <summary>A lease ends only when its process has ended, or fell silent for as long as a lease while the coordinator watched.</summary>
    private void WasLost(TrialReleased lost, TrialStarted lease)
    {
        var (heardAt, interruptions) = _heard[lease.Lease];
        var tolerance = (1 + _interruptions - interruptions) * StepTolerance;
        var silent = Watched - heardAt >= EngineOptions.DefaultLease - tolerance;
        if (!silent && !_ended.Contains(lease.Incarnation) && !_mistaken.Contains(lease.Worker))
        {
            Fault($"attempt {lost.Attempt} of trial {lost.Number} is taken from {lease.Worker}, which lives and was heard of {Watched - heardAt} ago");
        }
    }
}
