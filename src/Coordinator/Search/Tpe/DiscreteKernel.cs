using MathNet.Numerics.Distributions;
using TuningCluster.Coordinator.Search.Encoding;

namespace TuningCluster.Coordinator.Search.Tpe;

/// <summary>Kernels over the values of one ordered or categorical parameter: ln of the probability of each value, by the value at the centre.</summary>
internal sealed class DiscreteKernel
{
    /// <summary>Parameters of more values are treated as numbers, categories aside.</summary>
    public const int MostValues = 64;

    private readonly double[] _logs;
    private readonly int _count;

    private DiscreteKernel(double[] logs, int count) => (_logs, _count) = (logs, count);

    /// <summary>ln p(value | centre), by value.</summary>
    public ReadOnlySpan<double> Of(int centre) => _logs.AsSpan(centre * _count, _count);

    /// <summary>Every value ε, its own 1 + ε, normalized; ε falls with the number of kernels (as Aitchison and Aitken 1976 smooth categories).</summary>
    public static DiscreteKernel Categories(int count, int kernels)
    {
        var epsilon = 1.0 / Math.Max(1, kernels);
        var (own, other) = (Math.Log((1 + epsilon) / (1 + (count * epsilon))), Math.Log(epsilon / (1 + (count * epsilon))));
        var logs = new double[count * count];
        Array.Fill(logs, other);
        for (var i = 0; i < count; i++)
        {
            logs[(i * count) + i] = own;
        }

        return new DiscreteKernel(logs, count);
    }

    /// <summary>A normal density truncated to the unit interval, integrated over the cells of the values.</summary>
    public static DiscreteKernel Cells(Dimension dimension, double bandwidth)
    {
        var count = (int)dimension.Count;
        var logs = new double[count * count];
        for (var i = 0; i < count; i++)
        {
            var (low, high) = dimension.Cell(i);
            var centre = 0.5 * (low + high);
            var total = Mass(0, 1, centre, bandwidth);
            for (var v = 0; v < count; v++)
            {
                var (from, to) = dimension.Cell(v);
                logs[(i * count) + v] = Math.Log(Math.Max(1e-12, Mass(from, to, centre, bandwidth) / total));
            }
        }

        return new DiscreteKernel(logs, count);
    }

    internal static double Mass(double from, double to, double centre, double bandwidth) =>
        Normal.CDF(0, 1, (to - centre) / bandwidth) - Normal.CDF(0, 1, (from - centre) / bandwidth);
}
