using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Search.Grid;

/// <summary>Which points of a widened grid have been tried, before it was widened and since. A memo: finished trials are looked at once a lineage.</summary>
internal sealed class TriedPoints(GridPoints grid)
{
    private readonly HashSet<TrialParameters> _finished = [];
    private object? _lineage;
    private int _read;

    /// <summary>All points before it are in <see cref="_finished"/>.</summary>
    private long _next;

    /// <summary>The first point that no trial has had, cancelled ones aside; null when all are tried.</summary>
    public TrialParameters? FirstOther(StudyHistory history)
    {
        var finished = history.Finished;
        if (history.Lineage is null || !ReferenceEquals(history.Lineage, _lineage) || finished.Count < _read)
        {
            _finished.Clear();
            (_lineage, _read, _next) = (history.Lineage, 0, 0);
        }

        for (; _read < finished.Count; _read++)
        {
            var trial = history.Trials[finished[_read]];
            if (trial.State != TrialState.Cancelled)
            {
                Add(trial, _finished);
            }
        }

        var open = new HashSet<TrialParameters>();
        foreach (var number in history.Open)
        {
            Add(history.Trials[number], open);
        }

        while (_next < grid.Count && _finished.Contains(grid[_next]))
        {
            _next++;
        }

        for (var index = _next; index < grid.Count; index++)
        {
            var point = grid[index];
            if (!_finished.Contains(point) && !open.Contains(point))
            {
                return point;
            }
        }

        return null;
    }

    private void Add(HistoryTrial trial, HashSet<TrialParameters> points)
    {
        if (!trial.Enqueued && grid.PointOf(trial.Parameters) is { } point)
        {
            points.Add(point);
        }
    }
}
