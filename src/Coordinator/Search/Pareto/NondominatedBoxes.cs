namespace TuningCluster.Coordinator.Search.Pareto;

/// <summary>The part of the space of losses that lies below a reference point and that no vector of a front dominates, cut into boxes that do not overlap.</summary>
/// <remarks>
/// Two objectives: a strip between every two neighbours. More: the region is what lies below the front's local upper bounds, and the volume below these is cut by the local bounds of theirs, a box each (Lacour, Klamroth and
/// Fonseca 2017, Comput. Oper. Res. 79, algorithm 2 and equation 5; Klamroth, Lacour and Vanderpooten 2015). Their theorems need that no two vectors share a coordinate. So the work is done on ranks, ties broken by index,
/// which is the limit of a small perturbation: boxes without volume fall out.
/// </remarks>
internal sealed class NondominatedBoxes
{
    private NondominatedBoxes(double[][] lower, double[][] upper) => (Lower, Upper) = (lower, upper);

    /// <summary>The corner of least losses of each box; −∞ where it is not bounded. Shape [boxes][objectives].</summary>
    public double[][] Lower { get; }

    /// <summary>The other corner, finite. Shape of <see cref="Lower"/>.</summary>
    public double[][] Upper { get; }

    public int Count => Lower.Length;

    /// <param name="losses">To be minimized; shape [N][objectives]; finite; dominated and equal vectors, and those beyond the reference, change nothing. N may be 0.</param>
    /// <param name="reference">Shape [objectives]; finite.</param>
    /// <exception cref="ArgumentException">Lengths differ, or a number is not finite.</exception>
    public static NondominatedBoxes Of(IReadOnlyList<double[]> losses, double[] reference)
    {
        if (reference.Length == 0 || Array.Exists(reference, r => !double.IsFinite(r)))
        {
            throw new ArgumentException($"A reference point must be finite: {string.Join(", ", reference)}.", nameof(reference));
        }

        var objectives = Dominance.Objectives(losses);
        if (objectives != 0 && objectives != reference.Length)
        {
            throw new ArgumentException($"The reference point has {reference.Length} objectives, the vectors have {objectives}.", nameof(reference));
        }

        var front = NondominatedSort.Front(losses).Select(i => losses[i]).Where(l => !l.Index().Any(x => x.Item >= reference[x.Index])).ToArray();
        return reference.Length switch
        {
            1 => new([[double.NegativeInfinity]], [[front.Length == 0 ? reference[0] : front.Min(l => l[0])]]),
            2 => Strips(front, reference),
            _ => Cut(front, reference),
        };
    }

    private static NondominatedBoxes Strips(double[][] front, double[] reference)
    {
        Array.Sort(front, (a, b) => a[0].CompareTo(b[0]));
        var (lower, upper) = (new List<double[]>(front.Length + 1), new List<double[]>(front.Length + 1));
        var (from, top) = (double.NegativeInfinity, reference[1]);
        foreach (var point in front)
        {
            if (point[0] > from)
            {
                lower.Add([from, double.NegativeInfinity]);
                upper.Add([point[0], top]);
            }

            (from, top) = (point[0], point[1]);
        }

        lower.Add([from, double.NegativeInfinity]);
        upper.Add([reference[0], top]);
        return new([.. lower], [.. upper]);
    }

    private static NondominatedBoxes Cut(double[][] front, double[] reference)
    {
        var objectives = reference.Length;
        // What lies below the front's local upper bounds …
        var bounds = LocalBounds.Of(front, reference);
        // … is, seen from the other side, what these dominate: the upside-down bounds' own local bounds cut it.
        double[][] upsideDown = [.. bounds.Select(b => b.Corner.Select(c => -c).ToArray())];
        double[] endless = [.. Enumerable.Repeat(double.PositiveInfinity, objectives)];
        var (lower, upper) = (new List<double[]>(), new List<double[]>());
        foreach (var bound in LocalBounds.Of(upsideDown, endless))
        {
            var (low, high) = (new double[objectives], new double[objectives]);
            var isEmpty = false;
            for (var m = 0; m < objectives; m++)
            {
                // In the upside-down space from the greatest coordinate of the bound's first m defining vectors to its own; the first to the end.
                var (from, to) = m == 0 ? (bound.Corner[0], double.PositiveInfinity) : (double.NegativeInfinity, bound.Corner[m]);
                for (var k = 0; k < m; k++)
                {
                    from = Math.Max(from, bound.Defining[k] < 0 ? double.NegativeInfinity : upsideDown[bound.Defining[k]][m]);
                }

                isEmpty |= !(from < to);
                (low[m], high[m]) = (-to, -from);
            }

            if (!isEmpty)
            {
                lower.Add(low);
                upper.Add(high);
            }
        }

        return new([.. lower], [.. upper]);
    }
}
