using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Coordinator.Search.Quasirandom;
using TuningCluster.Coordinator.Search.Random;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Search.Quasirandom;

public sealed class SobolSamplerTests : QuasirandomSamplerTests
{
    protected override SequenceKind Kind => SequenceKind.Sobol;

    protected override QuasirandomSequence Sequence(int dimensions, long seed) => new SobolSequence(dimensions, seed);

    [Fact]
    public void A_power_of_two_of_trials_tries_every_value_equally_often()
    {
        var space = new SearchSpace(
        [
            new IntParameter("a", 1, 8, false, 1, null, []),
            new FloatParameter("b", 0, 1.5, false, 0.1, null, []),
            new CategoricalParameter("c", [ParameterValue.Text("x"), ParameterValue.Text("y")], []),
        ]);
        var found = Suggestions(Create(space), space, 64);

        Assert.All(found.GroupBy(p => p["a"]), g => Assert.Equal(8, g.Count()));
        Assert.All(found.GroupBy(p => p["b"]), g => Assert.Equal(4, g.Count()));
        Assert.All(found.GroupBy(p => p["c"]), g => Assert.Equal(32, g.Count()));
    }
}

public sealed class HaltonSamplerTests : QuasirandomSamplerTests
{
    protected override SequenceKind Kind => SequenceKind.Halton;

    protected override QuasirandomSequence Sequence(int dimensions, long seed) => new HaltonSequence(dimensions, seed);
}

public abstract class QuasirandomSamplerTests : SamplerContract
{
    private const long Seed = 17;

    private static readonly SearchSpace Square = new(
        [new FloatParameter("x", -1, 1, false, null, null, []), new FloatParameter("y", 1e-4, 1, true, null, null, [])]);

    protected abstract SequenceKind Kind { get; }

    protected abstract QuasirandomSequence Sequence(int dimensions, long seed);

    protected override ISampler Create(SearchSpace space) => new QuasirandomSampler(Kind, Seed);

    [Fact]
    public void Has_no_end_and_does_not_learn()
    {
        Assert.Null(Create(Square).Size);
        Assert.False(Create(Square).Learns);
    }

    [Fact]
    public void Trials_are_the_points_of_the_sequence_in_turn()
    {
        var encoded = new EncodedSpace(Square);
        var sequence = Sequence(2, Seed);
        var point = new double[2];
        foreach (var parameters in Suggestions(Create(Square), Square, 200))
        {
            sequence.Next(point);
            Assert.Equal(encoded.Decode(point), parameters);
        }
    }

    [Fact]
    public void Another_seed_gives_other_points() =>
        Assert.NotEqual(Suggest(new QuasirandomSampler(Kind, 1), Square, History([])), Suggest(new QuasirandomSampler(Kind, 2), Square, History([])));

    [Fact]
    public void Without_a_seed_nothing_is_suggested()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Suggest(new QuasirandomSampler(Kind, null), Square, History([])));

        Assert.Contains("seed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Enqueued_trials_use_up_no_point_and_the_point_of_a_cancelled_one_is_passed_over()
    {
        var points = Suggestions(Create(Square), Square, 4);
        HistoryTrial[] trials =
        [
            new(0, points[0], TrialState.Complete, 1, false), new(1, points[0], TrialState.Complete, 1, true),
            new(2, points[1], TrialState.Cancelled, null, false), new(3, points[2], TrialState.Running, null, false),
            new(4, points[2], TrialState.Waiting, null, true),
        ];

        Assert.Equal(points[3], Suggest(Create(Square), Square, new StudyHistory(5, Direction.Minimize, trials)));
    }

    /// <summary>a · b ≤ 0.2 of a square leaves 52 %.</summary>
    [Fact]
    public void With_constraints_the_allowed_points_follow_each_other()
    {
        var space = new SearchSpace(
            [new FloatParameter("a", 0, 1, false, null, null, []), new FloatParameter("b", 0, 1, false, null, null, [])], [Constraint.Parse("a * b <= 0.2")]);
        var encoded = new EncodedSpace(space);
        var sequence = Sequence(2, Seed);
        var point = new double[2];
        var expected = new List<TrialParameters>();
        for (var i = 0; i < 400; i++)
        {
            sequence.Next(point);
            if (point[0] * point[1] <= 0.2)
            {
                expected.Add(encoded.Decode(point));
            }
        }

        var sampler = Create(space);
        Assert.InRange(expected.Count, 180, 240);
        Assert.Equal(expected[..150], Suggestions(sampler, space, 150));

        // Back, far ahead and in a fresh one.
        Assert.Equal(expected[7], Suggest(sampler, space, History(expected[..7])));
        Assert.Equal(expected[170], Suggest(sampler, space, History(expected[..170])));
        Assert.Equal(expected[90], Suggest(Create(space), space, History(expected[..90])));
    }

    [Fact]
    public void Constraints_that_leave_nothing_are_named()
    {
        var space = new SearchSpace(
            [new FloatParameter("a", 0.5, 1, false, null, null, []), new FloatParameter("b", 0.5, 1, false, null, null, [])], [Constraint.Parse("a * b <= 0.2")]);

        Assert.Contains("a * b <= 0.2", Assert.Throws<InvalidOperationException>(() => Suggest(Create(space), space, History([]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_widened_space_goes_on_at_the_next_point()
    {
        var wide = new SearchSpace([new FloatParameter("x", -1, 3, false, null, null, []), Square.Parameters[1], new IntParameter("z", 0, 3, false, 1, null, [])]);
        var history = History(Suggestions(Create(Square), Square, 50));
        var point = new double[3];
        Sequence(3, Seed).At(50, point);
        var sampler = Create(Square);
        Suggest(sampler, Square, history);

        Assert.Equal(new EncodedSpace(wide).Decode(point), Suggest(sampler, wide, history));
    }

    [Fact]
    public void A_thousand_parameters_are_not_too_many()
    {
        var space = new SearchSpace([.. Enumerable.Range(0, 1000).Select(i => (Parameter)new FloatParameter($"x{i}", 0, 1, false, null, null, []))]);

        Assert.All(Suggestions(Create(space), space, 5), p => Assert.True(space.Contains(p)));
    }

    /// <summary>The mean of a smooth function over 256 trials is nearer to its integral than random trials' by more than an order.</summary>
    [Fact]
    public void Is_more_even_than_random()
    {
        var (even, random) = (0.0, 0.0);
        for (var seed = 0; seed < 20; seed++)
        {
            even += Math.Pow(Error(Suggestions(new QuasirandomSampler(Kind, seed), Square, 256)), 2);
            random += Math.Pow(Error(Enumerable.Range(0, 256).Select(i => new RandomSampler().Suggest(Square, History([]), Rng.For(seed, i, "suggest")))), 2);
        }

        Assert.InRange(even, 0, random / 100);

        // x² · u, where u is the logarithm of y brought to [0, 1]: its integral is 1/6.
        static double Error(IEnumerable<TrialParameters> trials) =>
            trials.Average(p => Math.Pow(p["x"].AsDouble(), 2) * (1 + (Math.Log10(p["y"].AsDouble()) / 4))) - (1.0 / 6);
    }
}
