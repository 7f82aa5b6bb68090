using System.Globalization;

namespace TuningCluster.Benchmarks.Quality;

/// <summary>The rows of the suite.</summary>
internal static class QualityRows
{
    public const string SuiteName = "quality";

    /// <summary>A row without an opponent.</summary>
    /// <param name="why">Who is missing.</param>
    public static Row Alone(string strategy, Problem problem, int trials, int pending, double[] ours, string why) =>
        Of(strategy, problem, trials, pending, ours, null, why) with { Note = MedianInterval.Of(ours).ToString() };

    public static Row Of(Comparison c) => Of(c.Strategy, c.Problem, c.Trials, c.Pending, c.Ours, c.Theirs, c.Opponent) with { Note = c.Note };

    /// <summary>At the table's end: how often a strategy was significantly worse than a group of opponents, and how often better.</summary>
    /// <param name="comparisons">Those to count.</param>
    /// <param name="hasGoal">Whether a strategy is to reach its opponents.</param>
    public static IEnumerable<Row> Counts(IEnumerable<Comparison> comparisons, Func<string, bool> hasGoal)
    {
        foreach (var group in comparisons.GroupBy(c => (c.Strategy, c.Group, c.Pending)))
        {
            var (better, worse) = (group.Count(c => c.Verdict == Verdict.Better), group.Count(c => c.Verdict == Verdict.Worse));
            var count = group.Count();
            var mostly = Kin.IsToBeatMostly(group.Key.Strategy, group.Key.Group);
            double? goal = !hasGoal(group.Key.Strategy) ? null : mostly ? (count / 2) + 1 : 0;
            yield return new Row(
                SuiteName, $"{group.Key.Strategy} against {group.Key.Group}{Say(group.Key.Pending)}", mostly ? "cases better than rival" : "cases worse than rival",
                mostly ? better : worse, mostly ? worse : better, group.Key.Group, goal, GoalOf.Ours, mostly ? Better.Higher : Better.Lower, count, Machine.Cpu, Machine.Today)
            {
                Note = string.Create(CultureInfo.InvariantCulture, $"better {better}, not significantly different {count - better - worse}, significantly worse {worse} (one-sided p < 0.05; chance alone makes {0.05 * count:F1} of each)"),
            };
        }
    }

    /// <summary>The group of a strategy itself with fewer trials pending.</summary>
    public static string AtATime(int pending) => pending == 1 ? "one at a time" : string.Create(CultureInfo.InvariantCulture, $"{pending} at a time");

    private static Row Of(string strategy, Problem problem, int trials, int pending, double[] ours, double[]? theirs, string opponent)
    {
        var median = Median.Of(ours);
        if (!double.IsFinite(median))
        {
            throw new BenchmarkException($"{strategy} has no value to tell on {problem.Name} after {trials} trials.");
        }

        return new Row(
            SuiteName, $"{strategy} {problem.Name}, {trials} trials{Say(pending)}", problem.Unit, median, theirs is null ? null : Median.Of(theirs), opponent,
            null, GoalOf.Ratio, Regret.IsLowerBetter(problem) ? Better.Lower : Better.Higher, ours.Length, Machine.Cpu, Machine.Today);
    }

    private static string Say(int pending) => pending > 1 ? $", {pending} pending" : "";
}
