using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Search.Random;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Benchmarks.Quality;

/// <summary>How far from the best a value is: 0 is the best there is, 1 what half of a thousand random trials are better than.</summary>
/// <remarks>Where nobody knows the best, the value itself.</remarks>
internal sealed class Regret
{
    private const int Draws = 1000;

    private readonly double? _best;
    private readonly double _scale;
    private readonly Lazy<double> _fingerprint;

    /// <param name="problem">Whose values.</param>
    /// <param name="seed">Of the problem. The random trials are the same for every seed.</param>
    public Regret(Problem problem, int seed)
    {
        _best = problem.Best;
        var run = problem.Begin(seed);
        var nothing = new StudyHistory(0, problem.Direction, []);
        var random = new RandomSampler();
        var values = Enumerable.Range(0, Draws).Select(i => run.Judge(random.Suggest(problem.Space, nothing, Rng.For(0, i, "reference"))));
        _scale = _best is { } best ? Math.Abs(Median.Of(values) - best) : 1;
        _fingerprint = new Lazy<double>(() => _best is null ? values.First() : _scale);
    }

    /// <summary>Regret is to be small; a value without a known best as the problem says.</summary>
    public static bool IsLowerBetter(Problem problem) => problem.Best is not null || problem.Direction == Direction.Minimize;

    /// <summary>The same for the same problem, and hardly for another: what a kept result is known by.</summary>
    public double Fingerprint => _fingerprint.Value;

    /// <param name="judged">A value of the problem.</param>
    /// <exception cref="BenchmarkException">No trial completed: there is no value.</exception>
    public double Of(double judged) => double.IsNaN(judged)
        ? throw new BenchmarkException("A study has no value to be judged by: none of its trials completed.")
        : _best is { } best ? Math.Abs(judged - best) / _scale : judged;
}
