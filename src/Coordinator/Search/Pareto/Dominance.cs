namespace TuningCluster.Coordinator.Search.Pareto;

/// <summary>When one vector of losses is better than another whatever the objectives are worth.</summary>
internal static class Dominance
{
    /// <summary>Whether <paramref name="a"/> is nowhere worse than <paramref name="b"/> and somewhere better.</summary>
    /// <param name="a">Losses, to be minimized; shape [objectives].</param>
    /// <param name="b">The same shape.</param>
    public static bool Dominates(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var better = false;
        for (var m = 0; m < a.Length; m++)
        {
            if (a[m] > b[m])
            {
                return false;
            }

            better |= a[m] < b[m];
        }

        return better;
    }

    /// <summary>As <see cref="Dominates"/> or equal.</summary>
    public static bool Covers(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        for (var m = 0; m < a.Length; m++)
        {
            if (a[m] > b[m])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The number of objectives of the vectors; 0 when there is none.</summary>
    /// <exception cref="ArgumentException">They are not of one length ≥ 1, or a loss is not finite.</exception>
    public static int Objectives(IReadOnlyList<double[]> losses)
    {
        if (losses.Count == 0)
        {
            return 0;
        }

        var count = losses[0].Length;
        if (count == 0)
        {
            throw new ArgumentException("A vector of losses needs at least one objective.", nameof(losses));
        }

        for (var i = 0; i < losses.Count; i++)
        {
            if (losses[i].Length != count)
            {
                throw new ArgumentException($"Vector {i} has {losses[i].Length} losses, the first has {count}.", nameof(losses));
            }

            if (Array.Exists(losses[i], l => !double.IsFinite(l)))
            {
                throw new ArgumentException($"Vector {i} has a loss that is not finite: {string.Join(", ", losses[i])}.", nameof(losses));
            }
        }

        return count;
    }
}
