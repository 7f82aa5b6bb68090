using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Search.Bayesian;
using TuningCluster.Coordinator.Search.Cmaes;
using TuningCluster.Coordinator.Search.Metropolis;
using TuningCluster.Coordinator.Search.Nsga2;
using TuningCluster.Coordinator.Search.Random;
using TuningCluster.Coordinator.Search.Tpe;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Search;

/// <summary>Constraints on metrics: what cannot be known beforehand is learnt.</summary>
public sealed class ConstrainedSearchTests
{
    private const int Trials = 120;

    private static readonly SearchSpace Square = new([new FloatParameter("x", 0, 1, false, null, null, []), new FloatParameter("y", 0, 1, false, null, null, [])]);

    public static TheoryData<string> Strategies => ["bayesian", "tpe", "cmaes", "metropolis", "nsga2"];

    /// <summary>x + y is least where it is forbidden: the best that is allowed, 0.5998, lies at the border (Gramacy et al. 2016).</summary>
    [Theory]
    [MemberData(nameof(Strategies))]
    public void The_search_goes_to_the_border_of_what_is_fulfilled(string strategy)
    {
        var found = Seeds.Select(seed => Run(Create(strategy, seed), seed, Gramacy)).ToList();
        var random = Seeds.Select(seed => Run(new RandomSampler(), seed, Gramacy)).ToList();

        Assert.True(Median(found.Select(f => f.Best)) < Median(random.Select(r => r.Best)), $"{Median(found.Select(f => f.Best))} against {Median(random.Select(r => r.Best))}");
        Assert.InRange(Median(found.Select(f => f.Best)), 0.5997, 0.7);
        // A search that did not look at the constraints would end at the origin, where nothing is allowed.
        Assert.True(Median(found.Select(f => f.LastUsable)) > 0.2, $"{Median(found.Select(f => f.LastUsable))} of the last trials are usable");
    }

    /// <summary>Only a small corner is allowed, and nothing but the violation shows the way to it.</summary>
    [Theory]
    [MemberData(nameof(Strategies))]
    public void Where_nothing_is_fulfilled_yet_it_goes_to_where_less_is_violated(string strategy)
    {
        var found = Seeds.Select(seed => Run(Create(strategy, seed), seed, (x, y) => (x + y, [1.9 - x - y]))).ToList();

        Assert.True(found.Count(f => double.IsFinite(f.Best)) >= Seeds.Count - 1, $"{found.Count(f => double.IsFinite(f.Best))} of {Seeds.Count} found it");
    }

    private static IReadOnlyList<int> Seeds => [.. Enumerable.Range(1, 9)];

    private static ISampler Create(string strategy, int seed) => strategy switch
    {
        "bayesian" => new BayesianSampler(new BayesianSettings(null, Marginalize: false), seed),
        "nsga2" => new Nsga2Sampler(new Nsga2Settings(null, 0.9, null, 10), seed),
        "tpe" => new TpeSampler(new TpeSettings(10, Multivariate: true, 24, 0.1), seed),
        "cmaes" => new CmaesSampler(new CmaesSettings(null, 0.13, Restarts: true, AdaptRates: false), seed),
        _ => new MetropolisSampler(new MetropolisSettings(null, 1, null, Adapt: true), seed),
    };

    private static (double Value, double[] Violations) Gramacy(double x, double y) =>
        (x + y, [1.5 - x - (2 * y) - (0.5 * Math.Sin(2 * Math.PI * ((x * x) - (2 * y)))), (x * x) + (y * y) - 1.5]);

    /// <summary>The best usable value, ∞ without one, and the share of the last quarter of the trials that is usable.</summary>
    private static (double Best, double LastUsable) Run(ISampler sampler, int seed, Func<double, double, (double, double[])> function)
    {
        var trials = new List<HistoryTrial>();
        var lineage = new object();
        while (trials.Count < Trials)
        {
            var history = new StudyHistory(trials.Count, Direction.Minimize, trials) { Lineage = lineage, Budget = Trials };
            var parameters = sampler.Suggest(Square, history, Rng.For(seed, trials.Count, "suggest"))!;
            var (value, violations) = function(parameters["x"].AsDouble(), parameters["y"].AsDouble());
            trials.Add(new HistoryTrial(trials.Count, parameters, TrialState.Complete, value, false) { Violations = violations });
        }

        var usable = trials.Where(t => t.Violations.All(v => v <= 0)).ToList();
        return (usable.Select(t => t.Value!.Value).DefaultIfEmpty(double.PositiveInfinity).Min(), usable.Count(t => t.Number >= Trials * 3 / 4) / (Trials / 4.0));
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Seeds.Count / 2);
}
