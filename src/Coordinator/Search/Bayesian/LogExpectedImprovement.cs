using MathNet.Numerics;

namespace TuningCluster.Coordinator.Search.Bayesian;

/// <summary>ln EI, which unlike EI itself does not vanish far from the incumbent (Ament et al. 2023, arXiv:2310.20708, eq. 9).</summary>
internal static class LogExpectedImprovement
{
    private static readonly double HalfLogTwoPi = 0.5 * Math.Log(2 * Math.PI);
    private static readonly double RootHalfPi = Math.Sqrt(Math.PI / 2);

    /// <summary>Below it h(z) is φ(z)·(1 − √(π/2)·|z|·erfcx(|z|/√2)), where the difference loses no digits yet.</summary>
    private const double Tail = -1;

    /// <summary>From here on down the asymptotic series of 1 − √(π/2)·|z|·erfcx is exact to the last digits.</summary>
    private const double FarTail = -60;

    /// <summary>ln h(z), h(z) = φ(z) + z·Φ(z): ln EI of an improvement with mean z and deviation 1.</summary>
    public static double LogH(double z)
    {
        if (z > Tail)
        {
            return Math.Log(Density(z) + (z * Probability(z)));
        }

        var square = z * z;
        if (z < FarTail)
        {
            // h(z) = φ(z)/z² · (1 − 3/z² + 15/z⁴ − …), by the series of erfcx.
            return (-0.5 * square) - HalfLogTwoPi - Math.Log(square) + Math.Log(1 - (3 / square) + (15 / (square * square)));
        }

        return (-0.5 * square) - HalfLogTwoPi + Math.Log(OneMinus(-z));
    }

    /// <summary>ln EI and its derivatives for a function that is to be minimized.</summary>
    /// <param name="best">The incumbent.</param>
    /// <param name="mean">Posterior mean.</param>
    /// <param name="deviation">Posterior deviation; &gt; 0.</param>
    public static (double Value, double ByMean, double ByDeviation) Of(double best, double mean, double deviation)
    {
        var z = (best - mean) / deviation;
        var log = LogH(z);
        // Φ/h and φ/h as differences of logarithms: both are finite where h, φ and Φ themselves underflow.
        var byMean = -Math.Exp(LogProbability(z) - log) / deviation;
        var byDeviation = Math.Exp(LogDensity(z) - log) / deviation;
        return (Math.Log(deviation) + log, byMean, byDeviation);
    }

    /// <summary>ln Φ(z).</summary>
    internal static double LogProbability(double z) =>
        z > Tail ? Math.Log(Probability(z)) : LogDensity(z) + Math.Log(RootHalfPi * ScaledErfc(-z / Constants.Sqrt2));

    /// <summary>ln φ(z).</summary>
    internal static double LogDensity(double z) => (-0.5 * z * z) - HalfLogTwoPi;

    private static double Density(double z) => Math.Exp(LogDensity(z));

    private static double Probability(double z) => 0.5 * SpecialFunctions.Erfc(-z / Constants.Sqrt2);

    /// <summary>1 − √(π/2)·x·erfcx(x/√2), x = |z|. Near 0 for large x: there a continued fraction gives it without cancellation.</summary>
    private static double OneMinus(double x)
    {
        if (x < 3)
        {
            return 1 - (RootHalfPi * x * ScaledErfc(x / Constants.Sqrt2));
        }

        // √(π/2)·erfcx(x/√2) = 1/(x + 1/(x + 2/(x + 3/(x + …)))) (Abramowitz and Stegun 26.2.14); with t the part after the first x,
        // 1 − x/(x + t) = t/(x + t).
        var t = 0.0;
        for (var i = 80; i >= 1; i--)
        {
            t = i / (x + t);
        }

        return t / (x + t);
    }

    /// <summary>erfcx(x) = exp(x²)·erfc(x), x ≥ 0.</summary>
    private static double ScaledErfc(double x)
    {
        if (x < 2)
        {
            return Math.Exp(x * x) * SpecialFunctions.Erfc(x);
        }

        // The same continued fraction for x·√2.
        var scaled = x * Constants.Sqrt2;
        var t = 0.0;
        for (var i = 120; i >= 1; i--)
        {
            t = i / (scaled + t);
        }

        return 1 / (RootHalfPi * (scaled + t));
    }
}
