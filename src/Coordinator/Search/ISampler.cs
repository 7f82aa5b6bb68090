using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search;

/// <summary>A search strategy: a function of history.</summary>
/// <remarks>
/// Keeps nothing between calls but memos of the history that equal a cold recomputation bit for bit
/// (<see cref="StudyHistory.Lineage"/> says when one may be used). Safe to call from any thread, one call at a time.
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
