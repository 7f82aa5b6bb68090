namespace TuningCluster.Coordinator.Search.Pareto;

/// <summary>The volume that vectors of losses dominate below a reference point, exactly.</summary>
/// <remarks>
/// Two objectives: a sweep. More: by the last loss, best first, each vector adds what those before it do not dominate, and below its own last loss that is a volume in one dimension less: its own minus that of the
/// others moved into it (WFG, While et al. 2012, IEEE Trans. Evol. Comput. 16(1), with its slicing). Exponential in the objectives at worst; up to five or so are quick.
/// </remarks>
internal static class Hypervolume
{
    /// <param name="losses">To be minimized; shape [N][objectives]; finite. Those that are not better than the reference in every objective add nothing.</param>
    /// <param name="reference">Shape [objectives]; finite.</param>
    /// <returns>≥ 0; 0 without vectors.</returns>
    /// <exception cref="ArgumentException">Lengths differ, or a number is not finite.</exception>
    public static double Of(IReadOnlyList<double[]> losses, double[] reference)
    {
        if (Array.Exists(reference, r => !double.IsFinite(r)))
        {
            throw new ArgumentException($"A reference point must be finite: {string.Join(", ", reference)}.", nameof(reference));
        }

        var objectives = Dominance.Objectives(losses);
        if (objectives != 0 && objectives != reference.Length)
        {
            throw new ArgumentException($"The reference point has {reference.Length} objectives, the vectors have {objectives}.", nameof(reference));
        }

        var below = losses.Where(l => !l.Index().Any(x => x.Item >= reference[x.Index])).ToList();
        return below.Count == 0 ? 0 : Volume(below, reference, objectives);
    }

    /// <summary>Of the first <paramref name="objectives"/> coordinates.</summary>
    private static double Volume(List<double[]> points, double[] reference, int objectives)
    {
        if (objectives == 1)
        {
            return reference[0] - points.Min(p => p[0]);
        }

        if (objectives == 2)
        {
            return Area(points, reference);
        }

        var last = objectives - 1;
        points.Sort((a, b) => a[last].CompareTo(b[last]));
        var volume = 0.0;
        var before = new List<double[]>(points.Count);
        for (var i = 0; i < points.Count; i++)
        {
            var own = 1.0;
            for (var m = 0; m < last; m++)
            {
                own *= reference[m] - points[i][m];
            }

            before.Clear();
            for (var k = 0; k < i; k++)
            {
                AddWithin(before, points[k], points[i], last);
            }

            var covered = before.Count == 0 ? 0 : Volume([.. before], reference, last);
            volume += Math.Max(0, own - covered) * (reference[last] - points[i][last]);
        }

        return volume;
    }

    /// <summary>Adds a vector moved into what another dominates, unless it would add nothing; takes out those it makes superfluous.</summary>
    private static void AddWithin(List<double[]> into, double[] point, double[] other, int objectives)
    {
        var moved = new double[objectives];
        for (var m = 0; m < objectives; m++)
        {
            moved[m] = Math.Max(point[m], other[m]);
        }

        if (into.Exists(q => Dominance.Covers(q, moved)))
        {
            return;
        }

        into.RemoveAll(q => Dominance.Covers(moved, q));
        into.Add(moved);
    }

    private static double Area(List<double[]> points, double[] reference)
    {
        points.Sort((a, b) => a[0].CompareTo(b[0]) is var c && c != 0 ? c : a[1].CompareTo(b[1]));
        var (area, top) = (0.0, reference[1]);
        foreach (var point in points)
        {
            if (point[1] < top)
            {
                area += (reference[0] - point[0]) * (top - point[1]);
                top = point[1];
            }
        }

        return area;
    }
}
