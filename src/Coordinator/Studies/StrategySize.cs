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
        var size = SamplerFactory.Create(state.Spec).Size;
        if (size is not { } points || state.Spec.Strategy.Name != "grid")
        {
            return size;
        }

        var grid = new GridPoints(state.Spec.Space);
        var outside = state.Trials.Count(t => !t.Enqueued && t.State != TrialState.Cancelled && grid.PointOf(t.Parameters) is null);
        return points > long.MaxValue - outside ? points : points + outside;
    }
}
