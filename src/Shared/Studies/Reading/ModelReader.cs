using TuningCluster.Shared.Models;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Shared.Studies.Reading;

/// <summary>Reads <c>model:</c>, what is fixed of the network.</summary>
internal static class ModelReader
{
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
    public static ParameterValue? Value(ModelSetting setting, Node node, Faults faults)
    {
        if (node is not ScalarNode { Value: { } written })
        {
            faults.Add(node, node is ScalarNode { Refusal: { } refusal } ? refusal : $"{setting.Name} has one value here, not {node.What}");
            return null;
        }

        if (Refuse(setting, written) is not { } problem)
        {
            return Normal(setting, written);
        }

        faults.Add(node, problem, Hint(setting, written));
        return null;
    }

    /// <summary>Why the setting cannot have the value; null when it can.</summary>
    private static string? Refuse(ModelSetting setting, ParameterValue value) =>
        IsLater(setting, value) ? $"{setting.Name} '{value}' is not in this release"
        : setting.Refuse(value) is { } problem ? $"{setting.Name}: {problem}" : null;

    /// <summary>The nearest right text; for a right one that is not there yet, those that are.</summary>
    private static string? Hint(ModelSetting setting, ParameterValue value) =>
        setting.Kind != ParameterValueKind.Text ? null
        : IsLater(setting, value) ? $"one of {string.Join(", ", setting.Choices)}"
        : Faults.Suggest(value.ToString(), [.. setting.Choices]);

    private static bool IsLater(ModelSetting setting, ParameterValue value) =>
        value.Kind == ParameterValueKind.Text && LaterRelease.Choices.TryGetValue(setting.Name, out var later) && later.Contains(value.AsText());

    /// <summary>Whole numbers of float settings become floats, so that 1 and 1.0 are the same study.</summary>
    private static ParameterValue Normal(ModelSetting setting, ParameterValue value) =>
        setting.Kind == ParameterValueKind.Float ? ParameterValue.Float(value.AsDouble()) : value;

    /// <summary>Adds the default of every setting that is neither fixed nor searched, in the order of the table.</summary>
    public static Dictionary<string, ParameterValue> Complete(Dictionary<string, ParameterValue> model, SearchSpace space)
    {
        var complete = new Dictionary<string, ParameterValue>(StringComparer.Ordinal);
        foreach (var setting in ModelSettings.All)
        {
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
