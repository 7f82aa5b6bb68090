using TuningCluster.Coordinator.Search.Bayesian;

namespace TuningCluster.Coordinator.Search.Pareto;

/// <summary>The integral of the normal distribution function Φ over an interval: in deviations, the expected side of what a normal loss leaves of the interval.</summary>
internal static class NormalSide
{
    /// <summary>Shorter intervals (by their length times the place in the tail) are taken as Φ at their middle: their error of that is below 10⁻¹¹, that of a difference above.</summary>
    private const double Short = 1e-5;

    /// <summary>ln ∫Φ(t)dt from <paramref name="from"/> to <paramref name="to"/>.</summary>
    /// <param name="from">Finite.</param>
    /// <param name="to">&gt; <paramref name="from"/>, finite.</param>
    /// <param name="logHFrom">ln h(from), h the integral of Φ from −∞.</param>
    /// <param name="logHTo">ln h(to).</param>
    public static double LogIntegral(double from, double to, double logHFrom, double logHTo)
    {
        if (IsShort(from, to))
        {
            return Math.Log(to - from) + LogExpectedImprovement.LogProbability(0.5 * (from + to));
        }

        // Φ(t) = 1 − Φ(−t): to the right of 0 the differences are of what is missing to the length.
        return from >= 0
            ? Math.Log(to - from - (Math.Exp(LogExpectedImprovement.LogH(-from)) - Math.Exp(LogExpectedImprovement.LogH(-to))))
            : logHTo + Math.Log(-double.ExpM1(logHFrom - logHTo));
    }

    /// <summary>(Φ(to) − Φ(from))/I and (φ(to) − φ(from))/I.</summary>
    /// <param name="from">May be −∞.</param>
    /// <param name="to">Finite.</param>
    /// <param name="logIntegral">ln I: as <see cref="LogIntegral"/> gives it.</param>
    public static (double Probability, double Density) Differences(double from, double to, double logIntegral)
    {
        if (double.IsNegativeInfinity(from))
        {
            return (Math.Exp(LogExpectedImprovement.LogProbability(to) - logIntegral), Math.Exp(LogExpectedImprovement.LogDensity(to) - logIntegral));
        }

        if (IsShort(from, to))
        {
            var middle = 0.5 * (from + to);
            var slope = Math.Exp(LogExpectedImprovement.LogDensity(middle) - logIntegral) * (to - from);
            return (slope, -middle * slope);
        }

        var (low, high) = from >= 0 ? (-to, -from) : (from, to);
        var probability = Math.Exp(LogExpectedImprovement.LogProbability(high) - logIntegral) - Math.Exp(LogExpectedImprovement.LogProbability(low) - logIntegral);
        return (probability, Math.Exp(LogExpectedImprovement.LogDensity(to) - logIntegral) - Math.Exp(LogExpectedImprovement.LogDensity(from) - logIntegral));
    }

    private static bool IsShort(double from, double to) => (to - from) * Math.Max(1, Math.Max(Math.Abs(from), Math.Abs(to))) < Short;
}
