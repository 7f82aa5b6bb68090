using TuningCluster.Coordinator.Search.Quasirandom;
using TuningCluster.Shared.Randomness;

namespace TuningCluster.Coordinator.Tests.Search.Quasirandom;

public sealed class SobolSequenceTests : QuasirandomSequenceContract
{
    protected override QuasirandomSequence Create(int dimensions, long seed) => new SobolSequence(dimensions, seed);

    /// <summary>Bratley and Fox 1988 (ACM TOMS 659), with the origin first; the first eight points of three dimensions.</summary>
    [Fact]
    public void Starts_as_published()
    {
        double[][] published =
        [
            [0, 0, 0], [0.5, 0.5, 0.5], [0.75, 0.25, 0.25], [0.25, 0.75, 0.75],
            [0.375, 0.375, 0.625], [0.875, 0.875, 0.125], [0.625, 0.125, 0.875], [0.125, 0.625, 0.375],
        ];
        var sequence = new SobolSequence(3, null);
        var point = new double[3];

        foreach (var expected in published)
        {
            sequence.Next(point);
            Assert.Equal(expected, point);
        }
    }

    /// <summary>Coordinates 1, 2, 3, 4, 5, 10, 51, 128 and 1,111 of points of SciPy 1.10.1 (<c>qmc.Sobol(1111, scramble=False)</c>, another
    /// reader of the same published numbers), then the sum of all its coordinates and their sum weighted by dimension.</summary>
    [Theory]
    [InlineData(10, 0.9375, 0.0625, 0.6875, 0.1875, 0.3125, 0.5625, 0.8125, 0.3125, 0.5625, 554.8125, 309508.0)]
    [InlineData(63, 0.015625, 0.796875, 0.359375, 0.453125, 0.859375, 0.578125, 0.265625, 0.640625, 0.015625, 551.203125, 306045.5625)]
    [InlineData(
        12_345, 0.64093017578125, 0.81341552734375, 0.16033935546875, 0.52679443359375, 0.88848876953125, 0.42962646484375, 0.77142333984375,
        0.64251708984375, 0.43109130859375, 553.7294311523438, 303896.5841064453)]
    [InlineData(
        1_000_000, 0.026474952697753906, 0.3119192123413086, 0.8279962539672852, 0.6682462692260742, 0.6286592483520508, 0.25440120697021484,
        0.618342399597168, 0.7084512710571289, 0.40498828887939453, 535.2878103256226, 300346.7639350891)]
    public void Agrees_with_another_program(long index, params double[] expected)
    {
        var point = new double[SobolSequence.TabulatedDimensions];
        new SobolSequence(point.Length, null).At(index, point);

        int[] shown = [0, 1, 2, 3, 4, 9, 50, 127, 1110];
        Assert.Equal(expected[..9], shown.Select(d => point[d]));
        Assert.Equal(expected[9], point.Sum(), 1e-9);
        Assert.Equal(expected[10], point.Select((u, d) => (d + 1) * u).Sum(), 1e-6);
    }

    [Fact]
    public void Every_dimension_puts_one_of_the_first_1024_points_into_each_slice()
    {
        var sequence = new SobolSequence(SobolSequence.TabulatedDimensions, 7);
        var seen = new int[sequence.Dimensions, 1024];
        var point = new double[sequence.Dimensions];
        for (var i = 0; i < 1024; i++)
        {
            sequence.Next(point);
            for (var d = 0; d < point.Length; d++)
            {
                seen[d, (int)(point[d] * 1024)]++;
            }
        }

        Assert.All(seen.Cast<int>(), count => Assert.Equal(1, count));
    }

    /// <summary>The first two dimensions are a (0, 2)-sequence in base 2; scrambling keeps that.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Every_box_of_1_in_256_holds_one_of_each_256_points(long seed)
    {
        var sequence = new SobolSequence(2, seed);
        var point = new double[2];
        for (var block = 0; block < 4; block++)
        {
            var points = new (double X, double Y)[256];
            for (var i = 0; i < 256; i++)
            {
                sequence.Next(point);
                points[i] = (point[0], point[1]);
            }

            for (var k = 0; k <= 8; k++)
            {
                var (columns, rows) = (1 << k, 256 >> k);
                Assert.Equal(256, points.Select(p => ((int)(p.X * columns), (int)(p.Y * rows))).Distinct().Count());
            }
        }
    }

    [Fact]
    public void Beyond_the_table_coordinates_are_random_and_without_a_seed_refused()
    {
        var sequence = new SobolSequence(SobolSequence.TabulatedDimensions + 2, 3);
        var point = new double[sequence.Dimensions];
        var (sum, square, cross) = (0.0, 0.0, 0.0);
        for (var i = 0; i < 4096; i++)
        {
            sequence.Next(point);
            var (x, y) = (point[^2] - 0.5, point[^1] - 0.5);
            (sum, square, cross) = (sum + x, square + (x * x), cross + (x * y));
        }

        // Standard errors: 0.0045, 0.0012 and 0.0013.
        Assert.InRange(sum / 4096, -0.02, 0.02);
        Assert.InRange(square / 4096, (1.0 / 12) - 0.006, (1.0 / 12) + 0.006);
        Assert.InRange(cross / 4096, -0.006, 0.006);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SobolSequence(SobolSequence.TabulatedDimensions + 1, null));
    }

    [Fact]
    public void Streams_of_other_purposes_give_independent_sequences()
    {
        var (a, b) = (new double[5], new double[5]);
        new SobolSequence(5, 3).At(0, a);
        new SobolSequence(5, Rng.For(3, -1, "another")).At(0, b);

        Assert.All(a.Zip(b), pair => Assert.NotEqual(pair.Item1, pair.Item2));
    }

    /// <summary>Journals of this release hold these points: others need another version of the samplers that use them.</summary>
    [Fact]
    public void Points_of_a_seed_never_change()
    {
        var point = new double[3];
        new SobolSequence(3, 42).At(5, point);
        Assert.Equal([0.62317261898989262, 0.51222448030702505, 0.056297702433080299], point);
    }
}
