namespace TuningCluster.Coordinator.Search.Pareto;

/// <summary>Vectors of losses in fronts: 0 are those that none dominates, 1 those that only front 0 dominates, and so on (Deb et al. 2002, IEEE Trans. Evol. Comput. 6(2), section III.A).</summary>
/// <remarks>
/// In lexicographic order none is dominated by a later one, so that each is put into the first front none of whose members dominates it, found by bisection (Zhang et al. 2015, IEEE Trans. Evol.
/// Comput. 19(2)). With two objectives a front's last member tells for all of it: O(N log N) (Jensen 2003, the same journal, 7(5)). With more, O(M·N²) at worst.
/// Equal vectors are in one front.
/// </remarks>
internal static class NondominatedSort
{
    /// <param name="losses">To be minimized; shape [N][objectives]; finite.</param>
    /// <returns>The front of each; shape [N].</returns>
    /// <exception cref="ArgumentException">Lengths differ, or a loss is not finite.</exception>
    public static int[] Ranks(IReadOnlyList<double[]> losses)
    {
        var objectives = Dominance.Objectives(losses);
        var ranks = new int[losses.Count];
        int[] order = [.. Enumerable.Range(0, losses.Count)];
        Array.Sort(order, (a, b) => Compare(losses[a], losses[b]) is var c && c != 0 ? c : a.CompareTo(b));
        var fronts = new List<List<int>>();
        foreach (var i in order)
        {
            var (low, high) = (0, fronts.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (IsDominated(losses, fronts[middle], i, objectives))
                {
                    low = middle + 1;
                }
                else
                {
                    high = middle;
                }
            }

            if (low == fronts.Count)
            {
                fronts.Add([]);
            }

            fronts[low].Add(i);
            ranks[i] = low;
        }

        return ranks;
    }

    /// <summary>Under constraints: whoever fulfils them comes first, by losses; then the others, by how much they violate (Deb et al. 2002, definition 1).</summary>
    /// <param name="losses">As above.</param>
    /// <param name="violations">Of each the sum of what it violates; 0 when it fulfils all; shape [N].</param>
    /// <exception cref="ArgumentException">As above, or a violation is negative or NaN.</exception>
    public static int[] Ranks(IReadOnlyList<double[]> losses, IReadOnlyList<double> violations)
    {
        if (violations.Count != losses.Count)
        {
            throw new ArgumentException($"{violations.Count} violations for {losses.Count} vectors of losses.", nameof(violations));
        }

        if (violations.Any(v => !(v >= 0)))
        {
            throw new ArgumentException("A violation is 0 or more.", nameof(violations));
        }

        Dominance.Objectives(losses);
        int[] fulfilling = [.. Enumerable.Range(0, losses.Count).Where(i => violations[i] == 0)];
        var ranks = new int[losses.Count];
        var among = Ranks([.. fulfilling.Select(i => losses[i])]);
        for (var k = 0; k < fulfilling.Length; k++)
        {
            ranks[fulfilling[k]] = among[k];
        }

        var front = among.Length == 0 ? -1 : among.Max();
        var last = 0.0;
        foreach (var i in Enumerable.Range(0, losses.Count).Where(i => violations[i] > 0).OrderBy(i => violations[i]))
        {
            front += violations[i] > last ? 1 : 0;
            last = violations[i];
            ranks[i] = front;
        }

        return ranks;
    }

    /// <summary>Indexes of the vectors that none dominates, ascending.</summary>
    public static int[] Front(IReadOnlyList<double[]> losses)
    {
        var ranks = Ranks(losses);
        return [.. Enumerable.Range(0, ranks.Length).Where(i => ranks[i] == 0)];
    }

    /// <summary>Whether a member of the front dominates <paramref name="i"/>, which follows all of them in lexicographic order.</summary>
    private static bool IsDominated(IReadOnlyList<double[]> losses, List<int> front, int i, int objectives)
    {
        if (objectives <= 2)
        {
            // The last is the least in the second loss. An equal one does not dominate; then none does.
            return Dominance.Dominates(losses[front[^1]], losses[i]);
        }

        for (var k = front.Count - 1; k >= 0; k--)
        {
            if (Dominance.Dominates(losses[front[k]], losses[i]))
            {
                return true;
            }
        }

        return false;
    }

    private static int Compare(double[] a, double[] b)
    {
        for (var m = 0; m < a.Length; m++)
        {
            var byLoss = a[m].CompareTo(b[m]);
            if (byLoss != 0)
            {
                return byLoss;
            }
        }

        return 0;
    }
}
