using TuningCluster.Shared.Settings;

namespace TuningCluster.Shared.Strategies;

/// <summary>The rules that stop trials early and their settings: what schema, validation and documentation go by.</summary>
public static class StoppingSettings
{
    /// <summary>The rule that stops nothing.</summary>
    public const string None = "none";

    public static readonly SettingTable Table = new((None, []));
}
