using CsCheck;
using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Search.Grid;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Tests.Search.Grid;

public sealed class GridSamplerTests : SamplerContract
{
    /// <summary>Small spaces with conditions on any earlier parameter, chains and forks included.</summary>
    private static readonly Gen<SearchSpace> SmallSpaces =
        from kinds in Gen.Int[0, 4].Array[1, 6]
        from counts in Gen.Int[1, 4].Array[6]
        from parents in Gen.Int[-3, 5].Array[6]
        from seconds in Gen.Int[-6, 5].Array[6]
        from picks in Gen.Int[1, 15].Array[6]
        select Space(kinds, counts, parents, seconds, picks);

    protected override ISampler Create(SearchSpace space) => new GridSampler(space);

    [Fact]
    public void Visits_every_point_exactly_once() => SmallSpaces.Sample(
        space =>
        {
            var expected = Enumerate(space);
            var sampler = new GridSampler(space);

            var found = Suggestions(sampler, space, expected.Count + 1);

            Assert.Equal(expected.Count, sampler.Size);
            Assert.Equal(expected.Count, found.Count);
            Assert.Equal(expected.Select(p => p.ToString()).Order(), found.Select(p => p.ToString()).Order());
            Assert.Equal(found.Count, found.Distinct().Count());
            Assert.All(found, p => Assert.True(space.Contains(p)));
        },
        iter: 500);

    [Fact]
    public void Goes_through_the_points_in_the_order_of_the_file()
    {
        var space = new SearchSpace(
        [
            new IntParameter("layers", 1, 2, false, 1, null, []),
            new CategoricalParameter("optimizer", [ParameterValue.Text("sgd"), ParameterValue.Text("adam")], []),
        ]);

        Assert.Equal(
            ["layers=1 optimizer=sgd", "layers=1 optimizer=adam", "layers=2 optimizer=sgd", "layers=2 optimizer=adam"],
            Suggestions(new GridSampler(space), space, 9).Select(p => p.ToString()));
    }

    [Fact]
    public void Takes_points_evenly_in_log_space_with_exact_ends()
    {
        var space = new SearchSpace([new FloatParameter("x", 1e-4, 1, true, null, 5, [])]);

        var values = Suggestions(new GridSampler(space), space, 9).Select(p => p["x"].AsDouble()).ToArray();

        Assert.Equal([1e-4, 1e-3, 1e-2, 1e-1, 1], values.Select(v => Math.Round(v, 12)));
        Assert.Equal((1e-4, 1.0), (values[0], values[^1]));
    }

    [Fact]
    public void Points_of_whole_numbers_that_fall_together_count_once()
    {
        var space = new SearchSpace([new IntParameter("x", 1, 6, true, 1, 5, [])]);

        Assert.Equal(["x=1", "x=2", "x=4", "x=6"], Suggestions(new GridSampler(space), space, 9).Select(p => p.ToString()));
    }

    [Fact]
    public void Enqueued_trials_use_up_no_point()
    {
        var sampler = new GridSampler(Mixed);
        var first = Suggest(sampler, Mixed, History([]));

        Assert.Equal(first, Suggest(sampler, Mixed, History([first!, first!], enqueued: true)));
        Assert.NotEqual(first, Suggest(sampler, Mixed, History([first!])));
    }

    [Fact]
    public void Is_exhausted_after_its_size()
    {
        var size = (int)new GridSampler(Mixed).Size!.Value;

        // 5 · 3 · 3 · 4 · 1 times: adam; and two optimizers with momentum 0, 0.9 alone and 0.3, 0.6 with two choices each.
        Assert.Equal(180 * (1 + (2 * (2 + (2 * 2)))), size);
        Assert.Null(Suggest(new GridSampler(Mixed), Mixed, History(Enumerable.Repeat(TrialParameters.Empty, size))));
        Assert.NotNull(Suggest(new GridSampler(Mixed), Mixed, History(Enumerable.Repeat(TrialParameters.Empty, size - 1))));
    }

