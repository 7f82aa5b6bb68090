namespace TuningCluster.Coordinator.Persistence;

/// <summary>When to take a snapshot: at geometric intervals, so that all of them together cost no more than a constant times the journal.</summary>
public sealed class SnapshotPolicy
{
    /// <summary>Replaying fewer events than this takes no time worth saving.</summary>
    public const long First = 2_000;

    private long _last;

    public bool IsDue(long sequence) => sequence >= Math.Max(First, _last + (_last / 2));

    public void Taken(long sequence) => _last = sequence;
}
