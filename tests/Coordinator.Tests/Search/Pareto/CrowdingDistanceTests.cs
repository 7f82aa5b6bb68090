using TuningCluster.Coordinator.Search.Pareto;

namespace TuningCluster.Coordinator.Tests.Search.Pareto;

public sealed class CrowdingDistanceTests
{
    [Fact]
    public void Is_the_distance_of_the_neighbours_in_units_of_the_range()
    {
        double[][] losses = [[0.0, 10], [9, 9], [1, 6], [4, 2], [5, 0]];

        Assert.Equal([double.PositiveInfinity, 0.8 + 0.8, 0.8 + 0.6, double.PositiveInfinity], CrowdingDistance.Of(losses, [0, 2, 3, 4]));
    }

    [Fact]
    public void Copies_are_crowded_but_those_at_the_ends() =>
        Assert.Equal(
            [double.PositiveInfinity, 0, double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity],
            CrowdingDistance.Of([[0.0, 1], [0, 1], [0, 1], [1, 0], [1, 0]], [0, 1, 2, 3, 4]));

    [Fact]
    public void Small_and_level_fronts()
    {
        Assert.Empty(CrowdingDistance.Of([], []));
        Assert.Equal([0], CrowdingDistance.Of([[1.0, 2]], [0]));
        Assert.Equal([double.PositiveInfinity, double.PositiveInfinity], CrowdingDistance.Of([[1.0, 2], [2, 1]], [0, 1]));
        // The second objective tells none apart.
        Assert.Equal([double.PositiveInfinity, 1, double.PositiveInfinity], CrowdingDistance.Of([[1.0, 2], [2, 2], [3, 2]], [0, 1, 2]));
    }

    [Fact]
    public void Does_not_overflow() =>
        Assert.Equal(2, CrowdingDistance.Of([[-double.MaxValue, double.MaxValue], [0, 0], [double.MaxValue, -double.MaxValue]], [0, 1, 2])[1]);
}
