using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Coordinator.Search.Tpe;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Tests.Search.Tpe;

public sealed class ParzenDensityTests
{
    private static readonly Dimension Number = new(new FloatParameter("a", 0, 1, false, null, null, []));
    private static readonly Dimension Ordered = new(new IntParameter("b", 1, 40, true, 1, null, []));
    private static readonly Dimension Category = new(new CategoricalParameter("c", [ParameterValue.Int(1), ParameterValue.Int(2), ParameterValue.Int(3)], []));

    [Fact]
    public void It_integrates_to_one()
    {
        var density = new ParzenDensity([Number], [0.1], 3);
        density.Add([0.02], 1);
        density.Add([0.5], 2);
        density.Add([0.97], 0.5);

        Assert.Equal(1, Enumerable.Range(0, 20_000).Average(i => Math.Exp(density.LogDensity([(i + 0.5) / 20_000]))), 1e-6);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Its_values_have_probabilities_that_sum_to_one(bool ordered)
    {
        var dimension = ordered ? Ordered : Category;
        var density = new ParzenDensity([dimension], [0.1], 2);
        density.Add([Centre(dimension, 0)], 1);
        density.Add([Centre(dimension, dimension.Count - 1)], 1);

        Assert.Equal(1, Enumerable.Range(0, (int)dimension.Count).Sum(i => Math.Exp(density.LogDensity([Centre(dimension, i)]))), 1e-9);
    }

    [Fact]
    public void Samples_are_as_frequent_as_it_says()
    {
        var density = new ParzenDensity([Number, Category], [0.08, 0.1], 2);
        density.Add([0.3, Centre(Category, 1)], 3);
        density.Add([0.9, Centre(Category, 2)], 1);
        var rng = Rng.For(4, 0, "samples");
        var counts = new int[10, 3];
        var point = new double[2];
        for (var i = 0; i < 60_000; i++)
        {
            density.Sample(rng, point);
            counts[Math.Min(9, (int)(10 * point[0])), Category.IndexAt(point[1])]++;
        }

        for (var cell = 0; cell < 10; cell++)
        {
            for (var value = 0; value < 3; value++)
            {
                var expected = 6_000 * Enumerable.Range(0, 100).Average(i => Math.Exp(density.LogDensity([(cell + ((i + 0.5) / 100)) / 10, Centre(Category, value)])));
                Assert.InRange(counts[cell, value], expected - (5 * Math.Sqrt(expected)) - 5, expected + (5 * Math.Sqrt(expected)) + 5);
            }
        }
    }

    [Fact]
    public void Weights_and_cuts_leave_what_was_never_added()
    {
        var (whole, other) = (new ParzenDensity([Number], [0.1], 3), new ParzenDensity([Number], [0.1], 3));
        whole.Add([0.2], 1);
        whole.Add([0.8], 1);
        whole.Add([0.5], 1);
        whole.Truncate(2);
        whole.Reweigh(1, 0);
        other.Add([0.2], 1);

        Assert.Equal(other.LogDensity([0.7]), whole.LogDensity([0.7]), 1e-12);
    }

    private static double Centre(Dimension dimension, long index)
    {
        var (low, high) = dimension.Cell(index);
        return 0.5 * (low + high);
    }
}
