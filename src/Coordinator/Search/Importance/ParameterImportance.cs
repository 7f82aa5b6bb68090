using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Coordinator.Search.Tpe;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search.Importance;

/// <summary>What a parameter has to do with how good a trial is.</summary>
/// <param name="Parameter">Its name.</param>
/// <param name="Overall">Share of what tells the best tenth of the trials from all of them; all shares sum to 1. NaN when there are too few trials.</param>
/// <param name="AmongBest">Share of what tells the best from the best quarter: what is left to tune there. NaN when there are too few trials.</param>
public sealed record ParameterShare(string Parameter, double Overall, double AmongBest);

/// <summary>Importance of the parameters by PED-ANOVA (Watanabe et al. 2023, arXiv:2304.10255): for each parameter the Pearson divergence of the density of the good trials'
/// values from that of the trials they are among.</summary>
/// <remarks>Complete, pruned and diverged trials count, in that order. Only their order matters, not their values: a monotone transform of the objective changes nothing. A parameter with
/// conditions is judged by the trials in which it is active, and weighs as much as its share of the trials.</remarks>
public static class ParameterImportance
{
    /// <summary>Share of the trials that are good.</summary>
    public const double Good = 0.1;

    /// <summary>Share of the trials that are looked at for <see cref="ParameterShare.AmongBest"/>.</summary>
    public const double Best = 0.25;

    /// <summary>Trials that a density needs at least: below, what one sees is chance.</summary>
    public const int Least = 4;

    private const int Cells = 64;

    /// <summary>Every parameter's share, the most important first.</summary>
    /// <param name="space">The search space.</param>
    /// <param name="history">The study.</param>
    public static IReadOnlyList<ParameterShare> Of(SearchSpace space, StudyHistory history)
    {
        var observations = new Observations(new EncodedSpace(space));
        observations.Update(history with { Prior = [] });
        var ranked = observations.Items.Where(o => !double.IsNaN(o.Loss)).Order(ByRank.Instance).ToList();
        var overall = Shares(observations.Space, ranked, Good);
        // What cannot be said of all cannot be said of a part.
        var amongBest = overall.Length > 0 && double.IsNaN(overall[0]) ? overall : Shares(observations.Space, [.. ranked.Take((int)Math.Ceiling(Best * ranked.Count))], Good / Best);
        return [.. Enumerable.Range(0, space.Parameters.Count)
            .Select(d => new ParameterShare(observations.Space.Dimensions[d].Parameter.Name, overall[d], amongBest[d]))
            .OrderByDescending(s => s.Overall).ThenBy(s => s.Parameter, StringComparer.Ordinal)];
    }

    private static double[] Shares(EncodedSpace space, List<Observation> ranked, double good)
    {
        var count = (int)Math.Ceiling(good * ranked.Count);
        var shares = new double[space.Count];
        if (count < Least)
        {
            Array.Fill(shares, double.NaN);
            return shares;
        }

        for (var d = 0; d < shares.Length; d++)
        {
            double[] all = [.. ranked.Select(o => o.Point[d]).Where(u => !double.IsNaN(u))];
            double[] best = [.. ranked.Take(count).Select(o => o.Point[d]).Where(u => !double.IsNaN(u))];
            shares[d] = best.Length == 0 ? 0 : Divergence(space.Dimensions[d], best, all) * all.Length / ranked.Count;
        }

        var sum = shares.Sum();
        return sum > 0 ? [.. shares.Select(s => s / sum)] : shares;
    }

    /// <summary>Σ p_all·(p_best / p_all − 1)² over cells (eq. 11).</summary>
    private static double Divergence(Dimension dimension, double[] best, double[] all)
    {
        var (good, whole) = (Density(dimension, best), Density(dimension, all));
        var (sum, goodMass, wholeMass) = (0.0, 0.0, 0.0);
        var cells = ParzenDensity.IsNumber(dimension) ? Cells : (int)dimension.Count;
        var (p, q) = (new double[cells], new double[cells]);
        for (var i = 0; i < cells; i++)
        {
            var (low, high) = ParzenDensity.IsNumber(dimension) ? ((double)i / cells, (i + 1.0) / cells) : dimension.Cell(i);
            double[] centre = [0.5 * (low + high)];
            goodMass += p[i] = Math.Exp(good.LogDensity(centre));
            wholeMass += q[i] = Math.Exp(whole.LogDensity(centre));
        }

        for (var i = 0; i < cells; i++)
        {
            var (own, others) = (p[i] / goodMass, q[i] / wholeMass);
            sum += others * ((own / others) - 1) * ((own / others) - 1);
        }

        return sum;
    }

    private static ParzenDensity Density(Dimension dimension, double[] units)
    {
        var mean = units.Average();
        var deviation = Math.Sqrt(units.Average(u => (u - mean) * (u - mean)));
        var density = new ParzenDensity([dimension], [Bandwidth.Scott(isNumber: false, deviation, units.Length, 1)], units.Length);
        foreach (var u in units)
        {
            density.Add([u], 1);
        }

        return density;
    }
}
