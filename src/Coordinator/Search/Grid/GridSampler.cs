using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search.Grid;

/// <summary>Every point of the grid exactly once, in a fixed order.</summary>
/// <remarks>A trial's point is the number of trials before it that were not enqueued, so nothing need be remembered.</remarks>
public sealed class GridSampler : ISampler
{
    private readonly SearchSpace _space;
    private readonly ParameterGrid _grid;

    /// <exception cref="ArgumentException">A float has neither step nor points.</exception>
    public GridSampler(SearchSpace space)
    {
        _space = space;
        _grid = new ParameterGrid(space);
    }

    public string Version => "grid-1";

    public bool Learns => false;

    /// <summary>Number of points, at most <see cref="long.MaxValue"/>.</summary>
    public long? Size => _grid.Size;

    public TrialParameters? Suggest(SearchSpace space, StudyHistory history, Rng rng)
    {
        var grid = ReferenceEquals(space, _space) || space.Equals(_space) ? _grid : new ParameterGrid(space);
        var index = history.Trials.Count(t => !t.Enqueued);
        return index < grid.Size ? grid[index] : null;
    }
}
