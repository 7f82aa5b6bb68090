using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Search.Auto;
using TuningCluster.Coordinator.Search.Bayesian;
using TuningCluster.Coordinator.Search.Cmaes;
using TuningCluster.Coordinator.Search.Metropolis;
using TuningCluster.Coordinator.Search.Nsga2;
using TuningCluster.Coordinator.Search.Tpe;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Tests.Search;

public sealed class BayesianSamplerTests : SamplerContract
{
    protected override int Patience => 150;

    protected override ISampler Create(SearchSpace space) => new BayesianSampler(new BayesianSettings(null, Marginalize: false), 42);
}

[Trait("Lane", "Long")]
public sealed class MarginalizingBayesianSamplerTests : SamplerContract
{
    protected override int Patience => 60;

    // Few trials with a model: its hyperparameters are drawn anew in every one of these tests.
    protected override ISampler Create(SearchSpace space) => new BayesianSampler(new BayesianSettings(40, Marginalize: true), 42);
}

public sealed class MultivariateTpeSamplerTests : SamplerContract
{
    protected override ISampler Create(SearchSpace space) => new TpeSampler(new TpeSettings(10, Multivariate: true, 24, 0.1), 42);
}

public sealed class UnivariateTpeSamplerTests : SamplerContract
{
    protected override ISampler Create(SearchSpace space) => new TpeSampler(new TpeSettings(10, Multivariate: false, 24, 0.1), 42);
}

public sealed class CmaesSamplerTests : SamplerContract
{
    protected override ISampler Create(SearchSpace space) => new CmaesSampler(new CmaesSettings(null, 0.13, Restarts: true, AdaptRates: false), 42);
}

public sealed class RateAdaptingCmaesSamplerTests : SamplerContract
{
    protected override ISampler Create(SearchSpace space) => new CmaesSampler(new CmaesSettings(null, 0.13, Restarts: true, AdaptRates: true), 42);
}

public sealed class MetropolisSamplerTests : SamplerContract
{
    protected override ISampler Create(SearchSpace space) => new MetropolisSampler(new MetropolisSettings(null, 1, null, Adapt: true), 42);
}

public sealed class TemperingMetropolisSamplerTests : SamplerContract
{
    protected override ISampler Create(SearchSpace space) => new MetropolisSampler(new MetropolisSettings(null, 3, null, Adapt: true), 42);
}

public sealed class Nsga2SamplerContractTests : SamplerContract
{
    protected override ISampler Create(SearchSpace space) => new Nsga2Sampler(new Nsga2Settings(null, 0.9, null, 10), 42);
}

public sealed class AutoSamplerTests : SamplerContract
{
    protected override int Patience => 150;

    [Theory]
    [InlineData(3, 100, 1, "bayesian", "3 parameters and 100 trials suit")]
    [InlineData(3, null, 1, "bayesian", "3 parameters suit")]
    [InlineData(3, 501, 1, "tpe", "501 trials")]
    [InlineData(61, 100, 1, "tpe", "61 parameters are too many")]
    [InlineData(3, 500, 2, "bayesian", "500 trials")]
    [InlineData(3, 501, 2, "nsga2", "501 trials")]
    public void Chooses_by_space_budget_and_objectives_and_says_why(int parameters, int? budget, int objectives, string strategy, string reason)
    {
        var space = new SearchSpace([.. Enumerable.Range(0, parameters).Select(i => (Parameter)new IntParameter($"x{i}", 0, 9, false, 1, null, []))]);
        var choice = AutoChoice.For(space, budget, objectives);

        Assert.Equal(strategy, choice.Strategy);
        Assert.Contains(reason, choice.Reason, StringComparison.Ordinal);
    }

    protected override ISampler Create(SearchSpace space) => new AutoSampler(
        new BayesianSampler(new BayesianSettings(null, Marginalize: false), 42), new TpeSampler(new TpeSettings(10, Multivariate: true, 24, 0.1), 42), new Nsga2Sampler(new Nsga2Settings(null, 0.9, null, 10), 42));
}
