namespace TuningCluster.Shared.Settings;

/// <summary>What a part of the study file may be named, each name with the settings that go with it.</summary>
/// <param name="rows">In the order of the documentation.</param>
public sealed class SettingTable(params (string Name, Setting[] Settings)[] rows)
{
    /// <summary>Every name, in the order of the documentation.</summary>
    public IReadOnlyList<string> Names { get; } = [.. rows.Select(row => row.Name)];

    /// <summary>The settings that go with a name.</summary>
    /// <exception cref="InvalidOperationException">No such name.</exception>
    public IReadOnlyList<Setting> Of(string name) => rows.Single(row => row.Name == name).Settings;
}
