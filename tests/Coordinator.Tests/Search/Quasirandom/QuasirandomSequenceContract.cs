using TuningCluster.Coordinator.Search.Quasirandom;

namespace TuningCluster.Coordinator.Tests.Search.Quasirandom;

/// <summary>What every seeded sequence must do.</summary>
public abstract class QuasirandomSequenceContract
{
    protected abstract QuasirandomSequence Create(int dimensions, long seed);

    [Fact]
    public void A_point_is_the_same_in_turn_by_number_and_after_a_jump()
    {
        var (walked, asked, jumped) = (Create(12, 5), Create(12, 5), Create(12, 5));
        var (a, b, c) = (new double[12], new double[12], new double[12]);
        for (var i = 0; i < 700; i++)
        {
            Assert.Equal(i, walked.Index);
            walked.Next(a);
            asked.At(i, b);
            Assert.Equal(a, b);
            if (i % 100 == 37)
            {
                jumped.Skip(i - jumped.Index);
                jumped.Next(c);
                Assert.Equal(a, c);
            }
        }

        Assert.Equal(0, asked.Index);
    }

    [Fact]
    public void Far_points_are_reached_at_once()
    {
        var sequence = Create(5, 1);
        var (a, b) = (new double[5], new double[5]);
        sequence.Skip(sequence.Length - 1);
        sequence.Next(a);
        sequence.At(sequence.Length - 1, b);

        Assert.Equal(a, b);
        Assert.All(a, u => Assert.InRange(u, 0, Math.BitDecrement(1.0)));
        Assert.Throws<InvalidOperationException>(() => sequence.Next(a));
        Assert.Throws<ArgumentOutOfRangeException>(() => sequence.Skip(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => sequence.At(sequence.Length, a));
    }

    [Fact]
    public void Dimensions_added_at_the_end_change_none_before()
    {
        var (few, many) = (new double[4], new double[40]);
        Create(4, 9).At(123, few);
        Create(40, 9).At(123, many);

        Assert.Equal(few, many[..4]);
    }

    /// <summary>2,000 seeds, 20 bins: χ² with 19 degrees of freedom is below 44 with probability 0.999.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void Over_the_seeds_each_point_is_uniform(long index)
    {
        var counts = new int[3, 20];
        var point = new double[3];
        for (var seed = 0; seed < 2000; seed++)
        {
            Create(3, seed).At(index, point);
            for (var d = 0; d < 3; d++)
            {
                counts[d, (int)(point[d] * 20)]++;
            }
        }

        for (var d = 0; d < 3; d++)
        {
            Assert.InRange(Enumerable.Range(0, 20).Sum(b => (counts[d, b] - 100.0) * (counts[d, b] - 100.0) / 100), 1, 44);
        }
    }

    /// <summary>The integral of ∏ (1 + (u − ½)) over 10 dimensions is 1; random points have a standard error of 0.021 at 4,096.</summary>
    [Fact]
    public void Integrates_far_better_than_random_points()
    {
        var squares = 0.0;
        for (var seed = 0; seed < 10; seed++)
        {
            var sequence = Create(10, seed);
            var point = new double[10];
            var sum = 0.0;
            for (var i = 0; i < 4096; i++)
            {
                sequence.Next(point);
                sum += point.Aggregate(1.0, (product, u) => product * (0.5 + u));
            }

            squares += ((sum / 4096) - 1) * ((sum / 4096) - 1);
        }

        Assert.InRange(Math.Sqrt(squares / 10), 0, 0.021 / 5);
    }

    [Fact]
    public void A_hundred_and_twenty_eight_dimensions_are_even_each()
    {
        var sequence = Create(128, 11);
        var point = new double[128];
        var sums = new double[128];
        for (var i = 0; i < 8192; i++)
        {
            sequence.Next(point);
            for (var d = 0; d < 128; d++)
            {
                sums[d] += point[d];
            }
        }

        // Random points have a standard error of 0.0032, so that the worst of 128 would be off by 0.009.
        Assert.All(sums, sum => Assert.InRange(sum / 8192, 0.4975, 0.5025));
    }

    [Fact]
    public void A_point_of_another_size_is_refused()
    {
        var sequence = Create(3, 1);

        Assert.Throws<ArgumentException>(() => sequence.Next(new double[4]));
        Assert.Throws<ArgumentException>(() => sequence.At(0, new double[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(-1, 1));
    }

    [Fact]
    public void No_dimensions_are_no_coordinates() => Create(0, 1).Next([]);
}
