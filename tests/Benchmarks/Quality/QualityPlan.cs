using TuningCluster.Shared.Strategies;

namespace TuningCluster.Benchmarks.Quality;

/// <summary>What a call of the suite measures.</summary>
/// <param name="Strategies">Of ours, as asked for: with settings in braces or without.</param>
/// <param name="Seeds">Studies of a strategy on a problem, at most.</param>
/// <param name="Trials">Of a study.</param>
/// <param name="Checkpoints">Trials after which regret is told, ascending.</param>
/// <param name="Pending">Trials at a time, ascending; what follows the first is compared with it.</param>
/// <param name="WithRivals">Whether the installed rival is asked.</param>
/// <param name="RivalCache">File that keeps rivals' studies; null for none.</param>
internal sealed record QualityPlan(
    IReadOnlyList<string> Strategies,
    IReadOnlyList<Problem> Problems,
    int Seeds,
    int Trials,
    IReadOnlyList<int> Checkpoints,
    IReadOnlyList<int> Pending,
    bool WithRivals,
    string? RivalCache)
{
    public static readonly IReadOnlyList<string> Options = ["samplers", "problems", "seeds", "trials", "pending", "rivals", "rival-cache"];

    private static readonly int[] Told = [50, 100, 200];

    /// <param name="arguments">Without options the whole suite is measured, with what pending trials cost; with one only what is asked for.</param>
    /// <param name="say">Is told what is missing.</param>
    /// <exception cref="UsageException">An option does not fit.</exception>
    public static QualityPlan Of(Arguments arguments, Action<string> say)
    {
        var strategies = StrategiesOf(arguments.Options.GetValueOrDefault("samplers"));
        var problems = ProblemsOf(arguments, say);
        var trials = arguments.Number("trials") ?? (arguments.Quick ? 50 : 200);
        var rivals = arguments.Options.GetValueOrDefault("rivals", "installed");
        return new QualityPlan(
            strategies,
            problems,
            arguments.Number("seeds") ?? (arguments.Quick ? 5 : 30),
            trials,
            [.. Told.Where(count => count < trials), trials],
            arguments.Numbers("pending") ?? (arguments.Options.Count == 0 ? [1, 8] : [1]),
            rivals is "none" or "installed" ? rivals == "installed" : throw new UsageException($"--rivals takes installed or none, not '{rivals}'."),
            arguments.Options.GetValueOrDefault("rival-cache"));
    }

    /// <summary>How many studies of each searcher a problem gets.</summary>
    public int SeedsOf(Problem problem) => Math.Min(Seeds, problem.MostSeeds ?? Seeds);

    private static IReadOnlyList<string> StrategiesOf(string? list)
    {
        // A grid of ranges without points is not defined, and none is asked how good it is.
        string[] known = [.. StrategySettings.Table.Names.Where(name => name != "grid")];
        IReadOnlyList<string> asked = list is null ? known : Split(list);
        return asked.FirstOrDefault(strategy => !known.Append(PlainAnnealer.Name).Contains(Kin.NameOf(strategy))) is { } unknown
            ? throw new UsageException($"There is no sampler '{unknown}': {string.Join(", ", known)} or {PlainAnnealer.Name}, each with settings in braces or without.")
            : asked;
    }

    private static IReadOnlyList<Problem> ProblemsOf(Arguments arguments, Action<string> say)
    {
        var all = Benchmarks.Quality.Problems.All(say);
        if (!arguments.Options.TryGetValue("problems", out var list))
        {
            return [.. all.Where(source => source.IsQuick || !arguments.Quick).Select(source => source.Load())];
        }

        return [.. list.Split(',').Select(name => (all.FirstOrDefault(source => source.Name == name)
            ?? throw new UsageException($"There is no problem '{name}': {string.Join(", ", all.Select(source => source.Name))}.")).Load())];
    }

    /// <summary>A comma within braces divides settings, not strategies.</summary>
    private static List<string> Split(string list)
    {
        var (names, depth, from) = (new List<string>(), 0, 0);
        for (var i = 0; i <= list.Length; i++)
        {
            if (i == list.Length || (list[i] == ',' && depth == 0))
            {
                names.Add(list[from..i].Trim());
                from = i + 1;
            }
            else
            {
                depth += list[i] == '{' ? 1 : list[i] == '}' ? -1 : 0;
            }
        }

        return names;
    }
}
