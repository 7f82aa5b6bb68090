namespace TuningCluster.Coordinator.Search.Pareto;

/// <summary>A local upper bound of a set of vectors: a greatest corner below which none of them lies.</summary>
/// <param name="Corner">Shape [objectives].</param>
/// <param name="Defining">For each objective the index of the vector that gives the corner its coordinate; −1 for the reference point.</param>
internal sealed record LocalBound(double[] Corner, int[] Defining);

/// <summary>The local upper bounds of a set of vectors, found by adding one vector after another (Klamroth, Lacour and Vanderpooten 2015, Eur. J. Oper. Res. 245(3), algorithm 3).</summary>
internal static class LocalBounds
{
    /// <param name="vectors">To be minimized; shape [N][objectives]; all below the reference.</param>
    /// <param name="reference">Shape [objectives]; may be +∞.</param>
    /// <returns>The bounds of the vectors with ties in a coordinate broken by index: of those that ties make redundant some remain.</returns>
    public static List<LocalBound> Of(double[][] vectors, double[] reference)
    {
        var (n, objectives) = (vectors.Length, reference.Length);
        var ranks = new int[objectives][];
        for (var m = 0; m < objectives; m++)
        {
            var objective = m;
            int[] order = [.. Enumerable.Range(0, n)];
            Array.Sort(order, (a, b) => vectors[a][objective].CompareTo(vectors[b][objective]) is var c && c != 0 ? c : a.CompareTo(b));
            ranks[m] = new int[n];
            for (var k = 0; k < n; k++)
            {
                ranks[m][order[k]] = k;
            }
        }

        // A bound is its defining vectors: its coordinate m is the rank of the m-th, n for the reference point.
        int[] first = [.. Enumerable.Repeat(-1, objectives)];
        List<int[]> bounds = [first], kept = [];
        for (var i = 0; i < n; i++)
        {
            kept.Clear();
            foreach (var bound in bounds)
            {
                if (!IsBelow(ranks, i, bound))
                {
                    kept.Add(bound);
                    continue;
                }

                for (var m = 0; m < objectives; m++)
                {
                    if (IsAbove(ranks[m], i, bound, m))
                    {
                        var next = (int[])bound.Clone();
                        next[m] = i;
                        kept.Add(next);
                    }
                }
            }

            (bounds, kept) = (kept, bounds);
        }

        return [.. bounds.Select(b => new LocalBound([.. b.Index().Select(x => x.Item < 0 ? reference[x.Index] : vectors[x.Item][x.Index])], b))];
    }

    private static bool IsBelow(int[][] ranks, int vector, int[] bound)
    {
        for (var m = 0; m < bound.Length; m++)
        {
            if (bound[m] >= 0 && ranks[m][vector] >= ranks[m][bound[m]])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the vector's coordinate is above those of the bound's other defining vectors, so that it may replace the one of this objective.</summary>
    private static bool IsAbove(int[] ranks, int vector, int[] bound, int objective)
    {
        for (var k = 0; k < bound.Length; k++)
        {
            if (k != objective && bound[k] >= 0 && ranks[bound[k]] > ranks[vector])
            {
                return false;
            }
        }

        return true;
    }
}
