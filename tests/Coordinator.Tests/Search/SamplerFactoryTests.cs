using TuningCluster.Coordinator.Search;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Tests.Search;

public sealed class SamplerFactoryTests
{
    [Theory]
    [InlineData("grid", 3L)]
    [InlineData("random", null)]
    [InlineData("quasirandom", null)]
    [InlineData("bayesian", null)]
    [InlineData("tpe", null)]
    [InlineData("cmaes", null)]
    [InlineData("metropolis", null)]
    [InlineData("nsga2", null)]
    [InlineData("auto", null)]
    public void Makes_the_sampler_of_the_strategy(string strategy, long? size)
    {
        var spec = StudyFile.Parse(
            $"name: a\nobjective: {{ kind: function, name: sphere }}\nparameters: {{ x: {{ type: int, low: 1, high: 3 }} }}\nbudget: {{ trials: 3 }}\nstrategy: {strategy}\n",
            "a.yaml").SpecOrThrow();

        var sampler = SamplerFactory.Create(spec);

        Assert.Equal(size, sampler.Size);
        Assert.StartsWith(strategy, sampler.Version, StringComparison.Ordinal);
    }

    [Fact]
    public void A_population_has_as_many_trials_as_its_members_have_turns()
    {
        var spec = StudyFile.Parse(
            "name: a\ndata: { source: a.csv, target: y }\nparameters: { dropout: { type: float, low: 0, high: 0.5 } }\nmodel: { epochs: 35 }\nstrategy: pbt\nenqueue: [ { dropout: 0 } ]\n",
            "a.yaml").SpecOrThrow();

        // 8 members, an interval of 3 epochs, and one set that is the user's.
        Assert.Equal((8 * 12) - 1, SamplerFactory.Create(spec).Size);
    }
}
