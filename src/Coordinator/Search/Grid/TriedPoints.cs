using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Search.Grid;

/// <summary>Which points of a widened grid have been tried, before it was widened and since. A memo: finished trials are looked at once a lineage.</summary>
internal sealed class TriedPoints(GridPoints grid)
{
    private readonly HashSet<TrialParameters> _tried = [];
    private readonly FinishedTrials _finished = new();

    /// <summary>All points before it are in <see cref="_tried"/>.</summary>
    private long _next;

    /// <summary>The first point that no trial has had, cancelled ones aside; null when all are tried.</summary>
    public TrialParameters? FirstOther(StudyHistory history)
    {
        if (!_finished.GoesOn(history))
        {
            _tried.Clear();
            _next = 0;
        }

        foreach (var trial in _finished.Unread(history))
        {
            if (trial.State != TrialState.Cancelled)
            {
                Add(trial, _tried);
            }
        }

        var open = new HashSet<TrialParameters>();
        foreach (var number in history.Open)
        {
            Add(history.Trials[number], open);
        }

        while (_next < grid.Count && _tried.Contains(grid[_next]))
        {
            _next++;
        }

        for (var index = _next; index < grid.Count; index++)
        {
            var point = grid[index];
            if (!_tried.Contains(point) && !open.Contains(point))
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
