using TuningCluster.Shared.Models;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Settings;

namespace TuningCluster.Shared.Studies.Reading;

/// <summary>Reads <c>model:</c>, what is fixed of the network.</summary>
internal static class ModelReader
{
    /// <summary>What widths says instead.</summary>
    public static readonly string[] OverruledByWidths = ["layers", "width", "shape"];

    public static readonly string[] Names = [.. ModelSettings.All.Select(s => s.Name)];

    public static Dictionary<string, ParameterValue> Read(Section root)
    {
        var model = new Dictionary<string, ParameterValue>(StringComparer.Ordinal);
        foreach (var entry in root.Map("model", Names, LaterRelease.Settings, "model: { epochs: 30 }")?.Entries ?? [])
        {
            if (ModelSettings.Find(entry.Key) is { } setting && !entry.Value.IsNull && Value(setting, entry.Value, root.Faults) is { } value)
            {
                model.Add(entry.Key, value);
            }
        }

        return model;
    }

    /// <summary>The value of a setting; null after a fault.</summary>
    public static ParameterValue? Value(Setting setting, Node node, Faults faults)
    {
        if (setting.IsList && node is SequenceNode { Items.Count: > 0 } list)
        {
            return List(setting, list, faults);
        }

        if (node is not ScalarNode { Value: { } written })
        {
            faults.Add(node, node is ScalarNode { Refusal: { } refusal } ? refusal : $"{setting.Name} has one value here, not {node.What}");
            return null;
        }

        if (setting.Refuse(written) is not { } problem)
        {
            return Normal(setting, written);
        }

        faults.Add(node, $"{setting.Name}: {problem}", setting is { Kind: ParameterValueKind.Text, IsList: false } ? Faults.Suggest(written.ToString(), [.. setting.Choices]) : null);
        return null;
    }

    /// <summary>[256, 64] is the text 256-64.</summary>
    private static ParameterValue? List(Setting setting, SequenceNode list, Faults faults)
    {
        var value = ParameterValue.Text(string.Join('-', list.Items.Select(i => i is ScalarNode { Value: { } v } ? v.ToString() : i.What)));
        if (setting.Refuse(value) is not { } problem)
        {
            return value;
        }

        faults.Add(list, $"{setting.Name}: {problem}");
        return null;
    }

    /// <summary>Whole numbers of float settings become floats, so that 1 and 1.0 are the same study; a list of one number becomes a text.</summary>
    private static ParameterValue Normal(Setting setting, ParameterValue value) =>
        setting.Kind == ParameterValueKind.Float ? ParameterValue.Float(value.AsDouble())
        : setting.IsList ? ParameterValue.Text(value.ToString())
        : value;

    /// <summary>Adds the default of every setting that is neither fixed nor searched, in the order of the table.</summary>
    public static Dictionary<string, ParameterValue> Complete(Dictionary<string, ParameterValue> model, SearchSpace space)
    {
        var complete = new Dictionary<string, ParameterValue>(StringComparer.Ordinal);
        var hasWidths = model.ContainsKey("widths") || space.Parameters.Any(p => p.Name == "widths");
        foreach (var setting in ModelSettings.All)
        {
            if (hasWidths && OverruledByWidths.Contains(setting.Name))
            {
                continue;
            }

            if (model.TryGetValue(setting.Name, out var value))
            {
                complete.Add(setting.Name, value);
            }
            else if (setting.Default is { } @default && !space.Parameters.Any(p => p.Name == setting.Name))
            {
                complete.Add(setting.Name, @default);
            }
        }

        return complete;
    }
}
