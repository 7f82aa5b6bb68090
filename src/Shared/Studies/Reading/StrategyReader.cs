using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Shared.Studies.Reading;

/// <summary>Reads <c>strategy:</c> and <c>stopping:</c>.</summary>
internal static class StrategyReader
{
    public static readonly string[] Keys = ["name", "seed"];
    public static readonly string[] Names = ["grid", "random"];
    public static readonly string[] Stoppers = ["none"];

    private static readonly Dictionary<string, ParameterValue> NoSettings = [];

    public static StrategySpec Read(Section root)
    {
        if (root.Find("strategy")?.Value is ScalarNode scalar)
        {
            return new StrategySpec(Name(scalar, "strategy", Names, LaterRelease.Strategies, root.Faults) ?? "random", null, NoSettings);
        }

        // Settings of a later strategy are not judged: its name says it all.
        var strategy = root.Map("strategy", null, example: "strategy: { name: random, seed: 42 }");
        var name = strategy?.Find("name") is { } entry ? Name(entry.Value, "strategy", Names, LaterRelease.Strategies, root.Faults) : "random";
        if (name is not null && strategy is not null)
        {
            root.Map("strategy", Keys);
        }

        return new StrategySpec(name ?? "random", strategy?.Int("seed", 0, long.MaxValue), NoSettings);
    }

    /// <summary>This release stops no trial early; the section may say so.</summary>
    public static void ReadStopping(Section root)
    {
        if (root.Find("stopping") is not { } stopping)
        {
            return;
        }

        if (stopping.Value is ScalarNode)
        {
            Name(stopping.Value, "stopping", Stoppers, LaterRelease.Stoppers, root.Faults);
            return;
        }

        var section = root.Map("stopping", null, example: "stopping: none");
        if (section is not null && section.Find("name") is null)
        {
            section.Missing("name", "stopping: none");
        }
        else if (section is not null && Name(section.Find("name")!.Value, "stopping", Stoppers, LaterRelease.Stoppers, root.Faults) is not null)
        {
            root.Map("stopping", ["name"]);
        }
    }

    private static string? Name(Node node, string what, string[] names, IReadOnlyDictionary<string, string> later, Faults faults)
    {
        if (node is not ScalarNode { Raw: var word })
        {
            faults.Add($"{what}.name", node.Line, node.Column, $"name is a text, not {node.What}");
            return null;
        }

        if (names.Contains(word))
        {
            return word;
        }

        if (later.TryGetValue(word, out var sentence))
        {
            faults.Add($"{what}.name", node.Line, node.Column, sentence, $"name: {names[^1]}");
        }
        else
        {
            faults.Add($"{what}.name", node.Line, node.Column, $"'{word}' is no {what}", Faults.Suggest(word, names));
        }

        return null;
    }
}
