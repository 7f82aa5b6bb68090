namespace TuningCluster.TestKit.Simulation;

/// <summary>A clock that jumps from one planned action to the next; actions of the same moment run in the order they were planned.</summary>
internal sealed class VirtualTime
{
    private readonly PriorityQueue<Action, (long At, long Order)> _planned = new();
    private long _order;

    public TimeSpan Now { get; private set; }

    public void At(TimeSpan moment, Action action) => _planned.Enqueue(action, (Math.Max(moment.Ticks, Now.Ticks), _order++));

    public void After(TimeSpan delay, Action action) => At(Now + delay, action);

    /// <summary>Runs the next action.</summary>
    public bool Step()
    {
        if (!_planned.TryDequeue(out var action, out var when))
        {
            return false;
        }

        Now = TimeSpan.FromTicks(when.At);
        action();
        return true;
    }
}
