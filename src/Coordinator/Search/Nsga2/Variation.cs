using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Shared.Randomness;

namespace TuningCluster.Coordinator.Search.Nsga2;

/// <summary>Points bred from others, in the unit cube.</summary>
/// <remarks>
/// Numbers by simulated binary crossover (Deb and Agrawal 1995, Complex Systems 9) and polynomial mutation (Deb and Goyal 1996), both in the form that stays within bounds; categories from either parent. A value of few that mutates
/// moves on by one at least.
/// </remarks>
internal sealed class Variation(EncodedSpace space, Nsga2Settings settings)
{
    private readonly double _mutation = settings.Mutation ?? 1.0 / space.Count;

    /// <param name="a">A parent; NaN where a parameter is not active.</param>
    /// <param name="b">The other parent.</param>
    /// <param name="rng">The trial's stream.</param>
    /// <returns>A number for every coordinate, also of parameters that are not active: they may become so.</returns>
    public double[] Child(double[] a, double[] b, Rng rng)
    {
        var crosses = rng.NextDouble() < settings.Crossover;
        var child = new double[space.Count];
        for (var d = 0; d < child.Length; d++)
        {
            var dimension = space.Dimensions[d];
            child[d] = double.IsNaN(a[d]) ? double.IsNaN(b[d]) ? rng.NextDouble() : b[d]
                : !crosses || double.IsNaN(b[d]) ? a[d]
                : Cross(dimension, a[d], b[d], rng);
            if (rng.NextDouble() < _mutation)
            {
                child[d] = Mutate(dimension, child[d], rng);
            }
        }

        return child;
    }

    private double Cross(Dimension dimension, double a, double b, Rng rng)
    {
        if (rng.NextDouble() < 0.5)
        {
            (a, b) = (b, a);
        }

        if (dimension.Kind == DimensionKind.Categorical || a == b || rng.NextDouble() < 0.5)
        {
            return a;
        }

        // The child on the side of a. Its spread is the wider the farther the bound.
        var (low, high) = (Math.Min(a, b), Math.Max(a, b));
        var room = a < b ? low : 1 - high;
        var reach = 1 + (2 * room / (high - low));
        var alpha = 2 - Math.Pow(reach, -(settings.Eta + 1));
        var u = rng.NextDouble() * alpha;
        var spread = Math.Pow(u <= 1 ? u : 1 / (2 - u), 1 / (settings.Eta + 1));
        return Math.Clamp(0.5 * (low + high + ((a < b ? -spread : spread) * (high - low))), 0, 1);
    }

    private double Mutate(Dimension dimension, double at, Rng rng)
    {
        if (dimension.Kind == DimensionKind.Categorical)
        {
            var own = dimension.IndexAt(at);
            return dimension.Count == 1 ? at : Middle(dimension, (own + 1 + rng.NextInt64(dimension.Count - 1)) % dimension.Count);
        }

        var u = rng.NextDouble();
        var power = settings.Eta + 1;
        var moved = u < 0.5
            ? at + Math.Pow((2 * u) + ((1 - (2 * u)) * Math.Pow(1 - at, power)), 1 / power) - 1
            : at + 1 - Math.Pow((2 * (1 - u)) + (((2 * u) - 1) * Math.Pow(at, power)), 1 / power);
        moved = Math.Clamp(moved, 0, 1);
        if (dimension.Kind == DimensionKind.Continuous || dimension.Count == 1 || dimension.IndexAt(moved) != dimension.IndexAt(at))
        {
            return moved;
        }

        var index = dimension.IndexAt(at);
        return Middle(dimension, index == 0 || (u >= 0.5 && index < dimension.Count - 1) ? index + 1 : index - 1);
    }

    private static double Middle(Dimension dimension, long index)
    {
        var (from, to) = dimension.Cell(index);
        return 0.5 * (from + to);
    }
}
