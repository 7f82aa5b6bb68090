using TuningCluster.Coordinator.Search.Pareto;

namespace TuningCluster.Coordinator.Tests.Search.Pareto;

public sealed class HypervolumeTests
{
    [Fact]
    public void Analytic_cases()
    {
        Assert.Equal(0, Hypervolume.Of([], [1, 1]));
        Assert.Equal(2, Hypervolume.Of([[3.0], [1], [2]], [3]));
        Assert.Equal(6, Hypervolume.Of([[1.0, 2]], [4, 4]));
        Assert.Equal(6, Hypervolume.Of([[1.0, 3], [2, 2], [3, 1]], [4, 4]));
        Assert.Equal(0.75, Hypervolume.Of([[0.5, 0, 0], [0, 0.5, 0]], [1, 1, 1]), 1e-15);
        Assert.Equal(1 - 0.125, Hypervolume.Of([[0.5, 0, 0], [0, 0.5, 0], [0, 0, 0.5]], [1, 1, 1]), 1e-15);
        // n points on the line x + y = 1 leave n + 1 triangles of side 1/(n + 1) out of one half.
        double[][] line = [.. Enumerable.Range(1, 99).Select(i => new[] { i / 100.0, 1 - (i / 100.0) })];
        Assert.Equal(0.5 - (100 * 0.5 / 10_000), Hypervolume.Of(line, [1, 1]), 1e-12);
    }

    [Theory]
    [InlineData(2, 12, null)]
    [InlineData(3, 12, null)]
    [InlineData(3, 12, 4)]
    [InlineData(4, 10, null)]
    [InlineData(5, 9, 3)]
    [InlineData(6, 8, null)]
    public void Is_that_of_inclusion_and_exclusion(int objectives, int count, int? values)
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var losses = Fronts.Random(seed, count, objectives, values);
            double[] reference = [.. Enumerable.Repeat(0.9, objectives)];

            Assert.Equal(InclusionExclusion(losses, reference), Hypervolume.Of(losses, reference), 1e-12);
        }
    }

    [Fact]
    public void Copies_dominated_vectors_and_those_beyond_the_reference_add_nothing()
    {
        double[][] front = Fronts.Sphere(3, 30, 3);
        var volume = Hypervolume.Of(front, [1, 1, 1]);

        Assert.Equal(volume, Hypervolume.Of([.. front, .. front, [0.99, 0.99, 0.99], [-5, -5, 1], [-7, 2, -7]], [1, 1, 1]), 1e-13);
    }

    [Fact]
    public void Neither_the_vectors_nor_their_order_are_changed()
    {
        double[][] losses = [[3.0, 1, 0], [1, 3, 0], [2, 2, 1]];
        Hypervolume.Of(losses, [4, 4, 4]);

        Assert.Equal([[3.0, 1, 0], [1, 3, 0], [2, 2, 1]], losses);
    }

    [Fact]
    public void Numbers_that_are_not_finite_are_refused()
    {
        Assert.Contains("not finite", Assert.Throws<ArgumentException>(() => Hypervolume.Of([[double.NegativeInfinity, 0]], [1, 1])).Message, StringComparison.Ordinal);
        Assert.Contains("must be finite", Assert.Throws<ArgumentException>(() => Hypervolume.Of([[0.0, 0]], [1, double.PositiveInfinity])).Message, StringComparison.Ordinal);
        Assert.Contains("has 1 objectives", Assert.Throws<ArgumentException>(() => Hypervolume.Of([[0.0, 0]], [1])).Message, StringComparison.Ordinal);
    }

    private static double InclusionExclusion(double[][] losses, double[] reference)
    {
        var sum = 0.0;
        for (var set = 1; set < 1 << losses.Length; set++)
        {
            var volume = 1.0;
            for (var m = 0; m < reference.Length; m++)
            {
                var worst = Enumerable.Range(0, losses.Length).Where(i => (set >> i & 1) == 1).Max(i => losses[i][m]);
                volume *= Math.Max(0, reference[m] - worst);
            }

            sum += int.PopCount(set) % 2 == 1 ? volume : -volume;
        }

        return sum;
    }
}
