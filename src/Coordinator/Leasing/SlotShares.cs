using TuningCluster.Shared.Protocol;

namespace TuningCluster.Coordinator.Leasing;

/// <summary>How the slots of a worker are divided among the studies that want them: evenly, and what does not come out even in turns. Pure.</summary>
public static class SlotShares
{
    /// <summary>How long a study keeps what does not come out even.</summary>
    public static readonly TimeSpan Turn = TimeSpan.FromSeconds(10);

    /// <summary>For each study that is open the slots it may fill on a worker.</summary>
    /// <param name="beat">What the worker said last.</param>
    /// <param name="studies">Every open study's id, and whether it could start more trials than it has; those that could not keep what they hold.</param>
    /// <param name="turn">Number of the turn, and of the worker: whose turn it is differs from worker to worker.</param>
    public static IReadOnlyDictionary<string, int> Of(WorkerBeat beat, IReadOnlyCollection<KeyValuePair<string, bool>> studies, int turn)
    {
        var held = beat.Held.GroupBy(h => h.Key.Study, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        var shares = studies.ToDictionary(s => s.Key, s => s.Value ? 0 : held.GetValueOrDefault(s.Key), StringComparer.Ordinal);
        var hungry = studies.Where(s => s.Value).Select(s => s.Key).Order(StringComparer.Ordinal).ToList();
        var free = Math.Max(0, beat.Slots - shares.Values.Sum());
        for (var i = 0; i < hungry.Count; i++)
        {
            var place = (i + turn) % hungry.Count;
            shares[hungry[i]] = (free / hungry.Count) + (place < free % hungry.Count ? 1 : 0);
        }

        return shares;
    }
}
