using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Tests.Studies;

/// <summary>Study files of these tests, read as a user's are.</summary>
internal static class Specs
{
    public const string RandomText =
        """
        version: 1
        name: hills
        objective: { kind: function, name: branin }
        parameters:
          x1: { type: float, low: -5, high: 10 }
          x2: { type: float, low: 0, high: 15 }
        strategy: { name: random, seed: 42 }
        budget: { trials: 4 }
        """;

    private const string GridText =
        """
        version: 1
        name: hills
        objective: { kind: function, name: branin }
        parameters:
          x1: { type: float, low: -5, high: 10, points: 3 }
          x2: { type: float, low: 0, high: 15, points: 2 }
        strategy: { name: grid, seed: 42 }
        """;

    /// <summary>Branin by random search, seed 42.</summary>
    public static StudySpec Random(int? trials = 4) => With(Parse(RandomText), budget => budget with { Trials = trials });

    /// <summary>Branin on a grid of six points.</summary>
    public static StudySpec Grid() => Parse(GridText);

    public static StudySpec Parse(string text) => StudyFile.Parse(text, "hills.yaml").SpecOrThrow();

    public static StudySpec With(StudySpec spec, Func<BudgetSpec, BudgetSpec> change) => spec with { Budget = change(spec.Budget) };

    /// <summary>A point of the random study.</summary>
    public static TrialParameters Point(double x1, double x2 = 0) => new(
        [KeyValuePair.Create("x1", ParameterValue.Float(x1)), KeyValuePair.Create("x2", ParameterValue.Float(x2))]);
}
