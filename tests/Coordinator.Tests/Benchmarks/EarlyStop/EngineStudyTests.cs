using TuningCluster.Benchmarks.EarlyStop;

namespace TuningCluster.Coordinator.Tests.Benchmarks.EarlyStop;

public sealed class EngineStudyTests
{
    private const int Steps = 12;

    /// <summary>Sixty curves that never cross; every seventh diverges at its fourth step.</summary>
    private static readonly CurveTable Table = new(
        "small",
        ["learning_rate"],
        [.. Enumerable.Range(0, 60).Select(row => new[] { 0.01 * (row + 1) })],
        [.. Enumerable.Range(0, 60).Select(row => Enumerable.Range(1, Steps).Select(step => row % 7 == 6 && step > 3 ? double.NaN : row + (10.0 / step)).ToArray())]);

    public static TheoryData<string> Rules => [.. StoppingRule.All.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Is_the_same_again_and_never_gets_worse(string name)
    {
        var rule = StoppingRule.All.Single(r => r.Name == name);
        var first = EngineStudy.Run(rule, Table, seed: 3, budget: 150);

        Assert.Equal(first, EngineStudy.Run(rule, Table, seed: 3, budget: 150));
        Assert.Equal(first.OrderDescending(), first);
        Assert.True(double.IsFinite(first[0]));
    }

    [Fact]
    public void A_rule_looks_at_more_rows_for_the_same_points()
    {
        var whole = Mean("none");

        Assert.True(Mean("asha") < whole);
        Assert.True(Mean("asha-promote") < whole);

        static double Mean(string rule) => Enumerable.Range(0, 10).Average(seed => EngineStudy.Run(StoppingRule.All.Single(r => r.Name == rule), Table, seed, 100)[^1]);
    }

    [Fact]
    public void Every_row_is_trained_once()
    {
        // All of every curve, up to where it diverges: more is not there to be paid for.
        var curve = EngineStudy.Run(StoppingRule.All[0], Table, seed: 1, budget: 60 * Steps);

        Assert.Equal(Table.Best, curve[^1]);
    }

    [Fact]
    public void Regret_is_nought_at_the_best_and_one_at_the_median_of_the_first_step()
    {
        Assert.Equal(0, Table.RegretOf(10.0 / Steps));
        Assert.Equal(1, Table.RegretOf(39.5));
    }
}
