using TuningCluster.Coordinator.Search;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Benchmarks.Quality;

/// <summary>A study without actors, journal and clock.</summary>
internal static class SimulatedStudy
{
    /// <summary>The judged value of the incumbent after each trial that ended: the incumbent is chosen by what trials reported, and judged without noise.</summary>
    /// <param name="searcher">Fresh.</param>
    /// <param name="problem">What is searched.</param>
    /// <param name="seed">Of the problem and of the order in which pending trials end.</param>
    /// <param name="trials">How many.</param>
    /// <param name="pending">Trials at a time. Beyond one each is as likely as the others to end next, as with exponential durations: the hardest case,
    /// since results come in the wildest order.</param>
    /// <returns>Shape [<paramref name="trials"/>]; NaN as long as no trial completed.</returns>
    public static double[] Run(ISearcher searcher, Problem problem, int seed, int trials, int pending)
    {
        var run = problem.Begin(seed);
        var order = Rng.For(seed, -1, "order");
        var history = new List<HistoryTrial>(trials);
        var finished = new List<int>(trials);
        var open = new List<int>(pending);
        var lineage = new object();
        var curve = new double[trials];
        var (seen, judged) = (double.NaN, double.NaN);
        while (finished.Count < trials)
        {
            while (open.Count < pending && history.Count < trials)
            {
                var known = new StudyHistory(history.Count + finished.Count, problem.Direction, history)
                {
                    Finished = finished,
                    Open = open,
                    Lineage = lineage,
                    Budget = trials,
                };
                var parameters = searcher.Ask(known);
                open.Add(history.Count);
                history.Add(new HistoryTrial(history.Count, parameters, TrialState.Running, null, false));
            }

            var number = open[open.Count == 1 ? 0 : order.NextInt32(open.Count)];
            open.Remove(number);
            var value = run.Observe(history[number].Parameters, number);
            var isValue = double.IsFinite(value);
            history[number] = history[number] with { State = isValue ? TrialState.Complete : TrialState.Diverged, Value = isValue ? value : null };
            finished.Add(number);
            searcher.Tell(history[number]);
            if (isValue && (double.IsNaN(seen) || problem.Direction.IsBetter(value, seen)))
            {
                (seen, judged) = (value, run.Judge(history[number].Parameters));
            }

            curve[finished.Count - 1] = judged;
        }

        return curve;
    }
}
