using System.Diagnostics;
using System.Globalization;
using TuningCluster.Benchmarks.Quality;
using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Search.Random;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Benchmarks.Sampling;

/// <summary>Milliseconds an ask and tell, the mean of twenty in a row with refits, after so many trials of ten parameters; beside Optuna.</summary>
internal sealed class SamplingSuite : ISuite
{
    private const int Parameters = 10;
    private const int InARow = 20;
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(600);

    /// <summary>Strategy, trials before, what we aim for in milliseconds, Optuna's sampler of that kind.</summary>
    private static readonly (string Strategy, int Trials, double? Goal, string Rival)[] Cases =
    [
        ("random", 100, 0.005, "random"),
        ("tpe", 100, null, "tpe"),
        ("tpe", 1000, 0.2, "tpe"),
        ("tpe", 5000, 1, "tpe"),
        ("bayesian", 100, null, "gp"),
        ("bayesian", 200, 5, "gp"),
        ("bayesian", 400, 25, "gp"),
        ("bayesian", 2000, 150, "gp"),
        ("cmaes", 200, 0.02, "cmaes"),
        ("metropolis", 200, null, "none"),
    ];

    public string Name => "sampling";

    public string Summary => "Milliseconds an ask and tell of every strategy, at 100 to 5,000 trials, against Optuna.";

    public IReadOnlyList<Row> Run(bool quick, TextWriter progress)
    {
        var runs = quick ? 1 : 5;
        var problem = new SphereProblem(Parameters);
        using var rival = OptunaRival.Start();
        var rows = new List<Row>();
        foreach (var (strategy, trials, goal, kind) in Cases.Where(c => !quick || c.Trials <= 400))
        {
            progress.WriteLine($"{strategy} at {trials} …");
            // What runs often is compiled at its best after a moment, here as in a study.
            for (var warm = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(warm) < WarmUp;)
            {
                Measure(strategy, problem, Math.Min(trials, 400), seed: 0);
            }

            var ours = Median.Of(Enumerable.Range(1, runs).Select(seed => Measure(strategy, problem, trials, seed)));
            var found = rival.Samplers.Contains(kind);
            double? theirs = found && (trials <= 1000 || !quick) ? rival.Milliseconds(kind, Parameters, trials, InARow) : null;
            rows.Add(new Row(
                Name, string.Create(CultureInfo.InvariantCulture, $"{strategy}, {Parameters} parameters, at {trials} trials"), "ms", ours, theirs,
                kind == "none" ? "none" : found ? $"{rival.Name} {kind}" : $"{rival.Name} {kind} missing", goal, GoalOf.Ours, Better.Lower, runs, Machine.Cpu, Machine.Today));
        }

        return rows;
    }

    private static double Measure(string strategy, SphereProblem problem, int trials, int seed)
    {
        var spec = SimulatedStudy.Spec(strategy, problem, seed, trials + InARow);
        var sampler = SamplerFactory.Create(spec);
        var history = new List<HistoryTrial>(trials + InARow);
        var finished = new List<int>(trials + InARow);
        var lineage = new object();
        // A walk makes its own history; the others get one that was drawn at random, and one suggestion before the clock starts to take it in.
        ISampler before = strategy is "cmaes" or "metropolis" ? sampler : new RandomSampler();
        while (history.Count < trials - 1)
        {
            Trial(before);
        }

        Trial(sampler);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < InARow; i++)
        {
            Trial(sampler);
        }

        return Stopwatch.GetElapsedTime(started).TotalMilliseconds / InARow;

        void Trial(ISampler by)
        {
            var number = history.Count;
            var seen = new StudyHistory(number, Direction.Minimize, history) { Finished = finished, Open = [], Lineage = lineage, Budget = trials + InARow };
            var parameters = by.Suggest(problem.Space, seen, Rng.For(seed, number, "suggest"))!;
            history.Add(new HistoryTrial(number, parameters, TrialState.Complete, problem.Value(parameters), false));
            finished.Add(number);
        }
    }
}
