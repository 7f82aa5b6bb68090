using TuningCluster.Coordinator.Search.Pareto;
using TuningCluster.Shared.Randomness;

namespace TuningCluster.Coordinator.Tests.Search.Pareto;

public sealed class NondominatedSortTests
{
    [Theory]
    [InlineData(1, null)]
    [InlineData(2, null)]
    [InlineData(2, 6)]
    [InlineData(3, null)]
    [InlineData(3, 4)]
    [InlineData(5, 3)]
    public void Fronts_are_those_of_peeling_one_after_another(int objectives, int? values)
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var losses = Fronts.Random(seed, 1 + (3 * seed), objectives, values);

            Assert.Equal(Peeled(losses), NondominatedSort.Ranks(losses));
        }
    }

    [Fact]
    public void Ranks_do_not_depend_on_the_order()
    {
        var losses = Fronts.Random(1, 60, 2, 8);
        int[] order = [.. Enumerable.Range(0, 60)];
        Rng.For(1, 0, "order").Shuffle<int>(order);
        var ranks = NondominatedSort.Ranks(losses);

        Assert.Equal(order.Select(i => ranks[i]), NondominatedSort.Ranks([.. order.Select(i => losses[i])]));
    }

    [Fact]
    public void Equal_vectors_are_in_one_front_and_so_are_both_zeros() =>
        Assert.Equal([0, 0, 0, 1, 1], NondominatedSort.Ranks([[0.0, 1], [-0.0, 1], [1, 0], [1, 1], [1, 1]]));

    [Fact]
    public void One_and_none_are_fronts_too()
    {
        Assert.Empty(NondominatedSort.Ranks([]));
        Assert.Equal([0], NondominatedSort.Front([[3.0, 4, 5]]));
    }

    [Fact]
    public void Whoever_fulfils_the_constraints_comes_first_then_the_least_violation() =>
        Assert.Equal(
            [3, 0, 1, 2, 3, 0],
            NondominatedSort.Ranks([[0.0, 0], [1, 5], [2, 6], [9, 9], [0.5, 0], [5, 1]], [2.0, 0, 0, 0.5, 2, 0]));

    [Fact]
    public void Where_none_fulfils_them_the_least_violation_is_the_front() =>
        Assert.Equal([1, 0, 0], NondominatedSort.Ranks([[0.0, 0], [1, 5], [2, 6]], [2.0, 1, 1]));

    [Fact]
    public void Numbers_that_are_not_finite_are_refused_by_index()
    {
        Assert.Contains("Vector 1 has a loss that is not finite", Assert.Throws<ArgumentException>(() => NondominatedSort.Ranks([[0.0, 1], [1, double.PositiveInfinity]])).Message, StringComparison.Ordinal);
        Assert.Contains("Vector 0", Assert.Throws<ArgumentException>(() => NondominatedSort.Ranks([[double.NaN]])).Message, StringComparison.Ordinal);
        Assert.Contains("Vector 1 has 1 losses, the first has 2", Assert.Throws<ArgumentException>(() => NondominatedSort.Ranks([[0.0, 1], [1]])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => NondominatedSort.Ranks([[]]));
        Assert.Throws<ArgumentException>(() => NondominatedSort.Ranks([[1.0]], [double.NaN]));
        Assert.Throws<ArgumentException>(() => NondominatedSort.Ranks([[1.0]], [-1]));
        Assert.Throws<ArgumentException>(() => NondominatedSort.Ranks([[1.0]], []));
    }

    [Fact]
    public void Copes_with_ten_thousand_on_one_front_and_on_as_many()
    {
        double[][] front = [.. Enumerable.Range(0, 10_000).Select(i => new double[] { i, -i })];
        double[][] chain = [.. Enumerable.Range(0, 10_000).Select(i => new double[] { i, i })];

        Assert.All(NondominatedSort.Ranks(front), r => Assert.Equal(0, r));
        Assert.Equal(Enumerable.Range(0, 10_000), NondominatedSort.Ranks(chain));
    }

    private static int[] Peeled(double[][] losses)
    {
        var ranks = new int[losses.Length];
        Array.Fill(ranks, -1);
        for (var rank = 0; ranks.Contains(-1); rank++)
        {
            int[] left = [.. Enumerable.Range(0, losses.Length).Where(i => ranks[i] < 0)];
            foreach (var i in left.Where(i => !left.Any(j => Dominance.Dominates(losses[j], losses[i]))).ToList())
            {
                ranks[i] = rank;
            }
        }

        return ranks;
    }
}
