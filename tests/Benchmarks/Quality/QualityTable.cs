namespace TuningCluster.Benchmarks.Quality;

/// <summary>Sets every strategy of a plan against its opponents.</summary>
internal sealed class QualityTable(QualityPlan plan, QualityStudies studies, IReadOnlyList<RecordedOptuna.Figure> recorded)
{
    private int Pending => plan.Pending[0];

    /// <summary>A row for each problem, strategy, number of trials and opponent; then what pending trials cost; then the counts.</summary>
    public IReadOnlyList<Row> Rows()
    {
        var rows = new List<Row>();
        var comparisons = new List<Comparison>();
        foreach (var problem in plan.Problems)
        {
            foreach (var strategy in plan.Strategies)
            {
                foreach (var trials in plan.Checkpoints)
                {
                    var found = Opponents(strategy, problem, trials).ToList();
                    comparisons.AddRange(found);
                    rows.AddRange(found.Select(QualityRows.Of));
                    if (WhoIsMissing(strategy, problem) is { } missing)
                    {
                        rows.Add(QualityRows.Alone(strategy, problem, trials, Pending, Ours(strategy, problem, Pending, trials), missing));
                    }
                }
            }
        }

        var losses = Losses().ToList();
        return [.. rows, .. losses.Select(QualityRows.Of), .. QualityRows.Counts(comparisons, Kin.IsToReach), .. QualityRows.Counts(losses, _ => false)];
    }

    private IEnumerable<Comparison> Opponents(string strategy, Problem problem, int trials)
    {
        if (Best(Kin.InOptuna(strategy, Pending).Where(s => HasRival(s, problem)).Select(s => (s, Rivals(s, problem, trials))), problem) is { } rival)
        {
            var note = studies.IsFromCache(rival.Name, problem) ? ", from the cache" : "";
            yield return Against(rival.Values, $"{studies.RivalName} {rival.Name}{note}", studies.RivalName);
        }

        if (Pending == 1 && Recorded(strategy, problem, trials) is { } old)
        {
            yield return Against(old.Values, $"{old.Name}, recorded", old.Name.Split(' ')[0] + " " + old.Name.Split(' ')[1] + ", recorded");
        }

        foreach (var own in Kin.AmongOurs(strategy))
        {
            yield return Against(Ours(own, problem, Pending, trials), Kin.OfOurs(own), Kin.OfOurs(own));
        }

        if (Kin.IsChooser(strategy)
            && Best(plan.Strategies.Where(s => !Kin.IsChooser(s)).Select(s => (s, Ours(s, problem, Pending, trials))), problem) is { } best)
        {
            yield return Against(best.Values, Kin.OfOurs(best.Name), "the best of ours");
        }

        Comparison Against(double[] theirs, string opponent, string group) =>
            new(strategy, problem, trials, Pending, Ours(strategy, problem, Pending, trials), theirs, opponent, group);
    }

    /// <summary>Strategies that learn with more trials pending against themselves with the fewest.</summary>
    private IEnumerable<Comparison> Losses() =>
        from pending in plan.Pending.Skip(1)
        from problem in plan.Problems
        from strategy in plan.Strategies
        where studies.Ours.Has(strategy, problem, plan.SeedsOf(problem), pending)
        select new Comparison(
            strategy, problem, plan.Trials, pending, Ours(strategy, problem, pending, plan.Trials), Ours(strategy, problem, Pending, plan.Trials),
            $"{strategy}, {QualityRows.AtATime(Pending)}", QualityRows.AtATime(Pending));

    /// <summary>Whom a row without a rival names; null when the rival of its kind is there.</summary>
    private string? WhoIsMissing(string strategy, Problem problem)
    {
        var kin = Kin.InOptuna(strategy, Pending);
        return kin.Count == 0 ? (Kin.AmongOurs(strategy).Count > 0 || Kin.IsChooser(strategy) ? null : "none")
            : kin.Any(sampler => HasRival(sampler, problem)) ? null
            : plan.WithRivals ? $"{studies.RivalName} {kin[0]} missing" : "none asked for";
    }

    private (string Name, double[] Values)? Recorded(string strategy, Problem problem, int trials) => Best(
        Kin.InRecords(strategy)
            .Select(sampler => recorded.Where(f => f.Problem == problem.Name && f.Sampler == sampler && f.Trials == trials).ToList())
            .Where(figures => figures.Count > 0)
            .Select(figures => ($"Optuna {figures[0].Version} {figures[0].Sampler}", figures.Select(f => studies.Ours.RegretOf(problem, 0).Of(f.Best)).ToArray())),
        problem);

    /// <summary>The one with the best median; the first of equals. Null of none.</summary>
    private static (string Name, double[] Values)? Best(IEnumerable<(string Name, double[] Values)> sides, Problem problem)
    {
        var all = sides.ToList();
        return all.Count == 0 ? null
            : Regret.IsLowerBetter(problem) ? all.MinBy(side => Median.Of(side.Values))
            : all.MaxBy(side => Median.Of(side.Values));
    }

    private double[] Ours(string strategy, Problem problem, int pending, int trials) => studies.Ours.Regrets(strategy, problem, plan.SeedsOf(problem), pending, trials);

    private double[] Rivals(string sampler, Problem problem, int trials) => studies.Rivals.Regrets(sampler, problem, plan.SeedsOf(problem), Pending, trials);

    private bool HasRival(string sampler, Problem problem) => studies.Rivals.Has(sampler, problem, plan.SeedsOf(problem), Pending);
}
