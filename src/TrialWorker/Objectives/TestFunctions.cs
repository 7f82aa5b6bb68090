using TuningCluster.Shared.Models;

namespace TuningCluster.TrialWorker.Objectives;

/// <summary>Known functions to try strategies on. All values are minimised; a constraint function is fulfilled at 0 and below.</summary>
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

    /// <summary>What a function gives at a point, in the order of <see cref="TestFunctionNames.MetricsOf"/>.</summary>
    /// <param name="name">One of <see cref="TestFunctionNames.All"/>.</param>
    /// <param name="x">As many numbers as it takes.</param>
    /// <exception cref="ArgumentException">No such function.</exception>
    public static double[] Evaluate(string name, ReadOnlySpan<double> x) => name switch
    {
        TestFunctionNames.Branin => [Branin(x)],
        TestFunctionNames.Sphere => [Sphere(x)],
        TestFunctionNames.Rosenbrock => [Rosenbrock(x)],
        TestFunctionNames.Ackley => [Ackley(x)],
        TestFunctionNames.Rastrigin => [Rastrigin(x)],
        TestFunctionNames.Hartmann6 => [Hartmann6(x)],
        TestFunctionNames.Gramacy => Gramacy(x),
        TestFunctionNames.Zdt1 => Zdt(x, (f1, g) => 1 - Math.Sqrt(f1 / g)),
        TestFunctionNames.Zdt2 => Zdt(x, (f1, g) => 1 - (f1 / g * (f1 / g))),
        TestFunctionNames.Zdt3 => Zdt(x, (f1, g) => 1 - Math.Sqrt(f1 / g) - (f1 / g * Math.Sin(10 * Math.PI * f1))),
        TestFunctionNames.Dtlz2 => Dtlz2(x),
        TestFunctionNames.BinhKorn => BinhKorn(x),
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

    /// <summary>x ∈ [0, 1]²; value, c1, c2: least 0.5998 at (0.1954, 0.4044) where c1 ≤ 0 and c2 ≤ 0 (Gramacy et al. 2016, eq. 2).</summary>
    public static double[] Gramacy(ReadOnlySpan<double> x) =>
    [
        x[0] + x[1],
        1.5 - x[0] - (2 * x[1]) - (0.5 * Math.Sin(2 * Math.PI * ((x[0] * x[0]) - (2 * x[1])))),
        (x[0] * x[0]) + (x[1] * x[1]) - 1.5,
    ];

    /// <summary>x₁ ∈ [0, 5], x₂ ∈ [0, 3]; two objectives, feasible where c1 ≤ 0 and c2 ≤ 0 (Binh and Korn 1997).</summary>
    public static double[] BinhKorn(ReadOnlySpan<double> x) =>
    [
        (4 * x[0] * x[0]) + (4 * x[1] * x[1]),
        ((x[0] - 5) * (x[0] - 5)) + ((x[1] - 5) * (x[1] - 5)),
        ((x[0] - 5) * (x[0] - 5)) + (x[1] * x[1]) - 25,
        7.7 - ((x[0] - 8) * (x[0] - 8)) - ((x[1] + 3) * (x[1] + 3)),
    ];

    /// <summary>Numbers in [0, 1], three objectives; the front is the eighth of the unit sphere, where x₃, x₄, … are 0.5 (Deb et al. 2002, DTLZ2).</summary>
    public static double[] Dtlz2(ReadOnlySpan<double> x)
    {
        var g = 0.0;
        foreach (var value in x[2..])
        {
            g += (value - 0.5) * (value - 0.5);
        }

        var (a, b) = (x[0] * Math.PI / 2, x[1] * Math.PI / 2);
        return [(1 + g) * Math.Cos(a) * Math.Cos(b), (1 + g) * Math.Cos(a) * Math.Sin(b), (1 + g) * Math.Sin(a)];
    }

    /// <summary>Numbers in [0, 1], two objectives; the front is where all but the first are 0 (Zitzler, Deb and Thiele 2000).</summary>
    private static double[] Zdt(ReadOnlySpan<double> x, Func<double, double, double> shape)
    {
        var sum = 0.0;
        foreach (var value in x[1..])
        {
            sum += value;
        }

        var g = 1 + (9 * sum / (x.Length - 1));
        return [x[0], g * shape(x[0], g)];
    }
}
