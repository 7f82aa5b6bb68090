using TuningCluster.Coordinator.Search.Quasirandom;

namespace TuningCluster.Coordinator.Tests.Search.Quasirandom;

public sealed class HaltonSequenceTests : QuasirandomSequenceContract
{
    protected override QuasirandomSequence Create(int dimensions, long seed) => new HaltonSequence(dimensions, seed);

    /// <summary>Halton 1960: bases 2, 3, 5.</summary>
    [Fact]
    public void Starts_as_published()
    {
        double[][] published =
        [
            [0, 0, 0], [1.0 / 2, 1.0 / 3, 1.0 / 5], [1.0 / 4, 2.0 / 3, 2.0 / 5], [3.0 / 4, 1.0 / 9, 3.0 / 5],
            [1.0 / 8, 4.0 / 9, 4.0 / 5], [5.0 / 8, 7.0 / 9, 1.0 / 25], [3.0 / 8, 2.0 / 9, 6.0 / 25],
        ];
        var sequence = new HaltonSequence(3, null);
        var point = new double[3];

        foreach (var expected in published)
        {
            sequence.Next(point);
            Assert.All(expected.Zip(point), pair => Assert.Equal(pair.Item1, pair.Item2, 1e-15));
        }
    }

    /// <summary>The 128th prime is 719, the 1,000th is 7,919.</summary>
    [Theory]
    [InlineData(128, 719)]
    [InlineData(1000, 7919)]
    public void Bases_are_the_primes(int dimensions, int last)
    {
        var point = new double[dimensions];
        new HaltonSequence(dimensions, null).At(1, point);

        Assert.Equal(1.0 / last, point[^1], 1e-15);
    }

    [Theory]
    [InlineData(0, 1024)]
    [InlineData(1, 729)]
    [InlineData(2, 625)]
    [InlineData(9, 841)]
    [InlineData(127, 719)]
    public void A_power_of_the_base_in_points_puts_one_into_each_slice(int dimension, int count)
    {
        var sequence = new HaltonSequence(128, 3);
        var point = new double[128];
        sequence.Skip(count);
        var slices = new HashSet<int>();
        for (var i = 0; i < count; i++)
        {
            sequence.Next(point);
            slices.Add((int)(point[dimension] * count));
        }

        Assert.Equal(count, slices.Count);
    }

    [Fact]
    public void Every_box_of_1_in_72_holds_one_of_each_72_points()
    {
        var sequence = new HaltonSequence(2, 8);
        var point = new double[2];
        for (var block = 0; block < 5; block++)
        {
            var boxes = new HashSet<(int Column, int Row)>();
            for (var i = 0; i < 72; i++)
            {
                sequence.Next(point);
                boxes.Add(((int)(point[0] * 8), (int)(point[1] * 9)));
            }

            Assert.Equal(72, boxes.Count);
        }
    }

    /// <summary>As published, bases 709 and 719 rise together for 700 points; scrambled they have nothing to do with each other.</summary>
    [Fact]
    public void Neighbouring_large_bases_do_not_run_in_step()
    {
        Assert.InRange(Correlation(new HaltonSequence(128, null)), 0.9, 1);
        Assert.InRange(Correlation(new HaltonSequence(128, 5)), -0.15, 0.15);
    }

    /// <summary>Journals of this release hold these points: others need another version of the samplers that use them.</summary>
    [Fact]
    public void Points_of_a_seed_never_change()
    {
        var point = new double[3];
        new HaltonSequence(3, 42).At(5, point);
        Assert.Equal([0.1337996191956573, 0.28868155800557455, 0.0016727336432819401], point);
    }

    private static double Correlation(HaltonSequence sequence)
    {
        var point = new double[128];
        var (x, y, xx, yy, xy) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (var i = 0; i < 700; i++)
        {
            sequence.Next(point);
            var (a, b) = (point[126], point[127]);
            (x, y, xx, yy, xy) = (x + a, y + b, xx + (a * a), yy + (b * b), xy + (a * b));
        }

        return (xy - (x * y / 700)) / Math.Sqrt((xx - (x * x / 700)) * (yy - (y * y / 700)));
    }
}
