using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Shared.Tests.SearchSpaces;

public sealed class SearchSpaceTests
{
    private static readonly CategoricalParameter Optimizer = new("optimizer", [ParameterValue.Text("sgd"), ParameterValue.Text("adam")], []);
    private static readonly FloatParameter Momentum = new("momentum", 0, 0.9, false, 0.1, null, [new Condition("optimizer", [ParameterValue.Text("sgd")])]);

    [Fact]
    public void Draws_a_parameter_after_those_it_depends_on_and_shows_it_in_the_order_of_the_file()
    {
        var space = new SearchSpace([Momentum, Optimizer]);

        Assert.Equal(["optimizer", "momentum"], space.DrawOrder.Select(p => p.Name));
        Assert.Equal(
            ["momentum", "optimizer"],
            space.Arrange(new Dictionary<string, ParameterValue> { ["optimizer"] = ParameterValue.Text("sgd"), ["momentum"] = ParameterValue.Float(0.1) }).Keys);
    }

    [Fact]
    public void Contains_exactly_the_active_parameters_in_range()
    {
        var space = new SearchSpace([Optimizer, Momentum]);

        Assert.True(space.Contains(Set(("optimizer", ParameterValue.Text("adam")))));
        Assert.True(space.Contains(Set(("optimizer", ParameterValue.Text("sgd")), ("momentum", ParameterValue.Float(0.3)))));
        Assert.False(space.Contains(Set(("optimizer", ParameterValue.Text("sgd")))));
        Assert.False(space.Contains(Set(("optimizer", ParameterValue.Text("adam")), ("momentum", ParameterValue.Float(0.3)))));
        Assert.False(space.Contains(Set(("optimizer", ParameterValue.Text("sgd")), ("momentum", ParameterValue.Float(0.35)))));
    }

    [Fact]
    public void Refuses_circles_strangers_and_doubles()
    {
        var a = new IntParameter("a", 0, 1, false, 1, null, [new Condition("b", [ParameterValue.Int(1)])]);
        var b = new IntParameter("b", 0, 1, false, 1, null, [new Condition("a", [ParameterValue.Int(1)])]);

        Assert.Throws<ArgumentException>(() => new SearchSpace([a, b]));
        Assert.Throws<ArgumentException>(() => new SearchSpace([a]));
        Assert.Throws<ArgumentException>(() => new SearchSpace([Optimizer, Optimizer]));
    }

    [Fact]
    public void Match_gives_the_value_in_the_parameters_own_kind()
    {
        Assert.Equal(ParameterValue.Float(0.1 + 0.1 + 0.1), Momentum.Match(ParameterValue.Float(0.3)));
        Assert.Equal(ParameterValue.Float(0), Momentum.Match(ParameterValue.Int(0)));
        Assert.Null(Momentum.Match(ParameterValue.Float(0.35)));
        Assert.Null(new IntParameter("n", 0, 9, false, 1, null, []).Match(ParameterValue.Float(1)));
        Assert.Equal(ParameterValue.Int(1), new CategoricalParameter("c", [ParameterValue.Int(1)], []).Match(ParameterValue.Float(1)));
        Assert.Null(Optimizer.Match(ParameterValue.Text("lion")));
    }

    [Fact]
    public void Steps_end_at_the_last_one_that_fits()
    {
        Assert.Equal(10, Momentum.StepCount);
        Assert.Equal(4, new FloatParameter("f", 0, 1, false, 0.3, null, []).StepCount);
        Assert.Equal(4, new IntParameter("i", 0, 10, false, 3, null, []).Count);
    }

    private static TrialParameters Set(params (string Name, ParameterValue Value)[] values) => new(values.Select(v => KeyValuePair.Create(v.Name, v.Value)));
}
