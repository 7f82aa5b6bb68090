using MathNet.Numerics.Distributions;

namespace TuningCluster.Benchmarks.Quality;

/// <summary>The rank-sum test of Mann and Whitney (1947).</summary>
internal static class MannWhitney
{
    /// <summary>The probability of ranks at least so high for <paramref name="ours"/> if both came from one distribution: small when ours are greater.</summary>
    /// <remarks>Normal approximation with continuity correction and correction for ties; good from about eight values a side.</remarks>
    public static double ProbabilityOfGreater(IReadOnlyList<double> ours, IReadOnlyList<double> theirs)
    {
        var all = ours.Select(v => (Value: v, Ours: true)).Concat(theirs.Select(v => (Value: v, Ours: false))).OrderBy(v => v.Value).ToArray();
        double ranks = 0, ties = 0;
        for (var i = 0; i < all.Length;)
        {
            var end = i;
            while (end < all.Length && all[end].Value.Equals(all[i].Value))
            {
                end++;
            }

            var count = end - i;
            ties += ((double)count * count * count) - count;
            for (var k = i; k < end; k++)
            {
                ranks += all[k].Ours ? (i + 1 + end) / 2.0 : 0;
            }

            i = end;
        }

        double m = ours.Count, n = theirs.Count, total = m + n;
        var u = ranks - (m * (m + 1) / 2);
        var deviation = Math.Sqrt(m * n / 12 * (total + 1 - (ties / (total * (total - 1)))));
        return deviation == 0 ? 1 : 1 - Normal.CDF(0, 1, (u - (m * n / 2) - 0.5) / deviation);
    }
}
