namespace TuningCluster.Coordinator.Search.Pareto;

/// <summary>How alone a vector is in its front: the sum over the objectives of the distance between its two neighbours there, in units of the front's range (Deb et al. 2002, section III.B).</summary>
internal static class CrowdingDistance
{
    /// <param name="losses">All vectors; finite.</param>
    /// <param name="front">Indexes of those of one front.</param>
    /// <returns>Shape of <paramref name="front"/>; +∞ at the ends of every objective, of which equal vectors share one by index: the other copies are crowded.</returns>
    public static double[] Of(IReadOnlyList<double[]> losses, IReadOnlyList<int> front)
    {
        var distances = new double[front.Count];
        if (front.Count == 0)
        {
            return distances;
        }

        var objectives = losses[front[0]].Length;
        int[] order = [.. Enumerable.Range(0, front.Count)];
        for (var m = 0; m < objectives; m++)
        {
            Array.Sort(order, (a, b) => losses[front[a]][m].CompareTo(losses[front[b]][m]) is var c && c != 0 ? c : a.CompareTo(b));
            var (low, high) = (losses[front[order[0]]][m], losses[front[order[^1]]][m]);
            if (low == high)
            {
                continue;
            }

            distances[order[0]] = double.PositiveInfinity;
            distances[order[^1]] = double.PositiveInfinity;
            for (var k = 1; k < order.Length - 1; k++)
            {
                // Halves, so that the range of the greatest numbers does not overflow.
                var between = (0.5 * losses[front[order[k + 1]]][m]) - (0.5 * losses[front[order[k - 1]]][m]);
                distances[order[k]] += between / ((0.5 * high) - (0.5 * low));
            }
        }

        return distances;
    }
}
