namespace TuningCluster.Coordinator.Search.Tpe;

/// <summary>How wide the kernels of a density are, in the unit cube.</summary>
internal static class Bandwidth
{
    private const double Factor = 0.2;
    private const double Narrowest = 0.01;

    /// <summary>Of the bad density: 0.2·n^(−1/(D+4)), the same in every dimension, with n rounded down to a power of 1.1 so that it seldom changes.</summary>
    /// <param name="count">Kernels, n ≥ 1.</param>
    /// <param name="dimensions">D ≥ 1.</param>
    public static double Wide(int count, int dimensions) => Factor * Math.Pow(Step(count), -1.0 / (dimensions + 4));

    /// <summary>The last count ≤ <paramref name="count"/> at which the bad density's width changes.</summary>
    public static int Step(int count)
    {
        var step = 1;
        while (Next(step) <= count)
        {
            step = Next(step);
        }

        return step;

        static int Next(int step) => Math.Max(step + 1, (int)(1.1 * step));
    }

    /// <summary>Share of Scott's rule for numbers. The good trials lie on a few sides of the optimum, not around it in a bell: the rule smooths that away. Values of
    /// few keep the whole: their kernels must reach the neighbours.</summary>
    private const double OfNumbers = 0.7;

    /// <summary>Of the good density in one dimension: Scott's rule, deviation·n^(−1/(D+4)), within bounds.</summary>
    /// <param name="isNumber">See <see cref="ParzenDensity.IsNumber"/>.</param>
    /// <param name="deviation">Of the good values.</param>
    /// <param name="count">Good values, n ≥ 1.</param>
    /// <param name="dimensions">D ≥ 1.</param>
    public static double Scott(bool isNumber, double deviation, int count, int dimensions) =>
        Math.Clamp((isNumber ? OfNumbers : 1) * deviation * Math.Pow(count, -1.0 / (dimensions + 4)), Narrowest, 0.5);
}
