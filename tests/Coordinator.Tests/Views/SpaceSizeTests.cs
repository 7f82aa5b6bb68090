using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Tests.Views;

public sealed class SpaceSizeTests
{
    [Theory]
    [InlineData("a: { type: int, low: 1, high: 4 }", 4)]
    [InlineData("a: { type: float, low: 0, high: 1, step: 0.25 }", 5)]
    [InlineData("a: { type: int, low: 1, high: 4 }\n  b: { type: categorical, choices: [x, y] }", 8)]
    [InlineData("a: { type: categorical, choices: [x, y, z] }\n  b: { type: int, low: 1, high: 5, when: { a: x } }", 7)]
    [InlineData("a: { type: int, low: 1, high: 9000000000000000 }\n  b: { type: int, low: 1, high: 9000000000000000 }\n  c: { type: int, low: 1, high: 9000000000000000 }", long.MaxValue)]
    public void Counts_points(string parameters, long size) => Assert.Equal(size, SpaceSize.Of(Space(parameters)));

    [Fact]
    public void A_continuous_space_has_no_size() => Assert.Null(SpaceSize.Of(Space("a: { type: float, low: 0, high: 1 }")));

    private static TuningCluster.Shared.SearchSpaces.SearchSpace Space(string parameters) => StudyFile.Parse(
        $"version: 1\nname: s\nobjective: {{ kind: function, name: branin }}\nparameters:\n  {parameters}\nbudget: {{ trials: 1 }}\n", "s.yaml").SpecOrThrow().Space;
}
