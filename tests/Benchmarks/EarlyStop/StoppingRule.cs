using TuningCluster.Shared.Studies;

namespace TuningCluster.Benchmarks.EarlyStop;

/// <summary>A rule of early stopping with a strategy, and what is set beside it.</summary>
/// <param name="Name">On the command line and in the rows.</param>
/// <param name="Stopping">The rule in a study file.</param>
/// <param name="Strategy">In a study file.</param>
/// <param name="Pruner">Optuna's of the same kind, by its name in the script; null for none.</param>
/// <param name="Recorded">The method in the table of recorded figures; null when there is none.</param>
/// <param name="IsToReach">Whether it is never to be significantly worse than its rival, and to need less of the curves than it.</param>
internal sealed record StoppingRule(string Name, string Stopping, string Strategy, string? Pruner, string? Recorded, bool IsToReach)
{
    private const string Random = "random";

    public static readonly IReadOnlyList<StoppingRule> All =
    [
        new("none", "name: none", Random, null, "random_full_exact", false),
        new("asha", "name: asha", Random, "asha", "random_asha_eta3", true),
        new("asha-promote", "name: asha, mode: promote", Random, "asha", "random_asha_eta3", true),
        new("hyperband", "name: hyperband", Random, "hyperband", "random_hyperband_eta3", true),
        new("median", "name: median", Random, "median", "random_median", false),
        new("bohb", "name: hyperband", "tpe", "hyperband", null, true),
    ];

    /// <summary>Whether the strategy learns from outcomes; it then needs the parameters of the rows.</summary>
    public bool Learns => Strategy != Random;

    /// <summary>The study as a user would have written it.</summary>
    /// <param name="deck">What is searched.</param>
    /// <param name="steps">Of a whole training.</param>
    /// <param name="trials">At most.</param>
    /// <param name="seed">Of the strategy, and of the brackets.</param>
    public StudySpec Spec(CurveDeck deck, int steps, int trials, int seed)
    {
        var spec = StudyFile.Parse(
            $$"""
            version: 1
            name: early-stop
            data: { source: curves.csv, target: y, task: classification }
            model: { epochs: {{steps}} }
            parameters: { learning_rate: { type: float, low: 0.001, high: 1 } }
            strategy: { name: {{Strategy}}, seed: {{seed}} }
            stopping: { {{Stopping}} }
            budget: { trials: {{trials}} }
            parallel: { trials: 1 }
            """,
            "early-stop").SpecOrThrow();
        return spec with { Space = deck.Space };
    }
}
