using System.Globalization;

namespace TuningCluster.Benchmarks.Quality;

/// <summary>Which of two sides is better, by the one-sided test of Mann and Whitney.</summary>
/// <param name="Ours">Values by seed.</param>
/// <param name="Theirs">The opponent's.</param>
/// <param name="IsLowerBetter">Of the values.</param>
internal sealed record Judgement(double[] Ours, double[] Theirs, bool IsLowerBetter)
{
    private const double Significance = 0.05;

    /// <summary>Whether one of the sides is the better one with p &lt; 0.05.</summary>
    public Verdict Verdict => WorseByChance < Significance ? Verdict.Worse : BetterByChance < Significance ? Verdict.Better : Verdict.AsGood;

    public string Note => string.Create(
        CultureInfo.InvariantCulture,
        $"{MedianInterval.Of(Ours)}, rival {MedianInterval.Of(Theirs)}, {Say(Verdict)} (p worse {WorseByChance:F3}, better {BetterByChance:F3})");

    private double WorseByChance => IsLowerBetter ? MannWhitney.ProbabilityOfGreater(Ours, Theirs) : MannWhitney.ProbabilityOfGreater(Theirs, Ours);

    private double BetterByChance => IsLowerBetter ? MannWhitney.ProbabilityOfGreater(Theirs, Ours) : MannWhitney.ProbabilityOfGreater(Ours, Theirs);

    private static string Say(Verdict verdict) => verdict switch
    {
        Verdict.Better => "better",
        Verdict.Worse => "WORSE",
        _ => "as good",
    };
}
