using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Search.Bayesian;
using TuningCluster.Coordinator.Search.Nsga2;
using TuningCluster.Coordinator.Search.Pareto;
using TuningCluster.Coordinator.Search.Random;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Search;

/// <summary>What every strategy must do that learns of several objectives and of constraints on metrics.</summary>
public abstract class SeveralObjectivesContract
{
    private const long Seed = 42;

    private static readonly Direction[] Both = [Direction.Minimize, Direction.Maximize];

    private static readonly SearchSpace Mixed = new(
    [
        new FloatParameter("momentum", 0, 0.9, false, 0.3, null, [new Condition("optimizer", [ParameterValue.Text("sgd")])]),
        new FloatParameter("learning_rate", 1e-4, 1, true, null, null, []),
        new IntParameter("width", 8, 256, true, 1, null, []),
        new CategoricalParameter("optimizer", [ParameterValue.Text("sgd"), ParameterValue.Text("adam"), ParameterValue.Text("lion")], []),
    ]);

    private static readonly SearchSpace Cube = new([.. Enumerable.Range(0, 5).Select(i => (Parameter)new FloatParameter($"x{i}", 0, 1, false, null, null, []))]);

    protected abstract ISampler Create(long seed);

    /// <summary>Trials that end out of order and in every way; violations that are not known.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_sampler_that_saw_the_study_grow_suggests_what_a_fresh_one_does(int constraints)
    {
        var kept = Create(Seed);
        var (trials, finished, lineage, rng) = (new List<HistoryTrial>(), new List<int>(), new object(), Rng.For(Seed, constraints, "ends"));
        for (var i = 0; i < 50; i++)
        {
            var history = new StudyHistory(i, Direction.Minimize, [.. trials]) { Objectives = Both, Finished = [.. finished], Budget = 50 };
            var suggested = Suggest(kept, Mixed, history with { Lineage = lineage });

            Assert.Equal(Suggest(Create(Seed), Mixed, history), suggested);
            Assert.True(Mixed.Contains(suggested), suggested.ToString());
            trials.Add(new HistoryTrial(i, suggested, TrialState.Running, null, false));
            var open = trials.Where(t => t.State == TrialState.Running).ToList();
            if (open.Count == 4)
            {
                var ended = open[rng.NextInt32(4)];
                trials[ended.Number] = rng.NextInt32(8) switch
                {
                    0 => ended with { State = TrialState.Failed },
                    1 => ended with { State = TrialState.Diverged },
                    2 => ended with { State = TrialState.Cancelled },
                    _ => Complete(ended.Number, ended.Parameters, [rng.NextInt32(5), rng.NextDouble()], [.. Enumerable.Range(0, constraints).Select(_ => rng.NextInt32(6) == 0 ? double.PositiveInfinity : rng.NextDouble() - 0.5)]),
                };
                finished.Add(ended.Number);
            }
        }
    }

    [Theory]
    [InlineData(TrialState.Running)]
    [InlineData(TrialState.Failed)]
    [InlineData(TrialState.Diverged)]
    [InlineData(TrialState.Cancelled)]
    [InlineData(TrialState.Complete)]
    public void Copes_with_trials_that_all_stand_alike(TrialState state)
    {
        foreach (var violation in (double[])[-1, 1, double.PositiveInfinity])
        {
            var trials = RandomTrials(40).Select(t => state == TrialState.Complete ? Complete(t.Number, t.Parameters, [1, 1], [violation]) : t with { State = state }).ToList();

            Assert.True(Mixed.Contains(Suggest(Create(Seed), Mixed, new StudyHistory(40, Direction.Minimize, trials) { Objectives = Both })));
        }
    }

    [Fact]
    public void Copes_with_many_pending_trials_and_sends_each_elsewhere()
    {
        var sampler = Create(Seed);
        var trials = RandomTrials(20).Select(t => Complete(t.Number, t.Parameters, [t.Number % 7, -t.Number % 5], [])).ToList();
        for (var i = 0; i < 64; i++)
        {
            var suggested = Suggest(sampler, Mixed, new StudyHistory(trials.Count, Direction.Minimize, trials) { Objectives = Both });
            Assert.DoesNotContain(suggested, trials.Select(t => t.Parameters));
            trials.Add(new HistoryTrial(trials.Count, suggested, TrialState.Running, null, false));
        }
    }

