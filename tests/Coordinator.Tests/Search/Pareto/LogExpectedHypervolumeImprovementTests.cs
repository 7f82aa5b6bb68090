using TuningCluster.Coordinator.Search.Bayesian;
using TuningCluster.Coordinator.Search.Pareto;
using TuningCluster.Shared.Randomness;

namespace TuningCluster.Coordinator.Tests.Search.Pareto;

public sealed class LogExpectedHypervolumeImprovementTests
{
    [Theory]
    [InlineData(0.3, 0.5, 0.2)]
    [InlineData(-1, 3, 0.05)]
    [InlineData(2, -1, 1.5)]
    public void With_one_objective_it_is_the_expected_improvement(double best, double mean, double deviation)
    {
        var improvement = new LogExpectedHypervolumeImprovement(NondominatedBoxes.Of([[best]], [best + 7]));
        var (value, byMean, byDeviation) = LogExpectedImprovement.Of(best, mean, deviation);
        var (gradient, gradientByDeviation) = (new double[1], new double[1]);

        Assert.Equal(value, improvement.Evaluate([mean], [deviation], gradient, gradientByDeviation), 1e-12);
        Assert.Equal(byMean, gradient[0], 1e-10 * Math.Abs(byMean));
        Assert.Equal(byDeviation, gradientByDeviation[0], 1e-10 * Math.Abs(byDeviation));
    }

    [Fact]
    public void Without_a_front_it_is_the_product_of_expected_improvements_over_the_reference()
    {
        var improvement = new LogExpectedHypervolumeImprovement(NondominatedBoxes.Of([], [0.5, -0.2, 1]));

        Assert.Equal(
            LogExpectedImprovement.Of(0.5, 0.1, 0.3).Value + LogExpectedImprovement.Of(-0.2, 4, 0.1).Value + LogExpectedImprovement.Of(1, 0.9, 2).Value,
            improvement.Value([0.1, 4, 0.9], [0.3, 0.1, 2]),
            1e-12);
    }

    /// <summary>Of a sure point it is the hypervolume that the point adds.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Without_deviation_it_is_the_improvement_itself(int objectives)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var front = Fronts.Random(seed, 12, objectives);
            double[] reference = [.. Enumerable.Repeat(1.0, objectives)];
            var improvement = new LogExpectedHypervolumeImprovement(NondominatedBoxes.Of(front, reference));
            double[] point = [.. Fronts.Random(seed + 100, 1, objectives)[0].Select(x => (0.3 * x) - 0.3)];
            var expected = Hypervolume.Of([.. front, point], reference) - Hypervolume.Of(front, reference);

            Assert.True(expected > 0);
            Assert.Equal(expected, Math.Exp(improvement.Value(point, [.. Enumerable.Repeat(1e-9, objectives)])), 1e-7);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Is_what_many_draws_improve_on_average(int objectives)
    {
        const int draws = 20_000;
        for (var seed = 0; seed < 4; seed++)
        {
            var front = Fronts.Sphere(seed, 8, objectives);
            double[] reference = [.. Enumerable.Repeat(1.1, objectives)];
            var mean = Fronts.Sphere(seed + 50, 1, objectives)[0];
            double[] deviation = [.. Enumerable.Range(0, objectives).Select(m => 0.1 + (0.15 * m))];
            var rng = Rng.For(seed, objectives, "draws");
            var (before, sum, squares) = (Hypervolume.Of(front, reference), 0.0, 0.0);
            for (var i = 0; i < draws; i++)
            {
                double[] draw = [.. Enumerable.Range(0, objectives).Select(m => mean[m] + (deviation[m] * rng.NextNormal()))];
                var gain = Hypervolume.Of([.. front, draw], reference) - before;
                (sum, squares) = (sum + gain, squares + (gain * gain));
            }

            var average = sum / draws;
            var error = Math.Sqrt(((squares / draws) - (average * average)) / draws);
            var value = Math.Exp(new LogExpectedHypervolumeImprovement(NondominatedBoxes.Of(front, reference)).Value(mean, deviation));

            Assert.InRange(value, average - (4.5 * error), average + (4.5 * error));
        }
    }

