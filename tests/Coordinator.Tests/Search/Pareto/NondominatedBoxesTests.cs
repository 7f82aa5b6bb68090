using TuningCluster.Coordinator.Search.Pareto;
using TuningCluster.Shared.Randomness;

namespace TuningCluster.Coordinator.Tests.Search.Pareto;

public sealed class NondominatedBoxesTests
{
    [Theory]
    [InlineData(1, null)]
    [InlineData(2, null)]
    [InlineData(2, 5)]
    [InlineData(3, null)]
    [InlineData(3, 4)]
    [InlineData(3, 2)]
    [InlineData(4, null)]
    [InlineData(4, 3)]
    [InlineData(5, null)]
    [InlineData(5, 3)]
    public void A_point_lies_in_one_box_when_it_is_not_dominated_and_in_none_when_it_is(int objectives, int? values)
    {
        for (var seed = 0; seed < 25; seed++)
        {
            var losses = Fronts.Random(seed, seed, objectives, values);
            double[] reference = [.. Enumerable.Repeat(0.85, objectives)];
            var boxes = NondominatedBoxes.Of(losses, reference);
            var rng = Rng.For(seed, 0, "points");
            for (var i = 0; i < 200; i++)
            {
                double[] point = [.. Enumerable.Range(0, objectives).Select(_ => (1.2 * rng.NextDouble()) - 0.3)];
                var free = !losses.Any(l => Dominance.Covers(l, point)) && point.All(p => p < 0.85);

                Assert.Equal(free ? 1 : 0, Enumerable.Range(0, boxes.Count).Count(b => Holds(boxes, b, point)));
            }
        }
    }

    [Theory]
    [InlineData(2, 60)]
    [InlineData(3, 60)]
    [InlineData(4, 25)]
    [InlineData(5, 15)]
    public void Their_volume_is_what_the_front_leaves(int objectives, int count)
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var front = Fronts.Sphere(seed, count, objectives);
            double[] reference = [.. Enumerable.Repeat(1.1, objectives)];
            var boxes = NondominatedBoxes.Of(front, reference);
            var volume = Enumerable.Range(0, boxes.Count).Sum(b => Enumerable.Range(0, objectives).Aggregate(1.0, (v, m) => v * (boxes.Upper[b][m] - Math.Max(0, boxes.Lower[b][m]))));

            Assert.Equal(Math.Pow(1.1, objectives) - Hypervolume.Of(front, reference), volume, 1e-11);
        }
    }

    [Fact]
    public void Two_objectives_take_a_strip_more_than_the_front_has_vectors_and_three_about_twice_as_many_boxes()
    {
        Assert.Equal(101, NondominatedBoxes.Of(Fronts.Sphere(1, 100, 2), [1.1, 1.1]).Count);
        Assert.InRange(NondominatedBoxes.Of(Fronts.Sphere(1, 100, 3), [1.1, 1.1, 1.1]).Count, 101, 500);
    }

    [Fact]
    public void No_vector_and_one()
    {
        var all = NondominatedBoxes.Of([], [3, 4, 5]);
        Assert.Equal([double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity], Assert.Single(all.Lower));
        Assert.Equal([3.0, 4, 5], Assert.Single(all.Upper));
        Assert.Equal(3, NondominatedBoxes.Of([[0.0, 0, 0]], [3, 4, 5]).Count);
        // Beyond the reference it changes nothing.
        Assert.Equal(1, NondominatedBoxes.Of([[-9.0, 0, 5]], [3, 4, 5]).Count);
    }

    [Fact]
    public void Numbers_that_are_not_finite_are_refused()
    {
        Assert.Throws<ArgumentException>(() => NondominatedBoxes.Of([[double.NaN, 0]], [1, 1]));
        Assert.Throws<ArgumentException>(() => NondominatedBoxes.Of([[0.0, 0]], [1, double.PositiveInfinity]));
        Assert.Throws<ArgumentException>(() => NondominatedBoxes.Of([[0.0, 0]], [1, 1, 1]));
        Assert.Throws<ArgumentException>(() => NondominatedBoxes.Of([], []));
    }

    private static bool Holds(NondominatedBoxes boxes, int box, double[] point) =>
        point.Index().All(x => x.Item >= boxes.Lower[box][x.Index] && x.Item < boxes.Upper[box][x.Index]);
}
