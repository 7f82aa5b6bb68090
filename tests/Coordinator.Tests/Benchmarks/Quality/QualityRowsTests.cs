using TuningCluster.Benchmarks;
using TuningCluster.Benchmarks.Quality;

namespace TuningCluster.Coordinator.Tests.Benchmarks.Quality;

public sealed class QualityRowsTests
{
    private static readonly double[] Low = [.. Enumerable.Range(0, 12).Select(i => 0.1 * i)];

    private static readonly double[] High = [.. Low.Select(v => v + 0.8)];

    [Fact]
    public void A_strategy_is_not_to_be_worse_than_its_rival_anywhere()
    {
        var row = Assert.Single(QualityRows.Counts([Of("tpe", "rival", Low, High), Of("tpe", "rival", High, Low), Of("tpe", "rival", Low, Low)], _ => true));

        Assert.Equal(("cases worse than rival", 1.0, 1.0, 0.0), (row.Unit, row.Ours, row.Rival, row.Goal));
        Assert.False(row.MeetsGoal);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(1, false)]
    public void Metropolis_is_to_be_better_than_an_annealer_in_most_cases(int better, bool met)
    {
        var cases = Enumerable.Range(0, 3).Select(i => Of("metropolis", "annealer, ours", i < better ? Low : High, i < better ? High : Low));
        var row = Assert.Single(QualityRows.Counts(cases, _ => true));

        Assert.Equal(("cases better than rival", better, 2.0), (row.Unit, row.Ours, row.Goal));
        Assert.Equal(met, row.MeetsGoal);
    }

    [Fact]
    public void What_pending_trials_cost_has_no_goal() =>
        Assert.Null(Assert.Single(QualityRows.Counts([Of("tpe", QualityRows.AtATime(1), High, Low)], _ => false)).Goal);

    private static Comparison Of(string strategy, string group, double[] ours, double[] theirs) =>
        new(strategy, new FunctionProblem(KnownFunction.All[0], isMoved: false), 50, 1, ours, theirs, group, group);
}
