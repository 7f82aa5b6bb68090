using System.Globalization;
using MathNet.Numerics.Distributions;

namespace TuningCluster.Benchmarks.Quality;

/// <summary>A confidence interval of the median between two order statistics: free of any assumption on the distribution.</summary>
/// <remarks>David and Nagaraja 2003, Order Statistics, §7.1: the k-th least and the k-th greatest of n values enclose the median with probability 1 − 2·P(B ≤ k − 1), B binomial (n, ½).</remarks>
/// <param name="Low">The k-th least value.</param>
/// <param name="High">The k-th greatest value.</param>
/// <param name="Level">The probability: the least possible above 95 %; for fewer than six values that of their whole range, which is less.</param>
internal readonly record struct MedianInterval(double Low, double High, double Level)
{
    private const double Wanted = 0.95;

    /// <param name="values">At least one.</param>
    public static MedianInterval Of(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToArray();
        var rank = 1;
        while (rank < (sorted.Length + 1) / 2 && LevelOf(rank + 1, sorted.Length) >= Wanted)
        {
            rank++;
        }

        return new MedianInterval(sorted[rank - 1], sorted[^rank], LevelOf(rank, sorted.Length));
    }

    /// <summary>The probability, at most 95 %, and the ends to three digits.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(100 * Math.Min(Wanted, Level)):F0} % [{Low:G3}, {High:G3}]");

    private static double LevelOf(int rank, int count) => 1 - (2 * Binomial.CDF(0.5, count, rank - 1));
}
