using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Shared.Randomness;

namespace TuningCluster.Coordinator.Search.Cmaes;

/// <summary>Points of a space as the real vectors that CMA-ES draws: a number is one coordinate, a category of k &gt; 2 choices k of them, the greatest of which is chosen.</summary>
internal sealed class CmaesCoordinates
{
    private readonly EncodedSpace _space;
    private readonly int[] _from;

    public CmaesCoordinates(EncodedSpace space)
    {
        _space = space;
        _from = new int[space.Count];
        for (var d = 0; d < space.Count; d++)
        {
            _from[d] = Count;
            Count += IsOneHot(space.Dimensions[d]) ? (int)space.Dimensions[d].Count : 1;
        }
    }

    /// <summary>Coordinates n.</summary>
    public int Count { get; }

    /// <summary>The vector of a trial: cells by their middles, categories as 1 among 0; where a parameter is not active the mean, of which nothing is learned.</summary>
    public void ToVector(ReadOnlySpan<double> point, ReadOnlySpan<double> mean, Span<double> x)
    {
        mean.CopyTo(x);
        for (var d = 0; d < point.Length; d++)
        {
            if (double.IsNaN(point[d]))
            {
                continue;
            }

            var dimension = _space.Dimensions[d];
            if (!IsOneHot(dimension))
            {
                x[_from[d]] = point[d];
                continue;
            }

            var choices = x.Slice(_from[d], (int)dimension.Count);
            choices.Clear();
            choices[(int)dimension.IndexAt(point[d])] = 1;
        }
    }

    /// <summary>The coordinates in the unit cube that a vector stands for.</summary>
    /// <param name="x">Of which numbers lie in [0, 1].</param>
    /// <param name="margin">Probability with which a value that is one of finitely many is left for a neighbour, or a category for any other: what
    /// CMA-ES with margin keeps by moving its distribution (Hamano et al. 2022, arXiv:2205.13482) is kept here by the draw.</param>
    /// <param name="rng">Draws those.</param>
    /// <param name="point">Shape [dimensions].</param>
    public void ToPoint(ReadOnlySpan<double> x, double margin, Rng rng, Span<double> point)
    {
        for (var d = 0; d < point.Length; d++)
        {
            var dimension = _space.Dimensions[d];
            if (dimension.Kind == DimensionKind.Continuous)
            {
                point[d] = x[_from[d]];
                continue;
            }

            var index = IsOneHot(dimension) ? Greatest(x.Slice(_from[d], (int)dimension.Count)) : dimension.IndexAt(x[_from[d]]);
            var leaves = rng.NextDouble() < margin;
            var draw = rng.NextDouble();
            if (leaves && dimension.Count > 1)
            {
                index = dimension.Kind == DimensionKind.Categorical
                    ? (index + 1 + (long)(draw * (dimension.Count - 1))) % dimension.Count
                    : index == 0 || (draw < 0.5 && index < dimension.Count - 1) ? index + 1 : index - 1;
            }

            var (low, high) = dimension.Cell(index);
            point[d] = 0.5 * (low + high);
        }
    }

    /// <summary>Whether a coordinate must lie in [0, 1].</summary>
    public bool IsBounded(int dimension) => !IsOneHot(_space.Dimensions[dimension]);

    public int FirstOf(int dimension) => _from[dimension];

    /// <summary>Lets coordinates of finitely many values vary by about a third of a cell at least, so that another one can be drawn.</summary>
    public void Widen(CmaesDistribution distribution)
    {
        for (var d = 0; d < _space.Count; d++)
        {
            var dimension = _space.Dimensions[d];
            if (dimension.Kind == DimensionKind.Continuous)
            {
                continue;
            }

            var coordinates = IsOneHot(dimension) ? (int)dimension.Count : 1;
            for (var k = 0; k < coordinates; k++)
            {
                var at = _from[d] + k;
                var cell = IsOneHot(dimension) ? 1 : Width(dimension, distribution.Mean[at]);
                distribution.Widen(at, 0.3 * cell);
            }
        }
    }

    private static double Width(Dimension dimension, double at)
    {
        var (low, high) = dimension.Cell(dimension.IndexAt(at));
        return high - low;
    }

    private static int Greatest(ReadOnlySpan<double> values)
    {
        var greatest = 0;
        for (var i = 1; i < values.Length; i++)
        {
            greatest = values[i] > values[greatest] ? i : greatest;
        }

        return greatest;
    }

    private static bool IsOneHot(Dimension dimension) => dimension.Kind == DimensionKind.Categorical && dimension.Count > 2;
}
