using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Tests.Studies;

public sealed class SettingsHashTests
{
    private const string Conditional =
        """
        version: 1
        name: hills
        objective: { kind: function, name: sphere }
        parameters:
          kind: { type: categorical, choices: [round, flat] }
          x1: { type: float, low: -5, high: 10 }
          x2: { type: float, low: 0, high: 15, when: { kind: round } }
        strategy: { name: random, seed: 42 }
        budget: { trials: 4 }
        """;

    private static readonly string Plain = SettingsHash.Of(Specs.Random());

    [Fact]
    public void Is_sixteen_hexadecimal_digits_and_the_same_for_the_same_study()
    {
        Assert.Matches("^[0-9a-f]{16}$", Plain);
        Assert.Equal(Plain, SettingsHash.Of(Specs.Random()));
    }

    [Fact]
    public void Does_not_depend_on_what_suggestions_do_not_depend_on()
    {
        var spec = Specs.Random(99);
        Assert.Equal(Plain, SettingsHash.Of(spec with { Name = "other", Parallel = new ParallelSpec(7, 1), Retry = new RetrySpec(9) }));
    }

    [Fact]
    public void Changes_with_the_seed_the_strategy_and_its_settings()
    {
        var spec = Specs.Random();
        Assert.NotEqual(Plain, SettingsHash.Of(spec with { Strategy = spec.Strategy with { Seed = 43 } }));
        Assert.NotEqual(Plain, SettingsHash.Of(spec with { Strategy = spec.Strategy with { Name = "other" } }));
        Assert.NotEqual(Plain, SettingsHash.Of(With(spec, ("warmth", 1))));
    }

    [Fact]
    public void The_order_of_settings_does_not_matter() =>
        Assert.Equal(SettingsHash.Of(With(Specs.Random(), ("a", 1), ("b", 2))), SettingsHash.Of(With(Specs.Random(), ("b", 2), ("a", 1))));

    [Theory]
    [InlineData("high: 10", "high: 11")]
    [InlineData("x1:", "x3:")]
    [InlineData("when: { kind: round }", "when: { kind: flat }")]
    [InlineData("[round, flat]", "[flat, round]")]
    public void Changes_with_every_part_of_the_space(string was, string becomes) =>
        Assert.NotEqual(
            SettingsHash.Of(Specs.Parse(Conditional)), SettingsHash.Of(Specs.Parse(Conditional.Replace(was, becomes, StringComparison.Ordinal))));

    private static StudySpec With(StudySpec spec, params (string Name, long Value)[] settings) =>
        spec with { Strategy = spec.Strategy with { Settings = settings.ToDictionary(s => s.Name, s => ParameterValue.Int(s.Value)) } };
}
