using TuningCluster.Coordinator.Search;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Pruning;

/// <summary>The ladder of successive halving: steps r, r·η, r·η², … below the last one, and who stands where on it.</summary>
/// <remarks>
/// A trial counts at every rung it has reached, whatever became of it later. One that diverged on its way to a rung counts there as the worst;
/// one that was complete before a rung counts there with its last value; failed and cancelled trials do not count.
/// </remarks>
public sealed class Rungs
{
    private readonly int[] _steps;
    private readonly SortedLosses[] _finished;
    private readonly RankAgreement[] _agreements;
    private readonly Func<int, bool> _takesPart;
    private readonly int _factor;

    /// <param name="min">The first rung's step; ≥ 1.</param>
    /// <param name="factor">η ≥ 2: one of so many goes on from a rung.</param>
    /// <param name="max">The last step, which needs no rung: who gets there is through.</param>
    /// <param name="takesPart">By number: which trials climb this ladder.</param>
    public Rungs(int min, int factor, int max, Func<int, bool> takesPart)
    {
        _factor = factor;
        _takesPart = takesPart;
        _steps = [.. Steps(min, factor, max)];
        _finished = [.. _steps.Select((_, rung) => new SortedLosses((trial, direction) => LossAt(trial, rung, direction)))];
        _agreements = [.. _steps.SkipLast(1).Select((_, rung) => new RankAgreement((trial, direction) => (LossAt(trial, rung, direction), LossAt(trial, rung + 1, direction))))];
    }

    /// <summary>The steps of the rungs, ascending.</summary>
    public IReadOnlyList<int> All => _steps;

    /// <summary>The step of the first rung above <paramref name="step"/>; null above the last.</summary>
    public int? Above(int step)
    {
        foreach (var rung in _steps)
        {
            if (rung > step)
            {
                return rung;
            }
        }

        return null;
    }

    /// <summary>The rung a paused trial stands on: the highest it has reached; −1 below the first.</summary>
    public int RungOf(HistoryTrial trial) => Array.FindLastIndex(_steps, step => step <= LearningCurve.LastStep(trial));

    /// <summary>How many better trials there are on a rung, and how many in all.</summary>
    /// <param name="history">All trials.</param>
    /// <param name="number">The open trial that is looked at; of equals the earlier is better.</param>
    /// <param name="rung">Which it has reached.</param>
    public (int Better, int All) Place(StudyHistory history, int number, int rung)
    {
        var loss = LossAt(history.Trials[number], rung, history.Direction);
        var finished = _finished[rung];
        var all = finished.Of(history).Count;
        // Of a finished equal the number is not kept: it was there first.
        var better = finished.CountBelow(history, double.BitIncrement(loss));
        foreach (var other in history.Open)
        {
            if (LossAt(history.Trials[other], rung, history.Direction) is var its && !double.IsNaN(its))
            {
                all++;
                better += its < loss || (its == loss && other < number) ? 1 : 0;
            }
        }

        return (better, all);
    }

    /// <summary>Where every paused trial stands: as <see cref="Place"/> says of each, in one pass over the open trials. −1 and no others below the first rung.</summary>
    public IEnumerable<(int Number, int Rung, int Better, int All)> PlacesOfPaused(StudyHistory history)
    {
        var open = _steps.Select(_ => new List<(double Loss, int Number)>()).ToArray();
        var paused = new List<(int Number, int Rung, double Loss)>();
        foreach (var number in history.Open)
        {
            var trial = history.Trials[number];
            for (var rung = 0; rung < _steps.Length; rung++)
            {
                if (LossAt(trial, rung, history.Direction) is var loss && !double.IsNaN(loss))
                {
                    open[rung].Add((loss, number));
                }
            }

            if (trial.State == TrialState.Paused)
            {
                var rung = RungOf(trial);
                paused.Add((number, rung, rung < 0 ? double.NaN : LossAt(trial, rung, history.Direction)));
            }
        }

        Array.ForEach(open, standing => standing.Sort());
        foreach (var (number, rung, loss) in paused)
        {
            if (rung < 0)
            {
                yield return (number, rung, 0, 0);
                continue;
            }

            var betterOpen = double.IsNaN(loss) ? 0 : open[rung].BinarySearch((loss, number));
            yield return (number, rung, _finished[rung].CountBelow(history, double.BitIncrement(loss)) + betterOpen, _finished[rung].Of(history).Count + open[rung].Count);
        }
    }

    /// <summary>How many of <paramref name="all"/> on a rung go on.</summary>
    public int Survivors(int all) => all / _factor;

    /// <summary>Whether the order on a rung says anything about the order on the next; of the last it is taken for granted.</summary>
    public bool Tells(StudyHistory history, int rung) => rung == _agreements.Length || _agreements[rung].Of(history);

    /// <summary>How many of <paramref name="all"/> on a rung go on, when those below that tell nothing have ended nobody: the rung makes up for them.</summary>
    public int Survivors(StudyHistory history, int rung, int all)
    {
        long share = _factor;
        for (var below = rung - 1; below >= 0 && share <= all && !Tells(history, below); below--)
        {
            share *= _factor;
        }

        return (int)(all / share);
    }

    private static IEnumerable<int> Steps(int min, int factor, int max)
    {
        for (long step = min; step < max; step *= factor)
        {
            yield return (int)step;
        }
    }

    private double LossAt(HistoryTrial trial, int rung, Direction direction)
    {
        if (!_takesPart(trial.Number) || trial.State is TrialState.Failed or TrialState.Cancelled)
        {
            return double.NaN;
        }

        var last = LearningCurve.LastStep(trial);
        if (last >= _steps[rung] || trial.State == TrialState.Complete)
        {
            return LearningCurve.LossAt(trial, _steps[rung], direction);
        }

        return trial.State == TrialState.Diverged && (rung == 0 || last >= _steps[rung - 1]) ? double.PositiveInfinity : double.NaN;
    }
}
