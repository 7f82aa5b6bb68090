using System.Globalization;

namespace TuningCluster.Benchmarks.Quality;

/// <summary>A strategy against one opponent on one problem after so many trials.</summary>
/// <param name="Strategy">Of ours.</param>
/// <param name="Ours">Its regrets, by seed.</param>
/// <param name="Theirs">The opponent's.</param>
/// <param name="Opponent">Its name in the row.</param>
/// <param name="Group">The opponents that are counted together at the table's end.</param>
internal sealed record Comparison(string Strategy, Problem Problem, int Trials, int Pending, double[] Ours, double[] Theirs, string Opponent, string Group)
{
    private const double Significance = 0.05;

    /// <summary>One-sided: whether one of the sides is the better one with p &lt; 0.05 by the test of Mann and Whitney.</summary>
    public Verdict Verdict => WorseByChance < Significance ? Verdict.Worse : BetterByChance < Significance ? Verdict.Better : Verdict.AsGood;

    // Regret is least at the best; a value without a known best goes by the problem's direction.
    private double WorseByChance => IsLowerBetter ? MannWhitney.ProbabilityOfGreater(Ours, Theirs) : MannWhitney.ProbabilityOfGreater(Theirs, Ours);

    private double BetterByChance => IsLowerBetter ? MannWhitney.ProbabilityOfGreater(Theirs, Ours) : MannWhitney.ProbabilityOfGreater(Ours, Theirs);

    private bool IsLowerBetter => Regret.IsLowerBetter(Problem);

    public string Note => string.Create(
        CultureInfo.InvariantCulture,
        $"{MedianInterval.Of(Ours)}, rival {MedianInterval.Of(Theirs)}, {Say(Verdict)} (p worse {WorseByChance:F3}, better {BetterByChance:F3})");

    private static string Say(Verdict verdict) => verdict switch
    {
        Verdict.Better => "better",
        Verdict.Worse => "WORSE",
        _ => "as good",
    };
}
