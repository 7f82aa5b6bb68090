using TuningCluster.Benchmarks.Quality;

namespace TuningCluster.Coordinator.Tests.Benchmarks.Quality;

public sealed class MedianIntervalTests
{
    [Theory]
    // Ranks and levels of the sign test's tables (Conover 1999, table A3).
    [InlineData(5, 1, 5, 0.9375)]
    [InlineData(6, 1, 6, 0.96875)]
    [InlineData(10, 2, 9, 0.978515625)]
    [InlineData(20, 6, 15, 0.9586105346679688)]
    [InlineData(30, 10, 21, 0.9572260547429323)]
    public void Lies_between_the_ranks_of_the_sign_test(int count, int low, int high, double level)
    {
        var interval = MedianInterval.Of([.. Enumerable.Range(1, count).Select(i => (double)i).Reverse()]);

        Assert.Equal((low, high), (interval.Low, interval.High));
        Assert.Equal(level, interval.Level, 1e-12);
    }

    [Fact]
    public void Of_one_value_is_the_value() => Assert.Equal((7, 7), (MedianInterval.Of([7]).Low, MedianInterval.Of([7]).High));
}
