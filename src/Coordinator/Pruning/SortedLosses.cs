using TuningCluster.Coordinator.Search;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Pruning;

/// <summary>The losses of the finished trials at one step, in order. A memo: each finished trial is looked at once a lineage.</summary>
/// <param name="lossOf">A finished trial's loss at that step; NaN when it does not count there.</param>
internal sealed class SortedLosses(Func<HistoryTrial, Direction, double> lossOf)
{
    private readonly List<double> _losses = [];
    private readonly FinishedTrials _finished = new();

    /// <summary>Ascending.</summary>
    public IReadOnlyList<double> Of(StudyHistory history)
    {
        if (!_finished.GoesOn(history))
        {
            _losses.Clear();
        }

        foreach (var trial in _finished.Unread(history))
        {
            if (lossOf(trial, history.Direction) is var loss && !double.IsNaN(loss))
            {
                var place = _losses.BinarySearch(loss);
                _losses.Insert(place < 0 ? ~place : place, loss);
            }
        }

        return _losses;
    }

    /// <summary>How many of the finished trials are better than a loss.</summary>
    public int CountBelow(StudyHistory history, double loss)
    {
        Of(history);
        var (low, high) = (0, _losses.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _losses[middle] < loss ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
