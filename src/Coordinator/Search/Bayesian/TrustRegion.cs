using TuningCluster.Coordinator.Search.Encoding;

namespace TuningCluster.Coordinator.Search.Bayesian;

/// <summary>A box about the incumbent that grows while trials bring better ones and shrinks while they do not (TuRBO, Eriksson et al. 2019, arXiv:1910.01739): for
/// many parameters, where a model of the whole cube knows too little.</summary>
internal static class TrustRegion
{
    /// <summary>Used for more parameters than this.</summary>
    public const int FewDimensions = 20;

    private const double First = 0.8;
    private const double Longest = 1.6;
    private const double Shortest = 1.0 / 128;
    private const int SuccessesToGrow = 3;

    /// <param name="space">The space.</param>
    /// <param name="progress">Of each trial, in the order in which they ended, whether it was better than those before; asked for only where there is a region.</param>
    /// <param name="incumbent">Point of the best trial.</param>
    /// <param name="weights">Of the kernel: the box is as long along a dimension as its length scale, with the volume of a cube.</param>
    public static Region About(EncodedSpace space, IEnumerable<bool> progress, double[] incumbent, double[] weights)
    {
        if (space.Count <= FewDimensions)
        {
            return Region.Whole(space.Count);
        }

        var length = Length(progress, space.Count);
        var mean = weights.Average(w => -0.5 * Math.Log(w));
        var (low, high) = (new double[space.Count], new double[space.Count]);
        for (var d = 0; d < low.Length; d++)
        {
            var half = 0.5 * length * Math.Exp((-0.5 * Math.Log(weights[d])) - mean);
            var bounded = space.Dimensions[d].Kind != DimensionKind.Categorical && !double.IsNaN(incumbent[d]);
            low[d] = bounded ? Math.Max(0, incumbent[d] - half) : 0;
            high[d] = bounded ? Math.Min(1, incumbent[d] + half) : 1;
        }

        return new Region(low, high);
    }

    /// <summary>The base length: a fold over the trials. Below the shortest it begins anew.</summary>
    private static double Length(IEnumerable<bool> progress, int dimensions)
    {
        var (length, successes, failures) = (First, 0, 0);
        foreach (var better in progress)
        {
            (successes, failures) = better ? (successes + 1, 0) : (0, failures + 1);
            if (successes == SuccessesToGrow)
            {
                (length, successes) = (Math.Min(Longest, 2 * length), 0);
            }
            else if (failures == Math.Max(4, dimensions))
            {
                (length, failures) = (length / 2, 0);
                length = length < Shortest ? First : length;
            }
        }

        return length;
    }
}
