using TuningCluster.Coordinator.Search;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Pruning;

/// <summary>Whether the order of trials at one rung says anything about their order at the next. A memo: each finished trial is looked at once a lineage.</summary>
/// <remarks>
/// Spearman's rank correlation of the finished trials that have been on both, one-sided at 5 %: r·√(n − 1) ≥ 1.645. Below ten such trials the rung is believed.
/// Looked at when their number has grown by an eighth, so that a verdict depends on the history alone and costs next to nothing a trial.
/// A first report before any training, or a warm-up of the learning rate, gives an order that means nothing; halving by it is throwing dice.
/// </remarks>
/// <param name="lossesOf">A finished trial's losses at the two rungs; NaN where it does not count.</param>
internal sealed class RankAgreement(Func<HistoryTrial, Direction, (double Here, double Next)> lossesOf)
{
    private const int Fewest = 10;

    /// <summary>The 95 % quantile of the standard normal distribution.</summary>
    private const double Significant = 1.645;

    private readonly List<(double Here, double Next)> _pairs = [];
    private readonly FinishedTrials _finished = new();
    private int _lookAt = Fewest;
    private bool _verdict = true;

    /// <summary>True until there is reason to doubt it.</summary>
    public bool Of(StudyHistory history)
    {
        if (!_finished.GoesOn(history))
        {
            (_lookAt, _verdict) = (Fewest, true);
            _pairs.Clear();
        }

        foreach (var trial in _finished.Unread(history))
        {
            var pair = lossesOf(trial, history.Direction);
            if (double.IsNaN(pair.Here) || double.IsNaN(pair.Next))
            {
                continue;
            }

            _pairs.Add(pair);
            if (_pairs.Count == _lookAt)
            {
                _lookAt += Math.Max(1, _lookAt / 8);
                _verdict = Correlation() * Math.Sqrt(_pairs.Count - 1) >= Significant;
            }
        }

        return _verdict;
    }

    /// <summary>Of ranks, equals sharing theirs; 0 where all are equal.</summary>
    private double Correlation()
    {
        var (here, next) = (Ranks([.. _pairs.Select(p => p.Here)]), Ranks([.. _pairs.Select(p => p.Next)]));
        var mean = (_pairs.Count - 1) / 2.0;
        double both = 0, first = 0, second = 0;
        for (var i = 0; i < here.Length; i++)
        {
            both += (here[i] - mean) * (next[i] - mean);
            first += (here[i] - mean) * (here[i] - mean);
            second += (next[i] - mean) * (next[i] - mean);
        }

        return first == 0 || second == 0 ? 0 : both / Math.Sqrt(first * second);
    }

    private static double[] Ranks(double[] values)
    {
        int[] order = [.. Enumerable.Range(0, values.Length)];
        Array.Sort((double[])values.Clone(), order);
        var ranks = new double[values.Length];
        for (var from = 0; from < order.Length;)
        {
            var end = from;
            while (end < order.Length && values[order[end]].Equals(values[order[from]]))
            {
                end++;
            }

            for (var i = from; i < end; i++)
            {
                ranks[order[i]] = (from + end - 1) / 2.0;
            }

            from = end;
        }

        return ranks;
    }
}
