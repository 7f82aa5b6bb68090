using TuningCluster.TrialWorker.Objectives;

namespace TuningCluster.Benchmarks.Quality;

/// <summary>A test function of optimization with its box and its least value.</summary>
/// <param name="Optimum">A place of the least value, in the unit cube.</param>
internal sealed record KnownFunction(string Name, double[] Low, double[] High, double[] Optimum, double Least, KnownFunction.Formula Value)
{
    /// <summary>The value at a point of the box.</summary>
    internal delegate double Formula(ReadOnlySpan<double> x);

    // Newton's method from the published six digits: those are not enough for a regret below 1e-6.
    private static readonly double[] HartmannOptimum =
        [0.20168951100670543, 0.15001069182345797, 0.47687397422189703, 0.2753324304940561, 0.31165161660011326, 0.6573005340656204];

    /// <summary>Branin, Hartmann-6, and Ackley, Rosenbrock and Levy in ten dimensions.</summary>
    public static readonly IReadOnlyList<KnownFunction> All =
    [
        new("branin", [-5, 0], [10, 15], [(Math.PI + 5) / 15, 2.275 / 15], 0.39788735772973816, TestFunctions.Branin),
        new("hartmann6", [.. Enumerable.Repeat(0.0, 6)], [.. Enumerable.Repeat(1.0, 6)], HartmannOptimum, -3.322368011415515, TestFunctions.Hartmann6),
        Ten("ackley10", 32.768, 0.5, TestFunctions.Ackley),
        new("rosen10", [.. Enumerable.Repeat(-5.0, 10)], [.. Enumerable.Repeat(10.0, 10)], [.. Enumerable.Repeat(0.4, 10)], 0, TestFunctions.Rosenbrock),
        Ten("levy10", 10, 0.55, Levy),
    ];

    private static KnownFunction Ten(string name, double half, double optimum, Formula formula) =>
        new(name, [.. Enumerable.Repeat(-half, 10)], [.. Enumerable.Repeat(half, 10)], [.. Enumerable.Repeat(optimum, 10)], 0, formula);

    /// <summary>Least 0 at (1, …, 1) (Laguna and Martí 2005).</summary>
    private static double Levy(ReadOnlySpan<double> x)
    {
        var first = W(x[0]);
        var last = W(x[^1]);
        var sum = Math.Pow(Math.Sin(Math.PI * first), 2) + (Math.Pow(last - 1, 2) * (1 + Math.Pow(Math.Sin(2 * Math.PI * last), 2)));
        foreach (var value in x[..^1])
        {
            sum += Math.Pow(W(value) - 1, 2) * (1 + (10 * Math.Pow(Math.Sin((Math.PI * W(value)) + 1), 2)));
        }

        return sum;

        static double W(double value) => 1 + ((value - 1) / 4);
    }
}
