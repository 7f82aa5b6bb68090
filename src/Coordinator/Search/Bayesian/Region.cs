namespace TuningCluster.Coordinator.Search.Bayesian;

/// <summary>A box of the unit cube: where the next point is looked for.</summary>
internal sealed class Region(double[] low, double[] high)
{
    public static Region Whole(int dimensions)
    {
        var high = new double[dimensions];
        Array.Fill(high, 1);
        return new Region(new double[dimensions], high);
    }

    public double Low(int dimension) => low[dimension];

    public double High(int dimension) => high[dimension];

    /// <summary>The point of the box at a share u ∈ [0, 1] of its side.</summary>
    public double Place(int dimension, double u) => low[dimension] + (u * (high[dimension] - low[dimension]));

    public double Clamp(int dimension, double u) => Math.Clamp(u, low[dimension], high[dimension]);
}
