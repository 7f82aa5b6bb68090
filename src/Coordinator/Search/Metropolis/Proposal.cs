using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Shared.Randomness;

namespace TuningCluster.Coordinator.Search.Metropolis;

/// <summary>Symmetric moves on the unit cube, reflected at its faces; categories are flipped to another one.</summary>
/// <remarks>
/// Of an ordered value the chain has a place in its cell, drawn evenly: so the moves are those of a walk on the whole interval, and values are visited as
/// often as their cells are wide. Proposals of one step are drawn about one point z that is drawn about the chain's: then the
/// chain's point and the proposals are alike, and the next point may be any of them (Tjelmeland 2004).
/// </remarks>
internal static class Proposal
{
    /// <summary>Deviation of ln of the factor on a step's scales.</summary>
    private const double Spread = 1.5;

    private const double HalfVariance = 0.70710678118654752;

    /// <summary>Which coordinate a step moves; null for all.</summary>
    /// <returns>The coordinate, and the factor on this step's scales: log-normal, so that a chain whose scales have shrunk still leaps now and then.</returns>
    public static (int? Dimension, double Stretch) Kind(int dimensions, Rng rng)
    {
        var one = rng.NextDouble() < 0.5 || dimensions == 1;
        var which = rng.NextInt32(dimensions);
        return (one ? which : null, Math.Exp(Spread * rng.NextNormal()));
    }

    /// <summary>A point about <paramref name="from"/>: half of a step.</summary>
    /// <param name="space">The space.</param>
    /// <param name="from">Coordinates, numbers all.</param>
    /// <param name="kind">Which coordinate moves; null for all.</param>
    /// <param name="stretch">Factor on the scales.</param>
    /// <param name="scales">Of the chain.</param>
    /// <param name="rng">Three words a coordinate.</param>
    public static double[] Half(EncodedSpace space, double[] from, int? kind, double stretch, ProposalScales scales, Rng rng)
    {
        var to = (double[])from.Clone();
        for (var d = 0; d < to.Length; d++)
        {
            var (step, choice, flips) = (rng.NextNormal(), rng.NextDouble(), rng.NextDouble());
            if (kind is { } only && only != d)
            {
                continue;
            }

            var dimension = space.Dimensions[d];
            var scale = HalfVariance * stretch * scales.Of(d) * (kind is null ? scales.Factor : 1);
            if (dimension.Kind != DimensionKind.Categorical)
            {
                to[d] = Reflect(from[d] + (step * Math.Max(scale, HalfCell(dimension))));
            }
            else if (dimension.Count > 1 && flips < (kind is null ? Math.Min(0.5, scale) : 0.5))
            {
                // Two halves, each with even chance to flip: a category keeps, as any point of the cube does, a chance to stay.
                var other = (dimension.IndexAt(from[d]) + 1 + (long)(choice * (dimension.Count - 1))) % dimension.Count;
                var (low, high) = dimension.Cell(other);
                to[d] = 0.5 * (low + high);
            }
        }

        return to;
    }

    /// <summary>The coordinate folded back into [0, 1].</summary>
    internal static double Reflect(double u)
    {
        u = Math.Abs(u) % 2;
        return u > 1 ? 2 - u : u;
    }

    /// <summary>A walk among values must be able to leave a cell.</summary>
    private static double HalfCell(Dimension dimension)
    {
        if (dimension.Kind == DimensionKind.Continuous)
        {
            return 0;
        }

        var (low, high) = dimension.Cell(0);
        return 0.5 * (dimension.HasEqualCells ? high - low : 1.0 / dimension.Count);
    }
}
