using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Settings;

namespace TuningCluster.Shared.Strategies;

/// <summary>The search strategies and their settings: the one table that schema, validation, documentation and samplers go by.</summary>
public static class StrategySettings
{
    private static readonly (string Strategy, Setting[] Settings)[] Table =
    [
        ("grid", []),
        ("random", []),
        ("quasirandom",
        [
            Setting.Text("sequence", ["sobol", "halton"], "sobol", "The low-discrepancy sequence, scrambled by the seed: sobol or halton."),
        ]),
    ];

    private static readonly Dictionary<string, Setting[]> ByStrategy = Table.ToDictionary(t => t.Strategy, t => t.Settings, StringComparer.Ordinal);

    /// <summary>Every strategy, in the order of the documentation.</summary>
    public static readonly IReadOnlyList<string> Names = [.. Table.Select(t => t.Strategy)];

    /// <summary>The settings of a strategy beside its name and seed.</summary>
    /// <exception cref="KeyNotFoundException">No such strategy.</exception>
    public static IReadOnlyList<Setting> Of(string strategy) => ByStrategy[strategy];

    /// <summary>The value in force: given, else the default; null where the default depends on others.</summary>
    /// <exception cref="InvalidOperationException">The strategy has no such setting.</exception>
    public static ParameterValue? Resolve(Studies.StrategySpec strategy, string setting) =>
        strategy.Settings.TryGetValue(setting, out var value) ? value : Of(strategy.Name).Single(s => s.Name == setting).Default;
}
