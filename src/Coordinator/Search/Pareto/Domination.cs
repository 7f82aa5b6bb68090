namespace TuningCluster.Coordinator.Search.Pareto;

/// <summary>Pareto's order of vectors of losses.</summary>
public static class Domination
{
    /// <summary>Whether <paramref name="one"/> is nowhere worse than <paramref name="other"/> and somewhere better.</summary>
    /// <param name="one">To be minimized; no NaN.</param>
    /// <param name="other">As many losses.</param>
    public static bool Dominates(IReadOnlyList<double> one, IReadOnlyList<double> other)
    {
        var better = false;
        for (var i = 0; i < one.Count; i++)
        {
            if (one[i] > other[i])
            {
                return false;
            }

            better |= one[i] < other[i];
        }

        return better;
    }
}
