using TuningCluster.Benchmarks.Quality;

namespace TuningCluster.Coordinator.Tests.Benchmarks.Quality;

public sealed class MannWhitneyTests
{
    [Fact]
    public void Equals_the_worked_example_of_scipy()
    {
        // Documentation of scipy.stats.mannwhitneyu: ages at diagnosis, two-sided p = 0.11134688653314041 by the normal approximation with continuity correction.
        double[] males = [19, 22, 16, 29, 24];
        double[] females = [20, 11, 17, 12];

        Assert.Equal(0.11134688653314041 / 2, MannWhitney.ProbabilityOfGreater(males, females), 1e-12);
        Assert.Equal(0.9669037101389033, MannWhitney.ProbabilityOfGreater(females, males), 1e-12);
    }

    [Fact]
    public void Corrects_for_ties()
    {
        // scipy 1.10, method='asymptotic', alternative='greater'.
        double[] one = [1, 2, 2, 3, 5, 5, 5, 8, 9, 9];
        double[] other = [2, 2, 4, 5, 6, 7, 9, 9, 10, 12, 12];

        Assert.Equal(0.07740428131823839, MannWhitney.ProbabilityOfGreater(other, one), 1e-12);
        Assert.Equal(0.9323975237772849, MannWhitney.ProbabilityOfGreater(one, other), 1e-12);
    }

    [Fact]
    public void Says_nothing_when_all_are_equal() => Assert.Equal(1, MannWhitney.ProbabilityOfGreater([3, 3, 3], [3, 3]));

    [Fact]
    public void Rejects_about_as_often_as_it_should_when_there_is_no_difference()
    {
        const int Repeats = 4000;
        var rng = Shared.Randomness.Rng.For(11, 0, "mann-whitney");
        var rejected = 0;
        for (var i = 0; i < Repeats; i++)
        {
            var values = Enumerable.Range(0, 40).Select(_ => rng.NextNormal()).ToArray();
            rejected += MannWhitney.ProbabilityOfGreater(values[..30], values[30..]) < 0.05 ? 1 : 0;
        }

        // Standard deviation 0.0034.
        Assert.InRange(rejected / (double)Repeats, 0.036, 0.06);
    }
}
