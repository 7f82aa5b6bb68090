using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TuningCluster.Coordinator.Cli.Rendering;

/// <summary>Writes a JSON document as YAML (1.2 core schema), block style.</summary>
public static class YamlText
{
    // What a plain scalar may consist of without any question of quoting.
    private const string PlainSymbols = "_-./:+@%";

    private static readonly HashSet<string> Reserved =
        new(["null", "true", "false", "yes", "no", "on", "off", "y", "n", "~", ".inf", "-.inf", ".nan"], StringComparer.OrdinalIgnoreCase);

    public static string Write(JsonNode node)
    {
        var text = new StringBuilder();
        Block(text, node, 0);
        return text.ToString().TrimEnd('\n');
    }

    private static void Block(StringBuilder text, JsonNode? node, int indent)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } map:
                foreach (var (name, value) in map)
                {
                    text.Append(' ', indent);
                    Entry(text, name, value, indent);
                }

                break;
            case JsonArray { Count: > 0 } list:
                foreach (var item in list)
                {
                    Item(text, item, indent);
                }

                break;
            default:
                text.Append(' ', indent).Append(Scalar(node)).Append('\n');
                break;
        }
    }

    private static void Entry(StringBuilder text, string name, JsonNode? value, int indent)
    {
        text.Append(Text(name)).Append(':');
        if (value is JsonObject { Count: > 0 } or JsonArray { Count: > 0 })
        {
            text.Append('\n');
            Block(text, value, indent + 2);
        }
        else
        {
            text.Append(' ').Append(Scalar(value)).Append('\n');
        }
    }

    // The first entry of a map stands on the dash's own line.
    private static void Item(StringBuilder text, JsonNode? item, int indent)
    {
        text.Append(' ', indent).Append("- ");
        if (item is JsonObject { Count: > 0 } map)
        {
            var first = true;
            foreach (var (name, value) in map)
            {
                text.Append(' ', first ? 0 : indent + 2);
                Entry(text, name, value, indent + 2);
                first = false;
            }
        }
        else if (item is JsonArray { Count: > 0 } list)
        {
            text.Append('\n');
            Block(text, list, indent + 2);
        }
        else
        {
            text.Append(Scalar(item)).Append('\n');
        }
    }

    private static string Scalar(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject => "{}",
        JsonArray => "[]",
        _ when node.GetValueKind() == JsonValueKind.String => Text(node.GetValue<string>()),
        _ => JsonText.Write(node),
    };

    private static string Text(string text) => IsPlain(text) ? text : JsonText.Quote(text);

    private static bool IsPlain(string text) =>
        text.Length > 0
        && char.IsAsciiLetter(text[0])
        && text.All(c => char.IsAsciiLetterOrDigit(c) || PlainSymbols.Contains(c))
        && text[^1] != ':'
        && !Reserved.Contains(text)
        && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
