using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Search.Grid;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Studies;

/// <summary>How many suggestions a study's strategy has in all.</summary>
public static class StrategySize
{
    /// <summary>To be compared with <see cref="StudyState.Sampled"/>: the points of a grid, and those that were tried and are none of its points since it was widened.</summary>
    /// <returns>Null when there is no end.</returns>
    public static long? Of(StudyState state)
    {
        if (state.Spec.Strategy.Name != "grid")
        {
            return SamplerFactory.Create(state.Spec).Size;
        }

        var grid = GridPoints.Of(state.Spec.Space);
        var outside = state.Trials.Count(t => !t.Enqueued && t.State != TrialState.Cancelled && grid.PointOf(t.Parameters) is null);
        return grid.Count > long.MaxValue - outside ? grid.Count : grid.Count + outside;
    }
}
