using System.Globalization;
using TuningCluster.Benchmarks.Contests;
using TuningCluster.Shared.Strategies;

namespace TuningCluster.Benchmarks.Sampling;

/// <summary>What a suggestion costs: an ask and a tell with so many finished trials, ours and Optuna's on the same core in turn.</summary>
internal sealed class SamplingSuite : ISuite
{
    public const string SuiteName = "sampling";

    private const int InARow = 20;
    private const int QuickAtMost = 1000;

    public string Name => SuiteName;

    public string Summary => "Milliseconds an ask+tell of every strategy at 100 to 5,000 trials, ten parameters, one core, against Optuna's.";

    public IReadOnlyList<string> Options { get; } = ["samplers"];

    public IReadOnlyList<Row> Run(bool quick, TextWriter progress) => Run(new Arguments(this, false, quick, new Dictionary<string, string>()), progress);

    public IReadOnlyList<Row> Run(Arguments arguments, TextWriter progress)
    {
        var cases = CasesOf(arguments);
        var (rounds, tries, seconds) = arguments.Quick ? (1, 1, 0.1) : (5, 10, 0.3);
        using var ours = Contestant.Ours(SuiteName, 1);
        var rows = new List<Row>();
        foreach (var one in cases)
        {
            using var rival = one.Rival is { } name ? Contestant.RivalOf($"Optuna {name}", "optuna_sampling.py", [name], 1, "optuna") : null;
            foreach (var (trials, goal) in one.Counts.Where(count => !arguments.Quick || count.Trials <= QuickAtMost))
            {
                var isRivalAsked = rival is not null && trials <= one.RivalAtMost;
                var question = new SamplingQuestion(one.Strategy, trials, InARow, one.IsOwnHistory, seconds);
                Turn[] turns = [Turn.Of(ours, question), .. isRivalAsked ? [Turn.Of(rival!, question)] : Array.Empty<Turn>()];
                var medians = Rounds.Medians(rounds, tries, progress, turns);
                var rivalMedian = isRivalAsked ? medians[1] : null;
                progress.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{one.Strategy} at {trials:N0}: ours {medians[0]:G3} ms{(rivalMedian is { } theirs ? $", {rival!.Name} {theirs:G3} ms" : "")}"));
                rows.Add(new Row(
                    Name, string.Create(CultureInfo.InvariantCulture, $"{one.Strategy}, {trials:N0} trials"), "ms", medians[0]!.Value, rivalMedian,
                    rival is null ? "none" : isRivalAsked || rival.IsMissing ? rival.Name : $"{rival.Name}: not asked above {one.RivalAtMost} trials", goal, GoalOf.Ours, Better.Lower,
                    rounds, Machine.Cpu, Machine.Today));
            }
        }

        return rows;
    }

    private static List<SamplingCase> CasesOf(Arguments arguments)
    {
        var known = SamplingCase.All.Where(one => StrategySettings.Table.Names.Contains(one.Strategy)).ToList();
        return !arguments.Options.TryGetValue("samplers", out var list) ? known
            : [.. list.Split(',').Select(name => known.FirstOrDefault(one => one.Strategy == name)
                ?? throw new UsageException($"There is no sampler '{name}' to measure: {string.Join(", ", known.Select(one => one.Strategy))}."))];
    }
}
