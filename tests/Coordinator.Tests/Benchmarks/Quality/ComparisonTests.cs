using TuningCluster.Benchmarks.Quality;

namespace TuningCluster.Coordinator.Tests.Benchmarks.Quality;

public sealed class ComparisonTests
{
    private static readonly double[] Low = [.. Enumerable.Range(0, 12).Select(i => 0.1 * i)];

    private static readonly double[] High = [.. Low.Select(v => v + 0.8)];

    [Fact]
    public void Less_regret_is_better()
    {
        Assert.Equal(Verdict.Better, Of(Low, High).Verdict);
        Assert.Equal(Verdict.Worse, Of(High, Low).Verdict);
        Assert.Equal(Verdict.AsGood, Of(Low, Low).Verdict);
        Assert.Equal(Verdict.AsGood, Of(Low, [.. Low.Select(v => v + 0.05)]).Verdict);
    }

    [Fact]
    public void The_note_says_what_the_test_says() => Assert.Contains("WORSE (p worse 0.0", Of(High, Low).Note, StringComparison.Ordinal);

    private static Comparison Of(double[] ours, double[] theirs) =>
        new("tpe", new FunctionProblem(KnownFunction.All[0], isMoved: false), 50, 1, ours, theirs, "rival", "rival");
}
