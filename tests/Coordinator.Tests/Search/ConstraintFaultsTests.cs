using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Tests.Studies;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Tests.Search;

public sealed class ConstraintFaultsTests
{
    private const string Random = "strategy: { name: random, seed: 1 }\nbudget: { trials: 4 }\n";
    private const string Grid = "strategy: grid\n";

    [Theory]
    [InlineData("a + b <= 9", Random)]
    [InlineData("a + b <= 1", Random)]
    [InlineData("a + b == 1", Grid)]
    [InlineData("a + b <= 20", Grid + "enqueue: [ { a: 9 } ]\n")]
    public void What_leaves_something_is_accepted(string constraint, string rest) => ConstraintFaults.ThrowIfAny(Study(constraint, rest));

    [Theory]
    [InlineData("a + b < 0", Random, "constraints", "none of 100000 random points fulfils them")]
    [InlineData("a + b < 0", Grid, "constraints", "no point of the grid fulfils them")]
    [InlineData("a + b <= 9", Random + "enqueue: [ { b: 1 }, { a: 9, c: 1 } ]\n", null, null)]
    [InlineData("a + b < 10 or c > 5", Random + "enqueue: [ { b: 1 }, { a: 10 } ]\n", "enqueue[1]", "with these values none of 100000 draws of the others fulfils the constraints")]
    public void What_leaves_nothing_is_told_with_its_place(string constraint, string rest, string? path, string? problem)
    {
        var study = Study(constraint, rest);
        if (path is null)
        {
            ConstraintFaults.ThrowIfAny(study);
            return;
        }

        var fault = Assert.Single(Assert.Throws<SpecException>(() => ConstraintFaults.ThrowIfAny(study)).Errors);
        Assert.Equal((path, problem), (fault.Path, fault.Problem));
    }

    [Fact]
    public void A_grid_too_large_to_look_at_is_told_with_its_size()
    {
        var study = Specs.Parse(
            """
            name: hills
            objective: { kind: function, name: sphere }
            parameters:
              a: { type: int, low: 1, high: 1001 }
              b: { type: int, low: 1, high: 1000 }
            constraints: [ a <= b ]
            strategy: grid
            """);

        Assert.Contains("of at most 1000000; this one has 1001000", Assert.Single(Assert.Throws<SpecException>(() => ConstraintFaults.ThrowIfAny(study)).Errors).Problem, StringComparison.Ordinal);
    }

    private static StudySpec Study(string constraint, string rest) => Specs.Parse(
        $$"""
        name: hills
        objective: { kind: function, name: sphere }
        parameters:
          a: { type: int, low: 0, high: 10 }
          b: { type: int, low: 0, high: 10 }
          c: { type: int, low: 0, high: 5 }
        constraints: [ "{{constraint}}" ]
        {{rest}}
        """);
}
