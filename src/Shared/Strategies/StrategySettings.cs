using TuningCluster.Shared.Settings;

namespace TuningCluster.Shared.Strategies;

/// <summary>The search strategies and their settings beside the seed: what schema, validation, documentation and samplers go by.</summary>
public static class StrategySettings
{
    public static readonly SettingTable Table = new(
        ("grid", []),
        ("random", []),
        ("quasirandom",
        [
            Setting.Text("sequence", ["sobol", "halton"], "sobol", "The low-discrepancy sequence, scrambled by the seed: sobol or halton."),
        ]));
}
