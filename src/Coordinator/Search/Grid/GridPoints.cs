using System.Globalization;
using System.Runtime.CompilerServices;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search.Grid;

/// <summary>The points of a grid that its constraints allow, in the grid's order.</summary>
public sealed class GridPoints
{
    /// <summary>Which points constraints allow is found by looking at each: of a larger grid that would take too long.</summary>
    public const long MostConstrained = 1_000_000;

    private static readonly ConditionalWeakTable<SearchSpace, GridPoints> Known = [];

    private readonly ParameterGrid _grid;

    // Null when every point is allowed.
    private readonly List<long>? _allowed;

    private GridPoints(SearchSpace space)
    {
        _grid = new ParameterGrid(space);
        if (space.Constraints.Count == 0)
        {
            return;
        }

        if (_grid.Size > MostConstrained)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"A grid with constraints may have {MostConstrained} points, and this one has {_grid.Size}."), nameof(space));
        }

        _allowed = [];
        for (var i = 0L; i < _grid.Size; i++)
        {
            if (space.Allows(_grid[i]))
            {
                _allowed.Add(i);
            }
        }
    }

    /// <summary>Those of a space; looked for once.</summary>
    /// <exception cref="ArgumentException">A float has neither step nor points, or there are constraints and more points than <see cref="MostConstrained"/>.</exception>
    public static GridPoints Of(SearchSpace space) => Known.GetValue(space, s => new GridPoints(s));

    /// <summary>Number of points, at most <see cref="long.MaxValue"/>.</summary>
    public long Count => _allowed?.Count ?? _grid.Size;

    /// <inheritdoc cref="ParameterGrid.PointOf"/>
    public TrialParameters? PointOf(TrialParameters trial) =>
        _grid.PointOf(trial) is { } point && (_allowed is null || _grid.Space.Allows(point)) ? point : null;

    /// <summary>The point of that number.</summary>
    /// <param name="index">In [0, <see cref="Count"/>).</param>
    public TrialParameters this[long index] => _grid[_allowed is null ? index : _allowed[(int)index]];
}
