using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Search.Random;
using TuningCluster.Shared.Randomness;

namespace TuningCluster.Benchmarks.Quality;

/// <summary>How far from the best a value is: 0 is the best there is, 1 what half of a thousand random trials are better than.</summary>
internal sealed class Regret
{
    private const int Draws = 1000;

    private readonly double _best;
    private readonly double _scale;

    public Regret(Problem problem, int seed)
    {
        _best = problem.Best;
        var run = problem.Begin(seed);
        var nothing = new StudyHistory(0, problem.Direction, []);
        var random = new RandomSampler();
        var values = Enumerable.Range(0, Draws).Select(i => run.Judge(random.Suggest(problem.Space, nothing, Rng.For(0, i, "reference"))));
        _scale = Math.Abs(Median.Of(values) - _best);
    }

    public double Of(double judged) => Math.Abs(judged - _best) / _scale;
}
