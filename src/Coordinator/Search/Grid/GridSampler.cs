using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Search.Grid;

/// <summary>Every point of the grid exactly once, in a fixed order.</summary>
/// <remarks>
/// A trial's point is the number of trials before it that were not enqueued, so nothing need be remembered. A cancelled trial gives its
/// point back: such points are taken up again before new ones.
/// </remarks>
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
        var sampled = 0L;
        var anyCancelled = false;
        foreach (var trial in history.Trials)
        {
            sampled += trial.Enqueued ? 0 : 1;
            anyCancelled |= !trial.Enqueued && trial.State == TrialState.Cancelled;
        }

        return anyCancelled ? FirstUntried(grid, history)
            : sampled < grid.Size ? grid[sampled]
            : null;
    }

    /// <summary>Rare (a study that ended early and was extended), so it may look at every point before the one it finds.</summary>
    private static TrialParameters? FirstUntried(ParameterGrid grid, StudyHistory history)
    {
        var tried = history.Trials.Where(t => !t.Enqueued && t.State != TrialState.Cancelled).Select(t => t.Parameters).ToHashSet();
        for (var index = 0L; index < grid.Size; index++)
        {
            if (grid[index] is var point && !tried.Contains(point))
            {
                return point;
            }
        }

        return null;
    }
}
