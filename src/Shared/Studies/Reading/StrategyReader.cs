using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Settings;
using TuningCluster.Shared.Strategies;

namespace TuningCluster.Shared.Studies.Reading;

/// <summary>Reads <c>strategy:</c> and <c>stopping:</c>, which are a name or a mapping of a name and settings.</summary>
internal static class StrategyReader
{
    /// <summary>The strategy of a study file that names none.</summary>
    public const string Default = "random";

    public static StrategySpec Read(Section root)
    {
        var (name, section) = Name(root, "strategy", StrategySettings.Table, Default, unnamed: Default);
        return name is null
            ? new StrategySpec(Default, null, new Dictionary<string, ParameterValue>())
            : new StrategySpec(name, section?.Int("seed", 0, long.MaxValue), Settings(root, "strategy", section, ["name", "seed"], StrategySettings.Table.Of(name)));
    }

    public static StoppingSpec ReadStopping(Section root)
    {
        var (name, section) = Name(root, "stopping", StoppingSettings.Table, StoppingSettings.None, unnamed: null);
        return name is null
            ? StoppingSpec.None
            : new StoppingSpec(name, Settings(root, "stopping", section, ["name"], StoppingSettings.Table.Of(name)));
    }

    /// <summary>The name, null after a fault, and the mapping when it is one.</summary>
    /// <param name="absent">The name when the key is absent.</param>
    /// <param name="unnamed">The name of a mapping that gives none; null when it must.</param>
    private static (string? Name, Section? Section) Name(Section root, string key, SettingTable table, string absent, string? unnamed)
    {
        if (root.Find(key) is not { } entry)
        {
            return (absent, null);
        }

        if (entry.Value is ScalarNode)
        {
            return (Known(entry.Value, key, table, root.Faults), null);
        }

        // Which keys it may have depends on the name: settings of an unknown one are not judged.
        var section = root.Map(key, null, example: $"{key}: {absent}");
        if (section is null)
        {
            return (null, null);
        }

        if (section.Find("name") is { } name)
        {
            return (Known(name.Value, key, table, root.Faults), section);
        }

        if (unnamed is null)
        {
            section.Missing("name", $"{key}: {absent}");
        }

        return (unnamed, section);
    }

    private static string? Known(Node node, string what, SettingTable table, Faults faults)
    {
        if (node is not ScalarNode { Raw: var word })
        {
            faults.Add($"{what}.name", node.Line, node.Column, $"name is a text, not {node.What}");
            return null;
        }

        if (table.Names.Contains(word))
        {
            return word;
        }

        faults.Add($"{what}.name", node.Line, node.Column, $"'{word}' is no {what}", Faults.Suggest(word, [.. table.Names]));
        return null;
    }

    /// <summary>Every setting in force: as given, else its default where it has one of its own.</summary>
    private static Dictionary<string, ParameterValue> Settings(Section root, string key, Section? section, string[] others, IReadOnlyList<Setting> settings)
    {
        if (section is not null)
        {
            root.Map(key, [.. others, .. settings.Select(s => s.Name)]);
        }

        var values = new Dictionary<string, ParameterValue>(StringComparer.Ordinal);
        foreach (var setting in settings)
        {
            if (section?.Find(setting.Name) is { } entry)
            {
                if (ModelReader.Value(setting, entry.Value, root.Faults) is { } value)
                {
                    values.Add(setting.Name, value);
                }
            }
            else if (setting.Default is { } @default)
            {
                values.Add(setting.Name, @default);
            }
        }

        return values;
    }
}
