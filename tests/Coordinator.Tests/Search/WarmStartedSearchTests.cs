using TuningCluster.Coordinator.Search;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Strategies;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;
using TuningCluster.Coordinator.Tests.Studies;

namespace TuningCluster.Coordinator.Tests.Search;

public sealed class WarmStartedSearchTests
{
    public static readonly TheoryData<string> Strategies = [.. StrategySettings.ForWarmStart];

    /// <summary>A bowl whose floor is off the centre.</summary>
    private static double Bowl(TrialParameters p) => Math.Pow(p["x1"].AsDouble() - 7, 2) + Math.Pow(p["x2"].AsDouble() - 3, 2);

    [Theory]
    [MemberData(nameof(Strategies))]
    public void The_first_trials_are_better_than_those_they_were_learned_from(string strategy)
    {
        var spec = Specs.Parse($$"""
            name: bowl
            objective: { kind: function, name: branin }
            parameters:
              x1: { type: float, low: -5, high: 10 }
              x2: { type: float, low: 0, high: 15 }
            strategy: { name: {{strategy}}, seed: 42 }
            budget: { trials: 10 }
            """);
        var prior = Enumerable.Range(-60, 60)
            .Select(n => Rng.For(1, n, "prior"))
            .Select(rng => Specs.Point((15 * rng.NextDouble()) - 5, 15 * rng.NextDouble()))
            .Select((p, i) => new HistoryTrial(i - 60, p, TrialState.Complete, Bowl(p), false))
            .ToArray();
        var sampler = SamplerFactory.Create(spec);
        var trials = new List<HistoryTrial>();
        while (trials.Count < 10)
        {
            var history = new StudyHistory(trials.Count, Direction.Minimize, [.. trials]) { Prior = prior, Budget = 10 };
            var parameters = sampler.Suggest(spec.Space, history, Rng.For(42, trials.Count, "suggest"))!;
            trials.Add(new HistoryTrial(trials.Count, parameters, TrialState.Complete, Bowl(parameters), false));
        }

        // The best of sixty of these is within 1.2 or so; the median of random ones is about 60.
        var median = trials.Select(t => t.Value!.Value).Order().ElementAt(5);
        Assert.InRange(median, 0, 15);
    }
}
