using TuningCluster.Shared.Models;

namespace TuningCluster.TrialWorker.Objectives;

/// <summary>Known functions to try strategies on. All are minimised.</summary>
public static class TestFunctions
{
    private static readonly double[] HartmannWeights = [1.0, 1.2, 3.0, 3.2];

    private static readonly double[,] HartmannScales =
    {
        { 10, 3, 17, 3.5, 1.7, 8 },
        { 0.05, 10, 17, 0.1, 8, 14 },
        { 3, 3.5, 1.7, 10, 17, 8 },
        { 17, 8, 0.05, 10, 0.1, 14 },
    };

    private static readonly double[,] HartmannCentres =
    {
        { 0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886 },
        { 0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991 },
        { 0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650 },
        { 0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381 },
    };

    /// <summary>The function of that name.</summary>
    /// <param name="name">One of <see cref="TestFunctionNames.All"/>.</param>
    /// <exception cref="ArgumentException">No such function.</exception>
    public static Func<ReadOnlySpan<double>, double> Find(string name) => name switch
    {
        TestFunctionNames.Branin => Branin,
        TestFunctionNames.Sphere => Sphere,
        TestFunctionNames.Rosenbrock => Rosenbrock,
        TestFunctionNames.Ackley => Ackley,
        TestFunctionNames.Rastrigin => Rastrigin,
        TestFunctionNames.Hartmann6 => Hartmann6,
        _ => throw new ArgumentException($"'{name}' is no test function; known are {string.Join(", ", TestFunctionNames.All)}.", nameof(name)),
    };

    /// <summary>x₁ ∈ [−5, 10], x₂ ∈ [0, 15]; least 0.397887 at (−π, 12.275), (π, 2.275) and (9.42478, 2.475).</summary>
    public static double Branin(ReadOnlySpan<double> x)
    {
        var bowl = x[1] - (5.1 / (4 * Math.PI * Math.PI) * x[0] * x[0]) + (5 / Math.PI * x[0]) - 6;
        return (bowl * bowl) + (10 * (1 - (1 / (8 * Math.PI))) * Math.Cos(x[0])) + 10;
    }

    /// <summary>Least 0 at the origin.</summary>
    public static double Sphere(ReadOnlySpan<double> x)
    {
        var sum = 0.0;
        foreach (var value in x)
        {
            sum += value * value;
        }

        return sum;
    }

    /// <summary>Least 0 at (1, …, 1), at the end of a bent valley.</summary>
    public static double Rosenbrock(ReadOnlySpan<double> x)
    {
        var sum = 0.0;
        for (var i = 0; i < x.Length - 1; i++)
        {
            var bend = x[i + 1] - (x[i] * x[i]);
            sum += (100 * bend * bend) + ((1 - x[i]) * (1 - x[i]));
        }

        return sum;
    }

    /// <summary>Least 0 at the origin, among many small dents.</summary>
    public static double Ackley(ReadOnlySpan<double> x)
    {
        var squares = 0.0;
        var waves = 0.0;
        foreach (var value in x)
        {
            squares += value * value;
            waves += Math.Cos(2 * Math.PI * value);
        }

        return (-20 * Math.Exp(-0.2 * Math.Sqrt(squares / x.Length))) - Math.Exp(waves / x.Length) + 20 + Math.E;
    }

    /// <summary>Least 0 at the origin, among a regular grid of deep dents.</summary>
    public static double Rastrigin(ReadOnlySpan<double> x)
    {
        var sum = 10.0 * x.Length;
        foreach (var value in x)
        {
            sum += (value * value) - (10 * Math.Cos(2 * Math.PI * value));
        }

        return sum;
    }

    /// <summary>Six numbers in [0, 1]; least −3.32237 at (0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573).</summary>
    public static double Hartmann6(ReadOnlySpan<double> x)
    {
        var sum = 0.0;
        for (var i = 0; i < HartmannWeights.Length; i++)
        {
            var distance = 0.0;
            for (var j = 0; j < x.Length; j++)
            {
                var offset = x[j] - HartmannCentres[i, j];
                distance += HartmannScales[i, j] * offset * offset;
            }

            sum -= HartmannWeights[i] * Math.Exp(-distance);
        }

        return sum;
    }
}
