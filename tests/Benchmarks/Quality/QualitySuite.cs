using System.Collections.Concurrent;
using System.Globalization;
using TuningCluster.Shared.Strategies;

namespace TuningCluster.Benchmarks.Quality;

/// <summary>Best value by trials of every strategy on problems whose best is known, beside the same kind of sampler of Optuna.</summary>
internal sealed class QualitySuite : ISuite
{
    private static readonly int[] Checkpoints = [50, 100, 200];

    /// <summary>Optuna's samplers of the kind of each of ours; the better one counts.</summary>
    private static readonly Dictionary<string, string[]> Kin = new(StringComparer.Ordinal)
    {
        ["random"] = ["random"],
        ["quasirandom"] = ["random"],
        ["tpe"] = ["tpe", "tpe_multivariate"],
        ["cmaes"] = ["cmaes"],
        ["bayesian"] = ["gp"],
    };

    /// <summary>What recorded tables call Optuna's samplers.</summary>
    private static readonly Dictionary<string, string[]> RecordedKin = new(StringComparer.Ordinal)
    {
        ["random"] = ["random"],
        ["quasirandom"] = ["random"],
        ["tpe"] = ["tpe", "tpe_mv", "tpe_uni"],
        ["cmaes"] = ["cmaes"],
        ["bayesian"] = ["gp"],
    };

    public string Name => "quality";

    public string Summary => "Best value after 50, 100 and 200 trials of every strategy, as normalized regret, against Optuna's.";

    public IReadOnlyList<string> Options { get; } = ["samplers", "problems", "seeds", "trials", "pending", "rivals"];

    public IReadOnlyList<Row> Run(bool quick, TextWriter progress) => Run(new Arguments(this, false, quick, new Dictionary<string, string>()), progress);

    public IReadOnlyList<Row> Run(Arguments arguments, TextWriter progress)
    {
        var problems = Problems.All(progress.WriteLine).Where(p => arguments.Lists("problems", p.Name) ?? (!arguments.Quick || p.Name is "branin" or "hartmann6-moved")).ToList();
        var strategies = arguments.Options.TryGetValue("samplers", out var named) ? Split(named) : [.. StrategySettings.Table.Names.Where(n => n != "grid")];
        var seeds = arguments.Number("seeds") ?? (arguments.Quick ? 5 : 30);
        var trials = arguments.Number("trials") ?? (arguments.Quick ? 50 : 200);
        var pending = arguments.Number("pending") ?? 1;
        var checkpoints = Checkpoints.Where(c => c <= trials).DefaultIfEmpty(trials).ToArray();
        var withRivals = arguments.Options.GetValueOrDefault("rivals") != "none";
        string[] reference = strategies.Contains("metropolis") ? ["random", "annealer"] : [];

        var ours = new ConcurrentDictionary<(string Strategy, string Problem, int Seed), double[]>();
        var regrets = new ConcurrentDictionary<(string Problem, int Seed), Regret>();
        var jobs = problems.SelectMany(p => Enumerable.Range(0, seeds).SelectMany(seed => strategies.Union(reference).Select(s => (Problem: p, Seed: seed, Strategy: s)))).ToList();
        Parallel.ForEach(Partitioner.Create(jobs, EnumerablePartitionerOptions.NoBuffering), new ParallelOptions { MaxDegreeOfParallelism = 2 }, job =>
        {
            regrets.GetOrAdd((job.Problem.Name, job.Seed), _ => new Regret(job.Problem, job.Seed));
            ours[(job.Strategy, job.Problem.Name, job.Seed)] = SimulatedStudy.Run(job.Strategy, job.Problem, job.Seed, trials, pending);
        });
        progress.WriteLine($"ours: {jobs.Count} studies");
        var recorded = RecordedOptuna.Read(progress.WriteLine);
        var rivals = withRivals ? RunRivals(problems, strategies, seeds, trials, progress, out var rivalName) : Nothing(out rivalName);

        var rows = new List<Row>();
        foreach (var problem in problems)
        {
            foreach (var strategy in strategies)
            {
                foreach (var count in checkpoints)
                {
                    var mine = Ours(strategy);
                    rows.Add(Row(strategy, problem.Name, count, mine, Rival(strategy, problem, count), seeds, pending));
                    if (Recorded(strategy, problem, count) is { } old)
                    {
                        rows.Add(Row(strategy, problem.Name, count, mine, old, seeds, pending));
                    }

                    if (strategy == "metropolis")
                    {
                        rows.AddRange(reference.Select(r => Row(strategy, problem.Name, count, mine, (Ours(r), r + ", ours"), seeds, pending)));
                    }

                    double[] Ours(string name) =>
                        [.. Enumerable.Range(0, seeds).Select(seed => regrets[(problem.Name, seed)].Of(ours[(name, problem.Name, seed)][count - 1]))];
                }
            }
        }

        return rows;

        (double[] Regrets, string Name) Rival(string strategy, Problem problem, int count)
        {
            var kin = Kin.GetValueOrDefault(strategy.Split('{')[0], []);
            var found = kin.Where(k => rivals.ContainsKey((k, problem.Name, 0)))
                .Select(k => (Regrets: Enumerable.Range(0, seeds).Select(seed => regrets[(problem.Name, seed)].Of(rivals[(k, problem.Name, seed)][count - 1])).ToArray(), Name: $"{rivalName} {k}"))
                .OrderBy(r => Median.Of(r.Regrets)).ToList();
            return found.Count > 0 ? found[0] : ([], kin.Length == 0 ? "none" : $"{rivalName} {kin[0]} missing");
        }

        (double[] Regrets, string Name)? Recorded(string strategy, Problem problem, int count)
        {
            var found = RecordedKin.GetValueOrDefault(strategy.Split('{')[0], [])
                .Select(k => recorded.Where(f => f.Problem == problem.Name && f.Sampler == k && f.Trials == count).ToList())
                .Where(figures => figures.Count > 0)
                .Select(figures => (figures.Select(f => regrets[(problem.Name, 0)].Of(f.Best)).ToArray(), $"Optuna {figures[0].Version} {figures[0].Sampler}, recorded"))
                .OrderBy(r => Median.Of(r.Item1)).ToList();
            return found.Count > 0 ? found[0] : null;
        }
    }

