using TuningCluster.Benchmarks.Quality;
using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Search.Random;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Tests.Benchmarks.Quality;

public sealed class FunctionProblemTests
{
    public static TheoryData<string, bool> Problems =>
        [.. KnownFunction.All.SelectMany(f => new[] { (f.Name, false), (f.Name, true) })];

    [Theory]
    [MemberData(nameof(Problems))]
    public void Keeps_the_least_value_inside_the_box(string name, bool isMoved)
    {
        var problem = new FunctionProblem(KnownFunction.All.Single(f => f.Name == name), isMoved);
        for (var seed = 0; seed < 30; seed++)
        {
            var optimum = problem.OptimumOf(seed);

            Assert.True(problem.Space.Contains(optimum));
            Assert.Equal(problem.Best!.Value, problem.Begin(seed).Judge(optimum), 1e-9);
        }
    }

    [Fact]
    public void Moving_turns_and_shifts_without_stretching()
    {
        // Of squared distance to the optimum, rotated about it, nothing but the shift is to be seen.
        var sphere = new KnownFunction("sphere", [-3, -3, -3], [5, 5, 5], [0.5, 0.25, 0.75], 0, x => Squared(x[0] - 1) + Squared(x[1] + 1) + Squared(x[2] - 3));
        var problem = new FunctionProblem(sphere, isMoved: true);
        var centre = Numbers(problem.OptimumOf(4));

        foreach (var point in Draws(problem.Space, 100))
        {
            var distance = Numbers(point).Zip(centre, (a, b) => Squared(a - b)).Sum();
            Assert.Equal(distance, problem.Begin(4).Judge(point), 1e-9 * (1 + distance));
        }
    }

    [Fact]
    public void Moving_turns_the_axes()
    {
        // Of the square of one coordinate every other coordinate sees something, but for an accident.
        var ridge = new KnownFunction("ridge", [0, 0], [1, 1], [0.5, 0.5], 0, x => Squared(x[0] - 0.5));
        var problem = new FunctionProblem(ridge, isMoved: true);
        var values = Enumerable.Range(0, 20).Select(seed => problem.Begin(seed).Judge(Along(problem.OptimumOf(seed), 0.1))).ToArray();

        Assert.All(values, value => Assert.InRange(value, 0, 0.01 + 1e-12));
        Assert.InRange(values.Average(), 0.003, 0.007);

        static TrialParameters Along(TrialParameters optimum, double step) =>
            new(optimum.Select(v => KeyValuePair.Create(v.Key, ParameterValue.Float(v.Value.AsDouble() + (v.Key == "x1" ? step : 0)))));
    }

    [Fact]
    public void A_seed_is_always_the_same_problem_and_another_one_another()
    {
        var problem = new FunctionProblem(KnownFunction.All[0], isMoved: true);
        var point = Draws(problem.Space, 1).Single();
        var values = Enumerable.Range(0, 20).Select(seed => problem.Begin(seed).Observe(point, 3)).ToArray();

        Assert.Equal(values, Enumerable.Range(0, 20).Select(seed => problem.Begin(seed).Judge(point)));
        Assert.Equal(20, values.Distinct().Count());
    }

    [Fact]
    public void Regret_is_0_at_the_best_and_1_at_the_middle_of_random_trials()
    {
        var problem = new FunctionProblem(KnownFunction.All[1], isMoved: true);
        var regret = new Regret(problem, 2);
        var run = problem.Begin(2);
        var random = Draws(problem.Space, 1001).Select(point => regret.Of(run.Judge(point))).Order().ToArray();

        Assert.Equal(0, regret.Of(problem.Best!.Value));
        Assert.InRange(random[500], 0.95, 1.05);
        Assert.True(Regret.IsLowerBetter(problem));
    }

    private static double Squared(double value) => value * value;

    private static double[] Numbers(TrialParameters point) => [.. point.Values.Select(v => v.AsDouble())];

    private static IEnumerable<TrialParameters> Draws(SearchSpace space, int count)
    {
        var nothing = new StudyHistory(0, Direction.Minimize, []);
        var sampler = new RandomSampler();
        return Enumerable.Range(0, count).Select(i => sampler.Suggest(space, nothing, Rng.For(77, i, "suggest")));
    }
}
