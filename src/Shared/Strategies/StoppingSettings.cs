using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Settings;

namespace TuningCluster.Shared.Strategies;

/// <summary>The rules that stop trials early and their settings: the one table that schema, validation, documentation and pruners go by.</summary>
public static class StoppingSettings
{
    /// <summary>The rule that stops nothing.</summary>
    public const string None = "none";

    private static readonly (string Rule, Setting[] Settings)[] Table =
    [
        (None, []),
    ];

    private static readonly Dictionary<string, Setting[]> ByRule = Table.ToDictionary(t => t.Rule, t => t.Settings, StringComparer.Ordinal);

    /// <summary>Every rule, in the order of the documentation.</summary>
    public static readonly IReadOnlyList<string> Names = [.. Table.Select(t => t.Rule)];

    /// <summary>The settings of a rule beside its name.</summary>
    /// <exception cref="KeyNotFoundException">No such rule.</exception>
    public static IReadOnlyList<Setting> Of(string rule) => ByRule[rule];

    /// <summary>The value in force: given, else the default; null where the default depends on others.</summary>
    /// <exception cref="InvalidOperationException">The rule has no such setting.</exception>
    public static ParameterValue? Resolve(Studies.StoppingSpec stopping, string setting) =>
        stopping.Settings.TryGetValue(setting, out var value) ? value : Of(stopping.Name).Single(s => s.Name == setting).Default;
}
