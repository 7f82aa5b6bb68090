using TuningCluster.Shared.Protocol;
using TuningCluster.Shared.Trials;

namespace TuningCluster.TrialWorker.Actors;

/// <summary>An attempt this worker holds, from the lease to the acknowledgement.</summary>
public sealed class Attempt(RunTrial run)
{
    private readonly List<IntermediateValue> _curve = [];
    private int _sent;

    public RunTrial Run { get; } = run;

    public CancellationTokenSource Stop { get; } = new();

    /// <summary>The slot it trains on; null while it waits and once it has ended.</summary>
    public TrainingSlot? Slot { get; set; }

    public bool IsTraining => Slot is not null;

    /// <summary>Told to stop by the pruner.</summary>
    public bool Pruned { get; set; }

    /// <summary>Set once it has ended; kept until acknowledged.</summary>
    public TrialOutcome? Outcome { get; set; }

    public IReadOnlyList<IntermediateValue> Curve => _curve;

    public int LastStep => _curve.Count == 0 ? 0 : _curve[^1].Step;

    public void Step(IntermediateValue value) => _curve.Add(value);

    /// <summary>Values that have not been sent yet; the outcome brings the whole curve, so they are sent once.</summary>
    public IReadOnlyList<IntermediateValue> TakeUnsent()
    {
        var unsent = _curve.GetRange(_sent, _curve.Count - _sent);
        _sent = _curve.Count;
        return unsent;
    }
}

/// <summary>The attempts a worker holds, in the order they came, and the leases it is done with.</summary>
/// <param name="remembered">How many ended leases are remembered, so that a late repeat of their <see cref="RunTrial"/> trains nothing twice.</param>
public sealed class AttemptTable(int remembered)
{
    private readonly List<Attempt> _held = [];
    private readonly Queue<string> _ended = [];
    private readonly HashSet<string> _endedSet = new(StringComparer.Ordinal);

    public IReadOnlyList<Attempt> All => _held;

    /// <returns>False when the lease is held already or ended: a repeat.</returns>
    public bool Add(RunTrial run)
    {
        if (_endedSet.Contains(run.Key.Lease) || Find(run.Key.Lease) is not null)
        {
            return false;
        }

        _held.Add(new Attempt(run));
        return true;
    }

    public Attempt? Find(string lease) => _held.Find(a => a.Run.Key.Lease == lease);

    public Attempt? NextWaiting() => _held.Find(a => !a.IsTraining && a.Outcome is null && !a.Stop.IsCancellationRequested);

    public void Remove(string lease)
    {
        if (_held.RemoveAll(a => a.Run.Key.Lease == lease) == 0)
        {
            return;
        }

        _ended.Enqueue(lease);
        _endedSet.Add(lease);
        if (_ended.Count > remembered)
        {
            _endedSet.Remove(_ended.Dequeue());
        }
    }
}