    private static List<string> Split(string list)
    {
        // A comma within braces divides settings, not strategies.
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

    private static ConcurrentDictionary<(string Sampler, string Problem, int Seed), double[]> Nothing(out string name)
    {
        name = "rivals not asked for:";
        return [];
    }

    private static ConcurrentDictionary<(string Sampler, string Problem, int Seed), double[]> RunRivals(
        List<Problem> problems, List<string> strategies, int seeds, int trials, TextWriter progress, out string name)
    {
        var results = new ConcurrentDictionary<(string, string, int), double[]>();
        using var first = OptunaRival.Start();
        using var second = OptunaRival.Start();
        name = first.Name;
        var samplers = strategies.SelectMany(s => Kin.GetValueOrDefault(s.Split('{')[0], [])).Distinct().Where(first.Samplers.Contains).ToList();
        var jobs = new ConcurrentQueue<(Problem Problem, int Seed, string Sampler)>(
            problems.SelectMany(p => samplers.SelectMany(s => Enumerable.Range(0, seeds).Select(seed => (p, seed, s)))));
        progress.WriteLine($"{name}: {jobs.Count} studies …");
        Parallel.ForEach([first, second], rival =>
        {
            while (jobs.TryDequeue(out var job))
            {
                results[(job.Sampler, job.Problem.Name, job.Seed)] = rival.Run(job.Sampler, job.Problem, job.Seed, trials);
            }
        });
        return results;
    }

    private Row Row(string strategy, string problem, int count, double[] ours, (double[] Regrets, string Name) rival, int seeds, int pending)
    {
        var note = $"95 % {Interval(ours)}";
        if (rival.Regrets.Length > 0)
        {
            var worse = MannWhitney.ProbabilityOfGreater(ours, rival.Regrets);
            var better = MannWhitney.ProbabilityOfGreater(rival.Regrets, ours);
            note += string.Create(CultureInfo.InvariantCulture, $", rival {Interval(rival.Regrets)}, {(worse < 0.05 ? "WORSE" : better < 0.05 ? "better" : "as good")} (p worse {worse:F3}, better {better:F3})");
        }

        return new Row(
            Name, $"{strategy} {problem}, {count} trials{(pending > 1 ? $", {pending} pending" : "")}", "normalized regret", Median.Of(ours),
            rival.Regrets.Length > 0 ? Median.Of(rival.Regrets) : null, rival.Name, null, GoalOf.Ratio, Better.Lower, seeds, Machine.Cpu, Machine.Today)
        {
            Note = note,
        };
    }

    /// <summary>The median's 95 % interval by order statistics.</summary>
    private static string Interval(double[] values)
    {
        var sorted = values.Order().ToArray();
        var half = 0.98 * Math.Sqrt(sorted.Length);
        var low = sorted[Math.Max(0, (int)Math.Floor((sorted.Length / 2.0) - half))];
        var high = sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling((sorted.Length / 2.0) + half))];
        return string.Create(CultureInfo.InvariantCulture, $"[{low:G3}, {high:G3}]");
    }
}