    [Theory]
    [InlineData(2, 0.3, 0)]
    [InlineData(3, 0.3, 0)]
    [InlineData(4, 0.2, 0)]
    [InlineData(2, 0.05, 3)]
    [InlineData(3, 0.05, 3)]
    [InlineData(2, 0.4, -4)]
    [InlineData(2, 1e-3, 0)]
    public void Gradients_are_those_of_differences(int objectives, double scale, double away)
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var front = Fronts.Sphere(seed, 10, objectives);
            var improvement = new LogExpectedHypervolumeImprovement(NondominatedBoxes.Of(front, [.. Enumerable.Repeat(1.1, objectives)]));
            double[] mean = [.. Fronts.Sphere(seed + 50, 1, objectives)[0].Select(x => x + away)];
            double[] deviation = [.. Enumerable.Range(1, objectives).Select(m => scale * m)];
            var (byMean, byDeviation) = (new double[objectives], new double[objectives]);
            improvement.Evaluate(mean, deviation, byMean, byDeviation);
            for (var m = 0; m < objectives; m++)
            {
                var h = 1e-5 * deviation[m];
                Assert.Equal(Slope(mean, m, h), byMean[m], 1e-5 * (1 + Math.Abs(byMean[m])));
                Assert.Equal(Slope(deviation, m, h), byDeviation[m], 1e-5 * (1 + Math.Abs(byDeviation[m])));
            }

            double Slope(double[] of, int m, double h)
            {
                var at = of[m];
                of[m] = at + h;
                var up = improvement.Value(mean, deviation);
                of[m] = at - h;
                var down = improvement.Value(mean, deviation);
                of[m] = at;
                return (up - down) / (2 * h);
            }
        }
    }

    /// <summary>Far from the front the improvement underflows; its logarithm does not, and falls with the distance.</summary>
    [Fact]
    public void Stays_informative_where_the_improvement_underflows()
    {
        var improvement = new LogExpectedHypervolumeImprovement(NondominatedBoxes.Of(Fronts.Sphere(1, 20, 3), [1.1, 1.1, 1.1]));
        var (byMean, byDeviation) = (new double[3], new double[3]);
        var last = double.PositiveInfinity;
        foreach (var away in (double[])[1, 2, 5, 20, 100, 1000])
        {
            var value = improvement.Evaluate([away, away, away], [0.01, 0.02, 0.03], byMean, byDeviation);

            Assert.True(double.IsFinite(value) && value < last);
            Assert.All(byMean, g => Assert.True(double.IsFinite(g) && g < 0));
            Assert.All(byDeviation, g => Assert.True(double.IsFinite(g) && g > 0));
            last = value;
        }

        Assert.True(last < -1e9);
    }

    /// <summary>ln ∫Φ over an interval to twenty digits (mpmath, 60 digits of working precision).</summary>
    [Theory]
    [MemberData(nameof(Integrals))]
    public void Sides_are_exact_from_tail_to_tail(double from, double to, double expected) =>
        Assert.Equal(
            expected,
            NormalSide.LogIntegral(from, to, LogExpectedImprovement.LogH(from), LogExpectedImprovement.LogH(to)),
            1e-9 * Math.Max(1, 0.01 * Math.Abs(expected)));

    public static TheoryData<double, double, double> Integrals => new()
    {
        { -1, 1, 0.0 },
        { 0, 0.5, -1.207799192287184409 },
        { 0.5, 3, 0.83403266409834374052 },
        { 4, 4.25, -1.3863137727340334696 },
        { 30, 31, 0.0 },
        { -3, -2, -4.8148364281373897322 },
        { -3, -2.999, -13.513839657083776958 },
        { -40, -39, -768.74802969285009695 },
        { -40, -39.99, -809.00683959236396875 },
        { -300, -299, -44712.819859235344043 },
        { 2, 2.000001, -13.83852343952954708 },
        { -5, -4.9999999, -31.183093782817523622 },
        { -100, -99.9999999, -5021.6422994040278173 },
        { -1, -0.999999, -15.656531440377180408 },
        { -1e-05, 1e-05, -11.512925464970228338 },
        { 1000000.0, 1000001.0, 0.0 },
        { -8, 40, 3.688879454113936301 },
    };
}
