namespace TuningCluster.Coordinator.Leasing;

/// <summary>Which leases have lapsed. Plain and volatile: after recovery every running attempt gets a fresh, full lease.</summary>
/// <remarks>
/// Time here is what the coordinator has watched, not what has passed: it stands still during recovery, journal stalls and pauses of
/// the process, so that a stall of the coordinator never ends a lease.
/// </remarks>
/// <param name="duration">How long a lease lives without a beat.</param>
public sealed class LeaseTable(TimeSpan duration)
{
    /// <summary>The most one look at the clock may add: more than this between two looks was a pause of the coordinator.</summary>
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, TimeSpan> _deadlines = new(StringComparer.Ordinal);

    /// <summary>Time watched so far.</summary>
    public TimeSpan Watched { get; private set; }

    /// <summary>Time since the last look.</summary>
    public void Advance(TimeSpan passed) => Watched += passed < LongestStep ? passed : LongestStep;

    /// <summary>The attempts that run now; new ones get a full lease, the rest are forgotten.</summary>
    public void Track(IReadOnlySet<string> leases)
    {
        foreach (var ended in _deadlines.Keys.Where(id => !leases.Contains(id)).ToList())
        {
            _deadlines.Remove(ended);
        }

        foreach (var id in leases)
        {
            _deadlines.TryAdd(id, Watched + duration);
        }
    }

    /// <summary>Its worker was heard of. Unknown leases are ignored.</summary>
    public void Renew(string lease)
    {
        if (_deadlines.ContainsKey(lease))
        {
            _deadlines[lease] = Watched + duration;
        }
    }

    /// <summary>Whether another worker may take the trial.</summary>
    public bool IsLapsed(string lease) => _deadlines.TryGetValue(lease, out var deadline) && Watched > deadline;
}
