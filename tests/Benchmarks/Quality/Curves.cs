using System.Collections.Concurrent;

namespace TuningCluster.Benchmarks.Quality;

/// <summary>What came of the studies of a call. Safe to fill from several threads.</summary>
internal sealed class Curves
{
    private readonly ConcurrentDictionary<StudyKey, double[]> _curves = [];
    private readonly ConcurrentDictionary<(string Problem, int Seed), Regret> _regrets = [];

    /// <param name="study">Which.</param>
    /// <param name="judged">The judged value of the incumbent after each trial.</param>
    public void Add(StudyKey study, double[] judged) => _curves[study] = judged;

    /// <summary>Whether every seed's study is there.</summary>
    public bool Has(string searcher, Problem problem, int seeds, int pending) =>
        Enumerable.Range(0, seeds).All(seed => _curves.ContainsKey(new StudyKey(searcher, problem.Name, seed, pending)));

    /// <summary>How values of a problem are judged.</summary>
    public Regret RegretOf(Problem problem, int seed) => _regrets.GetOrAdd((problem.Name, seed), _ => new Regret(problem, seed));

    /// <summary>The regret after so many trials, by seed.</summary>
    /// <exception cref="BenchmarkException">A study has no value by then.</exception>
    public double[] Regrets(string searcher, Problem problem, int seeds, int pending, int trials) =>
        [.. Enumerable.Range(0, seeds).Select(seed => RegretOf(problem, seed).Of(_curves[new StudyKey(searcher, problem.Name, seed, pending)][trials - 1]))];
}
