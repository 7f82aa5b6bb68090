using TuningCluster.Shared.Protocol;

namespace TuningCluster.Coordinator.Leasing;

/// <summary>A worker that was heard of lately.</summary>
/// <param name="Slots">How many threads it trains with; 0 when it drains.</param>
/// <param name="LastSeen">On the lease table's watch.</param>
public sealed record KnownWorker(string Name, string Incarnation, int Slots, TimeSpan LastSeen)
{
    /// <summary>How many of its slots this study may fill; null for all.</summary>
    public int? Share { get; init; }

    /// <summary>Trials of so many threads it runs at a time for this study; a worker with fewer slots than threads runs one.</summary>
    public int TrialsOf(int threads) => Math.Min(Slots, Share ?? Slots) is var slots and > 0 ? Math.Max(1, slots / threads) : 0;
}

public enum Sighting
{
    /// <summary>The process known under this name.</summary>
    Known,

    /// <summary>A new process under this name; its predecessor, if any, is over.</summary>
    New,

    /// <summary>A message of a process that has been replaced; it changes nothing.</summary>
    Retired,
}

/// <summary>Who is there. Volatile: it refills within one beat.</summary>
/// <param name="silence">A worker unheard of for so long gets no more trials.</param>
public sealed class WorkerTable(TimeSpan silence)
{
    private readonly SortedDictionary<string, KnownWorker> _workers = new(StringComparer.Ordinal);
    private readonly HashSet<(string, string)> _retired = [];
    private readonly Dictionary<string, int> _shares = new(StringComparer.Ordinal);

    public Sighting See(WorkerBeat beat, TimeSpan watched)
    {
        var known = _workers.GetValueOrDefault(beat.Worker);
        if (_retired.Contains((beat.Worker, beat.Incarnation)))
        {
            if (IsLive(known!, watched))
            {
                return Sighting.Retired;
            }

            // A late beat of its predecessor, which this table had never seen, has retired the process that lives.
            _retired.Remove((beat.Worker, beat.Incarnation));
        }

        if (known is not null && known.Incarnation != beat.Incarnation)
        {
            _retired.Add((known.Name, known.Incarnation));
        }

        _workers[beat.Worker] = new KnownWorker(beat.Worker, beat.Incarnation, beat.Slots, watched) { Share = _shares.TryGetValue(beat.Worker, out var share) ? share : null };
        return known?.Incarnation == beat.Incarnation ? Sighting.Known : Sighting.New;
    }

    /// <summary>How many slots of a worker this study may fill from now on.</summary>
    public void Share(string worker, int slots)
    {
        _shares[worker] = slots;
        if (_workers.TryGetValue(worker, out var known))
        {
            _workers[worker] = known with { Share = slots };
        }
    }

    /// <summary>Whether the beat is of the process now known under its name.</summary>
    public bool IsCurrent(WorkerBeat beat) => _workers.TryGetValue(beat.Worker, out var known) && known.Incarnation == beat.Incarnation;

    /// <summary>Workers that may be given trials, by name.</summary>
    public IReadOnlyList<KnownWorker> Live(TimeSpan watched) => [.. _workers.Values.Where(w => IsLive(w, watched))];

    private bool IsLive(KnownWorker worker, TimeSpan watched) => watched - worker.LastSeen <= silence;
}
