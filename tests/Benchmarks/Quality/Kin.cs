namespace TuningCluster.Benchmarks.Quality;

/// <summary>Whom a strategy of ours is compared with.</summary>
internal static class Kin
{
    private static readonly Dictionary<string, string[]> Installed = new(StringComparer.Ordinal)
    {
        ["random"] = ["random"],
        ["quasirandom"] = ["random"],
        ["tpe"] = ["tpe", "tpe_multivariate"],
        ["cmaes"] = ["cmaes"],
        ["bayesian"] = ["gp"],
    };

    private static readonly Dictionary<string, string[]> Recorded = new(StringComparer.Ordinal)
    {
        ["random"] = ["random"],
        ["quasirandom"] = ["random"],
        ["tpe"] = ["tpe", "tpe_mv", "tpe_uni"],
        ["cmaes"] = ["cmaes"],
        ["bayesian"] = ["gp"],
    };

    /// <summary>The strategy's name without its settings.</summary>
    public static string NameOf(string strategy) => strategy.Split('{')[0];

    /// <summary>Optuna's samplers of the same kind, by their names in its script; the best of them counts.</summary>
    public static IReadOnlyList<string> InOptuna(string strategy, int pending) => Installed.GetValueOrDefault(NameOf(strategy), []) switch
    {
        // With trials pending its users are told to say so.
        ["tpe", ..] when pending > 1 => ["tpe", "tpe_multivariate", "tpe_liar"],
        var samplers => samplers,
    };

    /// <summary>The same in the table of recorded runs.</summary>
    public static IReadOnlyList<string> InRecords(string strategy) => Recorded.GetValueOrDefault(NameOf(strategy), []);

    /// <summary>Searchers of ours it is to be better than, beside or instead of a rival's.</summary>
    public static IReadOnlyList<string> AmongOurs(string strategy) => NameOf(strategy) == "metropolis" ? ["random", PlainAnnealer.Name] : [];

    /// <summary>Whether it is to be as good as the best of our other strategies: it chooses among them.</summary>
    public static bool IsChooser(string strategy) => NameOf(strategy) == "auto";

    /// <summary>Whether it is to be better than a group of opponents in most cases; worse in some it may be.</summary>
    public static bool IsToBeatMostly(string strategy, string group) => NameOf(strategy) == "metropolis" && group == OfOurs(PlainAnnealer.Name);

    /// <summary>What a searcher of ours is called as an opponent.</summary>
    public static string OfOurs(string searcher) => $"{searcher}, ours";

    /// <summary>Whether it is never to be significantly worse than its opponents. Draws that do not learn are so by chance now and then.</summary>
    public static bool IsToReach(string strategy) => NameOf(strategy) is not ("random" or "quasirandom" or PlainAnnealer.Name);
}
