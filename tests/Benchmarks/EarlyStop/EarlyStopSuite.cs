using System.Diagnostics;
using System.Globalization;
using TuningCluster.Benchmarks.Quality;

namespace TuningCluster.Benchmarks.EarlyStop;

/// <summary>Regret by curve points of every rule of early stopping on TaskSet's learning curves, beside Optuna's pruners.</summary>
internal sealed class EarlyStopSuite : ISuite
{
    private const string Folder = "taskset";

    private static readonly int[] Budgets = [510, 1020, 2040];

    public string Name => "earlystop";

    public string Summary => "Regret after 510, 1,020 and 2,040 points of learning curves with every rule of early stopping, against Optuna's pruners.";

    public IReadOnlyList<string> Options { get; } = ["rules", "seeds"];

    public IReadOnlyList<Row> Run(bool quick, TextWriter progress) => Run(new Arguments(this, false, quick, new Dictionary<string, string>()), progress);

    public IReadOnlyList<Row> Run(Arguments arguments, TextWriter progress)
    {
        var rules = RulesOf(arguments.Options.GetValueOrDefault("rules"));
        var seeds = arguments.Number("seeds") ?? (arguments.Quick ? 10 : 30);
        var tables = Environment.GetEnvironmentVariable(Problems.TablesVariable) is { Length: > 0 } root ? Path.Combine(root, Folder) : "";
        var files = CurveTable.FilesIn(tables);
        if (files.Count == 0)
        {
            throw new BenchmarkException($"{Problems.TablesVariable} names no folder with {Folder}/*.valid.csv.gz: the learning curves are missing.");
        }

        var recorded = RecordedPruners.Read(tables);
        using var rival = PruningRival.Start();
        var rows = new List<Row>();
        var verdicts = new List<(StoppingRule Rule, Verdict Verdict)>();
        foreach (var table in files.Take(arguments.Quick ? 1 : files.Count).Select(CurveTable.Load))
        {
            foreach (var rule in rules)
            {
                var started = Stopwatch.GetTimestamp();
                var ours = Enumerable.Range(0, seeds).AsParallel().AsOrdered().WithDegreeOfParallelism(2).Select(seed => EngineStudy.Run(rule, table, seed, Budgets[^1])).ToArray();
                // Optuna's pruners are asked with random draws; a strategy that learns has no live rival here.
                var theirs = rule is { Pruner: { } pruner, Learns: false } && !rival.IsMissing
                    ? Enumerable.Range(0, seeds).Select(seed => rival.Run(pruner, table, seed, Budgets[^1])).ToArray()
                    : null;
                progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rule.Name}, {table.Name}: {seeds} studies, {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s"));
                foreach (var points in Budgets)
                {
                    var regrets = At(table, ours, points);
                    var judged = theirs is null ? null : new Judgement(regrets, At(table, theirs, points), IsLowerBetter: true);
                    rows.Add(Row(rule, table, $"{points:N0} points", "normalized regret", Median.Of(regrets), judged is null ? null : Median.Of(judged.Theirs), NameOf(rule, rival), null, seeds)
                        with { Note = judged?.Note ?? MedianInterval.Of(regrets).ToString() });
                    if (judged is not null)
                    {
                        verdicts.Add((rule, judged.Verdict));
                    }

                    if (recorded.FirstOrDefault(f => f.Task == table.Name && f.Method == rule.Recorded && f.Points == points) is { } old)
                    {
                        rows.Add(Row(rule, table, $"{points:N0} points", "normalized regret", Median.Of(regrets), old.Median, old.Name, null, seeds));
                    }
                }

                if (theirs is not null)
                {
                    rows.Add(Reach(rule, table, ours, theirs, rival, seeds));
                }
            }
        }

        return [.. rows, .. verdicts.GroupBy(v => v.Rule).Select(group => Count(group.Key, [.. group.Select(v => v.Verdict)], rival))];
    }

    private static List<StoppingRule> RulesOf(string? list) => list is null ? [.. StoppingRule.All]
        : [.. list.Split(',').Select(name => StoppingRule.All.FirstOrDefault(rule => rule.Name == name)
            ?? throw new UsageException($"There is no rule '{name}': {string.Join(", ", StoppingRule.All.Select(rule => rule.Name))}."))];

    private static double[] At(CurveTable table, double[][] curves, int points) => [.. curves.Select(curve => table.RegretOf(curve[points - 1]))];

    private static string NameOf(StoppingRule rule, PruningRival rival) => rule.Pruner is null ? "none"
        : rule.Learns ? $"{rule.Pruner} with {rule.Strategy}: not asked" : rival.IsMissing ? rival.Name : $"{rival.Name} {rule.Pruner}";

    private Row Row(StoppingRule rule, CurveTable table, string what, string unit, double ours, double? theirs, string rival, double? goal, int seeds) =>
        new(Name, $"{rule.Name} {table.Name}, {what}", unit, ours, theirs, rival, goal, GoalOf.Ratio, Better.Lower, seeds, Machine.Cpu, Machine.Today);

    /// <summary>Curve points until the mean regret is what the rival's is after half of the budget.</summary>
    private Row Reach(StoppingRule rule, CurveTable table, double[][] ours, double[][] theirs, PruningRival rival, int seeds)
    {
        var aim = At(table, theirs, Budgets[1]).Average();
        var (mine, its) = (Points(ours), Points(theirs));
        return Row(rule, table, string.Create(CultureInfo.InvariantCulture, $"to mean regret {aim:G3}"), "curve points", mine ?? Budgets[^1], its, NameOf(rule, rival), rule.IsToReach ? 1 : null, seeds)
            with { Note = mine is null ? "not reached within the budget" : null };

        int? Points(double[][] curves) => Enumerable.Range(1, Budgets[^1]).Where(points => At(table, curves, points).Average() <= aim).Select(points => (int?)points).FirstOrDefault();
    }

    private Row Count(StoppingRule rule, Verdict[] verdicts, PruningRival rival)
    {
        var (better, worse) = (verdicts.Count(v => v == Verdict.Better), verdicts.Count(v => v == Verdict.Worse));
        return new Row(
            Name, $"{rule.Name} against {NameOf(rule, rival)}", "cases worse than rival", worse, better, NameOf(rule, rival), rule.IsToReach ? 0 : null, GoalOf.Ours, Better.Lower,
            verdicts.Length, Machine.Cpu, Machine.Today)
        {
            Note = $"better {better}, not significantly different {verdicts.Length - better - worse}, significantly worse {worse} (one-sided p < 0.05)",
        };
    }
}