    [Fact]
    public void Billions_of_points_are_counted_not_listed()
    {
        var space = new SearchSpace(
        [
            new IntParameter("n", 0, 2_000_000_000, false, 1, null, []),
            new IntParameter("m", 0, 999, false, 1, null, [new Condition("n", [ParameterValue.Int(5), ParameterValue.Int(1_999_999_999)])]),
        ]);
        var grid = new ParameterGrid(space);

        Assert.Equal(2_000_000_001 + (2 * 999), grid.Size);
        Assert.Equal("n=5 m=0", grid[5].ToString());
        Assert.Equal("n=6", grid[1005].ToString());
        Assert.Equal("n=2000000000", grid[grid.Size - 1].ToString());
        Assert.Equal("n=1999999999 m=999", grid[grid.Size - 2].ToString());
    }

    [Fact]
    public void More_points_than_fit_into_64_bits_end_there()
    {
        var when = new[] { new Condition("x0", [ParameterValue.Int(3)]) };
        var space = new SearchSpace([.. Enumerable.Range(0, 90).Select(i => (Parameter)new IntParameter($"x{i}", 0, 9, false, 1, null, i == 0 || i > 60 ? [] : when))]);
        var grid = new ParameterGrid(space);

        Assert.Equal(long.MaxValue, grid.Size);
        Assert.True(space.Contains(grid[0]));
        Assert.True(space.Contains(grid[long.MaxValue - 1]));
    }

    [Fact]
    public void A_parameter_that_hangs_on_forty_others_is_counted_at_once()
    {
        var parents = Enumerable.Range(0, 40).Select(i => new CategoricalParameter($"p{i}", [ParameterValue.Bool(false), ParameterValue.Bool(true)], [])).ToList();
        var child = new IntParameter("child", 1, 8, false, 1, null, [.. parents.Select(p => new Condition(p.Name, [ParameterValue.Bool(true)]))]);

        Assert.Equal((1L << 40) + 7, new ParameterGrid(new SearchSpace([.. parents, child])).Size);
    }

    [Fact]
    public void A_float_without_step_or_points_is_refused() =>
        Assert.Throws<ArgumentException>(() => new GridSampler(new SearchSpace([new FloatParameter("x", 0, 1, false, null, null, [])])));

    private static SearchSpace Space(int[] kinds, int[] counts, int[] parents, int[] seconds, int[] picks)
    {
        var parameters = new List<Parameter>();
        for (var i = 0; i < kinds.Length; i++)
        {
            var when = new List<Condition>();
            foreach (var parent in new[] { parents[i], seconds[i] }.Where(p => p >= 0 && p < i).Distinct())
            {
                var values = Values(parameters[parent]);
                var picked = values.Where((_, k) => ((picks[i] >> k) & 1) == 1).ToList();
                when.Add(new Condition(parameters[parent].Name, picked.Count > 0 ? picked : [values[0]]));
            }

            parameters.Add(kinds[i] switch
            {
                0 => new IntParameter($"p{i}", 1, counts[i] + 1, false, 1, null, when),
                1 => new FloatParameter($"p{i}", 0, counts[i] * 0.1, false, 0.1, null, when),
                2 => new FloatParameter($"p{i}", 0.1, 10, true, null, counts[i] + 1, when),
                3 => new IntParameter($"p{i}", 0, 3 * counts[i], false, 3, 2, when),
                _ => new CategoricalParameter($"p{i}", [.. Enumerable.Range(0, counts[i]).Select(k => ParameterValue.Text($"c{k}"))], when),
            });
        }

        // Conditions may point forward in the file.
        parameters.Reverse();
        return new SearchSpace(parameters);
    }

    private static List<ParameterValue> Values(Parameter parameter) =>
        [.. Suggestions(new GridSampler(new SearchSpace([parameter with { When = [] }])), new SearchSpace([parameter with { When = [] }]), 100).Select(p => p[parameter.Name])];

    /// <summary>The obvious way: every combination, drawn in order.</summary>
    private static List<TrialParameters> Enumerate(SearchSpace space)
    {
        var points = new List<TrialParameters>();
        Extend(0, []);
        return points;

        void Extend(int level, Dictionary<string, ParameterValue> drawn)
        {
            if (level == space.DrawOrder.Count)
            {
                points.Add(space.Arrange(drawn));
                return;
            }

            var parameter = space.DrawOrder[level];
            if (!SearchSpace.IsActive(parameter, drawn))
            {
                Extend(level + 1, drawn);
                return;
            }

            foreach (var value in Values(parameter))
            {
                drawn[parameter.Name] = value;
                Extend(level + 1, drawn);
                drawn.Remove(parameter.Name);
            }
        }
    }
}
