using TuningCluster.Coordinator.Search.Encoding;

namespace TuningCluster.Coordinator.Search.Bayesian;

/// <summary>Points of the unit cube as vectors z whose weighted squared distances are the kernel's r² = Σ w(dimension of f)·(z_f − z′_f)².</summary>
/// <remarks>
/// A number is one coordinate. Two different categories are 1 apart (squared), whichever they are: of two choices one coordinate, of k choices k of them,
/// 1/√2 for the one that is chosen. A parameter that its conditions may switch off has one more, ½ where it is active; where it is not, its number is
/// taken as the middle, ½: inactive points agree, and are ¼ and more from active ones. All are Euclidean distances, so that every kernel of
/// them is positive definite.
/// </remarks>
internal sealed class FeatureMap
{
    private static readonly double Apart = Math.Sqrt(0.5);

    private readonly EncodedSpace _space;
    private readonly int[] _from;

    public FeatureMap(EncodedSpace space)
    {
        _space = space;
        _from = new int[space.Count];
        var dimensions = new List<int>();
        for (var d = 0; d < space.Count; d++)
        {
            var dimension = space.Dimensions[d];
            _from[d] = dimensions.Count;
            var coordinates = dimension.Kind == DimensionKind.Categorical && dimension.Count > 2 ? (int)dimension.Count : 1;
            var conditional = dimension.Parameter.When.Count > 0 ? 1 : 0;
            dimensions.AddRange(Enumerable.Repeat(d, coordinates + conditional));
        }

        DimensionOf = [.. dimensions];
    }

    /// <summary>The dimension of the space each feature belongs to. Shape [features].</summary>
    public int[] DimensionOf { get; }

    public int Count => DimensionOf.Length;

    public int Dimensions => _space.Count;

    /// <summary>The feature that is the coordinate itself, for numbers.</summary>
    public int FeatureOf(int dimension) => _from[dimension];

    /// <param name="point">Shape [dimensions], NaN where a parameter is not active.</param>
    /// <param name="z">Shape [<see cref="Count"/>].</param>
    public void Map(ReadOnlySpan<double> point, Span<double> z)
    {
        z[..Count].Clear();
        for (var d = 0; d < point.Length; d++)
        {
            var dimension = _space.Dimensions[d];
            var at = _from[d];
            var active = !double.IsNaN(point[d]);
            if (dimension.Kind != DimensionKind.Categorical)
            {
                z[at] = active ? point[d] : 0.5;
                at++;
            }
            else if (dimension.Count <= 2)
            {
                z[at] = active ? dimension.IndexAt(point[d]) : 0.5;
                at++;
            }
            else
            {
                if (active)
                {
                    z[at + (int)dimension.IndexAt(point[d])] = Apart;
                }

                at += (int)dimension.Count;
            }

            if (dimension.Parameter.When.Count > 0)
            {
                z[at] = active ? 0.5 : 0;
            }
        }
    }
}
