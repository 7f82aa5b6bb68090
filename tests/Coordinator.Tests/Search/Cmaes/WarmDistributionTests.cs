using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Search.Cmaes;
using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Search.Cmaes;

public sealed class WarmDistributionTests
{
    private static readonly CmaesCoordinates Plane =
        new(new EncodedSpace(new SearchSpace([new FloatParameter("x", 0, 1, false, null, null, []), new FloatParameter("y", 0, 1, false, null, null, [])])));

    /// <summary>Nomura et al. 2021, eq. 8 and 9, worked by hand: the best two of twenty.</summary>
    [Fact]
    public void Is_the_normal_distribution_nearest_to_small_ones_about_the_best_tenth()
    {
        var prior = Enumerable.Range(0, 18).Select(i => Trial(i, [0.9, 0.05 * i], 100 + i)).Append(Trial(18, [0.2, 0.4], 1)).Append(Trial(19, [0.4, 0.8], 2)).ToList();
        var warm = WarmDistribution.Of(prior, Plane, new CmaesWeights(2, 6), adaptRates: false)!;

        Assert.Equal([0.3, 0.6], warm.Mean.ToArray(), new Near());
        // Covariance of the two: ((0.01, 0.02), (0.02, 0.04)); with 0.01 on the diagonal its determinant is 0.02 · 0.05 − 0.02².
        Assert.Equal(Math.Pow(0.0006, 0.25), warm.Sigma, 1e-12);
        Assert.Equal([0.02, 0.02, 0.02, 0.05], warm.Covariance.ToArray().Select(c => c * warm.Sigma * warm.Sigma), new Near());
    }

    [Fact]
    public void One_trial_gives_a_ball_about_it()
    {
        var warm = WarmDistribution.Of([Trial(0, [0.7, double.NaN], 5), Trial(1, [0.1, 0.1], double.PositiveInfinity)], Plane, new CmaesWeights(2, 6), adaptRates: false)!;

        Assert.Equal([0.7, 0.5], warm.Mean.ToArray());
        Assert.Equal(0.1, warm.Sigma, 1e-12);
    }

    [Fact]
    public void Diverged_trials_alone_give_none() =>
        Assert.Null(WarmDistribution.Of([Trial(0, [0.1, 0.1], double.PositiveInfinity)], Plane, new CmaesWeights(2, 6), adaptRates: false));

    private static Observation Trial(int number, double[] point, double loss) =>
        new(number - 100, point, double.IsFinite(loss) ? TrialState.Complete : TrialState.Diverged, loss, 0);

    private sealed class Near : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) < 1e-12;

        public int GetHashCode(double obj) => 0;
    }
}
