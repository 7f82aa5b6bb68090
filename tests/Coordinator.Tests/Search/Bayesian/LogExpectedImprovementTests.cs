using TuningCluster.Coordinator.Search.Bayesian;

namespace TuningCluster.Coordinator.Tests.Search.Bayesian;

public sealed class LogExpectedImprovementTests
{
    /// <summary>ln(φ(z) + z·Φ(z)) to twenty digits (mpmath, 400 digits of working precision).</summary>
    [Theory]
    [InlineData(5, 1.6094379231264313851)]
    [InlineData(1, 0.080026218849306940029)]
    [InlineData(0, -0.91893853320467274178)]
    [InlineData(-0.5, -1.6205162643873199193)]
    [InlineData(-1, -2.4851210257126413368)]
    [InlineData(-2, -4.7687835239171141569)]
    [InlineData(-2.9, -7.520846492887873521)]
    [InlineData(-3.1, -8.2273293935727489144)]
    [InlineData(-5, -16.744301162660990143)]
    [InlineData(-10, -55.553122036122355927)]
    [InlineData(-30, -457.72465376059800405)]
    [InlineData(-59, -1749.5748743774380491)]
    [InlineData(-61, -1869.6414917394199115)]
    [InlineData(-200, -20011.515648259739324)]
    [InlineData(-10000, -50000019.339619307157)]
    public void Is_exact_into_the_far_tail(double z, double expected) =>
        Assert.Equal(expected, LogExpectedImprovement.LogH(z), 1e-11 * Math.Max(1, Math.Abs(expected)));

    [Theory]
    [InlineData(0.3, 0.5, 0.2)]
    [InlineData(-1, 0.5, 0.2)]
    [InlineData(-1, 3, 0.05)]
    [InlineData(2, -1, 1.5)]
    public void Derivatives_are_those_of_differences(double best, double mean, double deviation)
    {
        const double h = 1e-6;
        var (_, byMean, byDeviation) = LogExpectedImprovement.Of(best, mean, deviation);

        Assert.Equal((Value(mean + h, deviation) - Value(mean - h, deviation)) / (2 * h), byMean, 1e-5 * (1 + Math.Abs(byMean)));
        Assert.Equal((Value(mean, deviation + h) - Value(mean, deviation - h)) / (2 * h), byDeviation, 1e-4 * (1 + Math.Abs(byDeviation)));

        double Value(double m, double s) => LogExpectedImprovement.Of(best, m, s).Value;
    }
}