    [Fact]
    public void Copes_with_three_objectives_and_with_numbers_far_apart()
    {
        Direction[] three = [Direction.Minimize, Direction.Maximize, Direction.Minimize];
        var trials = RandomTrials(40).Select(t => Complete(t.Number, t.Parameters, [Math.Pow(10, t.Number * 7), -Math.Pow(0.1, t.Number), t.Number == 7 ? -1e300 : 3], [])).ToList();

        Assert.True(Mixed.Contains(Suggest(Create(Seed), Mixed, new StudyHistory(40, Direction.Minimize, trials) { Objectives = three })));
    }

    /// <summary>Trials after which the front is compared with that of as many random ones.</summary>
    protected abstract int Trials { get; }

    /// <summary>ZDT1 (Zitzler, Deb and Thiele 2000) in five dimensions.</summary>
    [Fact]
    public void The_front_is_far_better_than_that_of_random_points()
    {
        var (mine, random) = (Volumes(Create), Volumes(_ => new RandomSampler()));

        Assert.True(mine.Min() > random.Max(), $"{string.Join(' ', mine)} against {string.Join(' ', random)}");

        double[] Volumes(Func<long, ISampler> create) => [.. Enumerable.Range(1, 5).Select(seed => Hypervolume.Of(Front(create(seed), seed, Trials, unit => []), [1.1, 6]))];
    }

    /// <summary>The left half of ZDT1's front is forbidden: trials learn to keep off it.</summary>
    [Fact]
    public void Constraints_on_metrics_are_learnt()
    {
        var losses = Front(Create(1), 1, 60, unit => [0.5 - unit[0]]);

        Assert.InRange(losses.Skip(40).Count(l => l[0] >= 0.5), 14, 20);
    }

    private static List<double[]> Front(ISampler sampler, int seed, int count, Func<double[], double[]> violations)
    {
        var (trials, lineage) = (new List<HistoryTrial>(), new object());
        while (trials.Count < count)
        {
            var history = new StudyHistory(trials.Count, Direction.Minimize, trials) { Objectives = [Direction.Minimize, Direction.Minimize], Lineage = lineage, Budget = count };
            var parameters = sampler.Suggest(Cube, history, Rng.For(seed, trials.Count, "suggest"))!;
            double[] x = [.. Enumerable.Range(0, 5).Select(i => parameters[$"x{i}"].AsDouble())];
            var g = 1 + (9 * x.Skip(1).Average());
            trials.Add(Complete(trials.Count, parameters, [x[0], g * (1 - Math.Sqrt(x[0] / g))], violations(x)));
        }

        return [.. trials.Select(t => t.Values.ToArray())];
    }

    private static HistoryTrial Complete(int number, TrialParameters parameters, double[] values, double[] violations) =>
        new(number, parameters, TrialState.Complete, values[0], false) { Values = values, Violations = violations };

    private static List<HistoryTrial> RandomTrials(int count)
    {
        var (random, none) = (new RandomSampler(), new StudyHistory(0, Direction.Minimize, []));
        return [.. Enumerable.Range(0, count).Select(i => new HistoryTrial(i, random.Suggest(Mixed, none, Rng.For(3, i, "trials")), TrialState.Running, null, false))];
    }

    private static TrialParameters Suggest(ISampler sampler, SearchSpace space, StudyHistory history) =>
        sampler.Suggest(space, history, Rng.For(Seed, history.NextNumber, "suggest"))!;
}

public sealed class SeveralObjectivesBayesianSamplerTests : SeveralObjectivesContract
{
    protected override int Trials => 40;

    protected override ISampler Create(long seed) => new BayesianSampler(new BayesianSettings(null, Marginalize: false), seed);
}

[Trait("Lane", "Long")]
public sealed class SeveralObjectivesMarginalizingBayesianSamplerTests : SeveralObjectivesContract
{
    protected override int Trials => 40;

    protected override ISampler Create(long seed) => new BayesianSampler(new BayesianSettings(30, Marginalize: true), seed);
}

public sealed class SeveralObjectivesNsga2SamplerTests : SeveralObjectivesContract
{
    protected override int Trials => 200;

    protected override ISampler Create(long seed) => new Nsga2Sampler(new Nsga2Settings(null, 0.9, null, 10), seed);
}
