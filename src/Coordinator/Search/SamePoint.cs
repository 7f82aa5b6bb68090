namespace TuningCluster.Coordinator.Search;

/// <summary>Points of the unit cube with the same bits; NaN, where a parameter is not active, equals itself.</summary>
internal sealed class SamePoint : IEqualityComparer<double[]>
{
    public static readonly SamePoint Instance = new();

    public bool Equals(double[]? a, double[]? b)
    {
        for (var i = 0; i < a!.Length; i++)
        {
            if (!a[i].Equals(b![i]))
            {
                return false;
            }
        }

        return true;
    }

    public int GetHashCode(double[] point)
    {
        var hash = default(HashCode);
        foreach (var coordinate in point)
        {
            hash.Add(coordinate);
        }

        return hash.ToHashCode();
    }
}
