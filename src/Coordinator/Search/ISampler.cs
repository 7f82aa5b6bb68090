using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Search;

/// <summary>One trial as a sampler sees it.</summary>
/// <param name="State">Waiting, running and paused trials are pending.</param>
/// <param name="Value">The objective; finite; null unless complete.</param>
/// <param name="Enqueued">Asked for by the user; a grid does not count it as one of its points.</param>
public sealed record HistoryTrial(int Number, TrialParameters Parameters, TrialState State, double? Value, bool Enqueued);

/// <summary>Everything a strategy may look at: all trials, by number, pending ones included.</summary>
/// <param name="Sequence">The journal sequence number the history was taken at.</param>
public sealed record StudyHistory(long Sequence, Direction Direction, IReadOnlyList<HistoryTrial> Trials)
{
    /// <summary>The number the next suggestion will bear.</summary>
    public int NextNumber => Trials.Count;
}

/// <summary>A search strategy: a function of history.</summary>
/// <remarks>
/// Keeps nothing between calls but memos of the history that equal a cold recomputation bit for bit. Safe to call from any thread,
/// one call at a time.
/// </remarks>
public interface ISampler
{
    /// <summary>Changes when the same history would lead to other suggestions; journalled with each suggestion.</summary>
    string Version { get; }

    /// <summary>Whether suggestions depend on outcomes. Those that do not may be drawn ahead.</summary>
    bool Learns { get; }

    /// <summary>How many suggestions there are in all; null when there is no end.</summary>
    long? Size { get; }

    /// <summary>The parameters of trial <see cref="StudyHistory.NextNumber"/>; null when the strategy is exhausted.</summary>
    /// <param name="space">The search space.</param>
    /// <param name="history">All trials so far.</param>
    /// <param name="rng">The stream (study seed, trial number, "suggest").</param>
    TrialParameters? Suggest(SearchSpace space, StudyHistory history, Rng rng);
}
