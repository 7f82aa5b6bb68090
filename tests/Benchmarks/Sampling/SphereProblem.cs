using TuningCluster.Benchmarks.Quality;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Benchmarks.Sampling;

/// <summary>The cheapest function there is: what is timed is the strategy.</summary>
internal sealed class SphereProblem(int parameters)
    : Problem("sphere", new SearchSpace([.. Enumerable.Range(0, parameters).Select(i => (Parameter)new FloatParameter($"x{i}", -5, 10, Log: false, Step: null, Points: null, []))]), Direction.Minimize)
{
    public override double Best => 0;

    public double Value(TrialParameters point)
    {
        var sum = 0.0;
        foreach (var parameter in Space.Parameters)
        {
            var x = point[parameter.Name].AsDouble();
            sum += x * x;
        }

        return sum;
    }

    public override ProblemRun Begin(int seed) => throw new NotSupportedException("It is timed, not searched.");

    public override object Describe(int seed) => throw new NotSupportedException("It is timed, not searched.");
}
