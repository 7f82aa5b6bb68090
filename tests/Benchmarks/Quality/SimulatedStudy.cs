using TuningCluster.Coordinator.Search;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Benchmarks.Quality;

/// <summary>A study of a strategy on a problem, without actors and journal.</summary>
internal static class SimulatedStudy
{
    /// <summary>The judged value of the incumbent after each trial that ended.</summary>
    /// <param name="strategy">A name, or a name with settings in braces as in a study file.</param>
    /// <param name="problem">What is searched.</param>
    /// <param name="seed">Of the problem and of the strategy.</param>
    /// <param name="trials">How many.</param>
    /// <param name="pending">Trials at a time: beyond one they end in an order drawn by the seed.</param>
    public static double[] Run(string strategy, Problem problem, int seed, int trials, int pending)
    {
        var spec = Spec(strategy, problem, seed, trials);
        var sampler = strategy == "annealer" ? new PlainAnnealer() : SamplerFactory.Create(spec);
        var run = problem.Begin(seed);
        var order = Rng.For(seed, -1, "order");
        var history = new List<HistoryTrial>(trials);
        var finished = new List<int>(trials);
        var open = new List<int>(pending);
        var lineage = new object();
        var curve = new List<double>(trials);
        (double Seen, double Judged)? incumbent = null;
        while (finished.Count < trials)
        {
            while (open.Count < pending && history.Count < trials)
            {
                var seen = new StudyHistory(history.Count + finished.Count, problem.Direction, history) { Finished = finished, Open = open, Lineage = lineage, Budget = trials };
                var parameters = sampler.Suggest(problem.Space, seen, Rng.For(seed, history.Count, "suggest"))
                    ?? throw new BenchmarkException($"{strategy} has no more points on {problem.Name} after {history.Count} trials.");
                open.Add(history.Count);
                history.Add(new HistoryTrial(history.Count, parameters, TrialState.Running, null, false));
            }

            var number = open[pending == 1 ? 0 : order.NextInt32(open.Count)];
            open.Remove(number);
            var trial = history[number];
            var value = run.Observe(trial.Parameters, number);
            history[number] = trial with { State = TrialState.Complete, Value = value };
            finished.Add(number);
            if (incumbent is not { } best || problem.Direction.IsBetter(value, best.Seen))
            {
                incumbent = (value, run.Judge(trial.Parameters));
            }

            curve.Add(incumbent.Value.Judged);
        }

        return [.. curve];
    }

    /// <summary>The study of a strategy, with the defaults of its settings.</summary>
    public static StudySpec Spec(string strategy, Problem problem, int seed, int trials)
    {
        // Read as a user's file is, for the defaults of its settings.
        var brace = strategy.IndexOf('{', StringComparison.Ordinal);
        var (name, settings) = brace < 0 ? (strategy, "") : (strategy[..brace], ", " + strategy[(brace + 1)..^1]);
        var read = StudyFile.Parse(
            $$"""
            version: 1
            name: quality
            objective: { kind: function, name: sphere }
            parameters: { x: { type: float, low: 0, high: 1 } }
            strategy: { name: {{(name == "annealer" ? "random" : name)}}, seed: {{seed}}{{settings}} }
            budget: { trials: {{trials}} }
            """,
            "quality.yaml").SpecOrThrow();
        return read with { Space = problem.Space };
    }
}
