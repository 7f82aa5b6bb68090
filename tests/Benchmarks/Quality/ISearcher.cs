using TuningCluster.Coordinator.Search;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Benchmarks.Quality;

/// <summary>Who suggests the parameters of a simulated study: a strategy of ours, or a rival's sampler.</summary>
internal interface ISearcher
{
    /// <summary>The parameters of trial <see cref="StudyHistory.NextNumber"/>.</summary>
    /// <exception cref="BenchmarkException">There are no more, or the rival ended.</exception>
    TrialParameters Ask(StudyHistory history);

    /// <summary>A trial has ended: it is in the history that is asked with next.</summary>
    void Tell(HistoryTrial trial);
}
