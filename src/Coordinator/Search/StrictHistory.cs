using System.Collections;
using System.Collections.ObjectModel;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Search;

/// <summary>What trial n of a strict study sees: the outcomes of the trials ≤ n − window in number order, all between as pending (or cancelled), nothing of later ones.</summary>
public static class StrictHistory
{
    /// <param name="history">In which all trials ≤ <paramref name="number"/> − <paramref name="window"/> are final.</param>
    /// <param name="lineage">The same for all views of one fold of a journal.</param>
    /// <param name="number">Of the trial that sees it. When it is a trial of the history it sees itself as it is.</param>
    /// <param name="window">≥ 1.</param>
    public static StudyHistory Of(StudyHistory history, object lineage, int number, int window)
    {
        var seen = Math.Max(0, number - window + 1);
        var shown = Math.Min(history.Trials.Count, number + 1);
        // Cancelled by the user: no outcome, and what a grid must know to give the point to another trial.
        var cancelled = Enumerable.Range(seen, shown - seen).Where(i => history.Trials[i].State == TrialState.Cancelled).ToList();
        return history with
        {
            Trials = new View(history.Trials, seen, number, shown),
            Finished = cancelled.Count == 0 ? new Range(0, seen) : [.. Enumerable.Range(0, seen), .. cancelled],
            Open = cancelled.Count == 0 ? new Range(seen, shown - seen) : [.. Enumerable.Range(seen, shown - seen).Except(cancelled)],
            Lineage = cancelled.Count == 0 ? lineage : null,
        };
    }

    private sealed class View(IReadOnlyList<HistoryTrial> trials, int seen, int own, int shown) : IReadOnlyList<HistoryTrial>
    {
        public int Count => shown;

        public HistoryTrial this[int index]
        {
            get
            {
                ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, shown);
                var trial = trials[index];
                return index < seen || index == own || trial.State == TrialState.Cancelled
                    ? trial
                    : trial with { State = TrialState.Running, Value = null, Values = [], Violations = [], Curve = [], Metrics = ReadOnlyDictionary<string, double>.Empty };
            }
        }

        public IEnumerator<HistoryTrial> GetEnumerator() => Enumerable.Range(0, shown).Select(i => this[i]).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    /// <summary>The numbers from <paramref name="from"/> on.</summary>
    private sealed class Range(int from, int count) : IReadOnlyList<int>
    {
        public int Count => count;

        public int this[int index] => index >= 0 && index < count ? from + index : throw new ArgumentOutOfRangeException(nameof(index));

        public IEnumerator<int> GetEnumerator() => Enumerable.Range(from, count).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
