using TuningCluster.Coordinator.Search.Numerics;

namespace TuningCluster.Coordinator.Search.Bayesian;

/// <summary>Feature vectors of points, one contiguous column a feature.</summary>
internal sealed class PointColumns(FeatureMap map)
{
    private readonly double[][] _columns = [.. Enumerable.Range(0, map.Count).Select(_ => new double[16])];
    private readonly double[] _z = new double[map.Count];

    public FeatureMap Map => map;

    public int Count { get; private set; }

    /// <summary>Of a feature, as long as there are points.</summary>
    public ReadOnlySpan<double> this[int feature] => _columns[feature].AsSpan(0, Count);

    public void Add(ReadOnlySpan<double> point)
    {
        map.Map(point, _z);
        AddFeatures(_z);
    }

    public void AddFeatures(ReadOnlySpan<double> z)
    {
        for (var f = 0; f < _columns.Length; f++)
        {
            if (_columns[f].Length == Count)
            {
                Array.Resize(ref _columns[f], 2 * Count);
            }

            _columns[f][Count] = z[f];
        }

        Count++;
    }

    public void Truncate(int count) => Count = Math.Min(Count, count);

    /// <summary>Weighted squared distances from the first points to a feature vector.</summary>
    /// <param name="z">Shape [features].</param>
    /// <param name="weights">By dimension.</param>
    /// <param name="target">Shape [n]: to the first n points.</param>
    public void SquaredDistances(ReadOnlySpan<double> z, ReadOnlySpan<double> weights, Span<double> target)
    {
        target.Clear();
        for (var f = 0; f < _columns.Length; f++)
        {
            Squares.Add(target, _columns[f].AsSpan(0, target.Length), z[f], weights[map.DimensionOf[f]]);
        }
    }

    /// <summary>The features of a point.</summary>
    public void CopyTo(int index, Span<double> z)
    {
        for (var f = 0; f < _columns.Length; f++)
        {
            z[f] = _columns[f][index];
        }
    }
}
