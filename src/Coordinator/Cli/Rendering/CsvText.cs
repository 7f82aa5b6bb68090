using System.Text.Json;
using System.Text.Json.Nodes;

namespace TuningCluster.Coordinator.Cli.Rendering;

/// <summary>Writes JSON objects as comma-separated rows (RFC 4180, lines end in a line feed): maps within become columns, lists stay JSON.</summary>
public static class CsvText
{
    private static readonly char[] Special = [',', '"', '\n', '\r'];

    /// <param name="rows">One a line.</param>
    /// <param name="columns">Written even when there are no rows.</param>
    public static string Write(IEnumerable<JsonObject> rows, IReadOnlyList<string> columns)
    {
        var flat = rows.Select(Flatten).ToList();
        List<string> header = [.. Order(columns, flat)];
        var lines = flat.Select(row => string.Join(',', header.Select(column => Cell(row.GetValueOrDefault(column)))));
        return string.Join('\n', lines.Prepend(string.Join(',', header.Select(Quote))));
    }

    // Columns of a map come where the map stood, in the order in which rows bring them: trials may have different parameters.
    private static IEnumerable<string> Order(IReadOnlyList<string> columns, List<Dictionary<string, JsonNode?>> rows)
    {
        var all = rows.SelectMany(row => row.Keys).Distinct(StringComparer.Ordinal).ToList();
        foreach (var column in columns)
        {
            var inner = all.Where(name => name.StartsWith(column + ".", StringComparison.Ordinal)).ToList();
            if (inner.Count == 0)
            {
                yield return column;
            }

            foreach (var name in inner)
            {
                yield return name;
            }
        }
    }

    private static Dictionary<string, JsonNode?> Flatten(JsonObject row)
    {
        var flat = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var (name, value) in row)
        {
            if (value is JsonObject map)
            {
                foreach (var (inner, innerValue) in Flatten(map))
                {
                    flat[$"{name}.{inner}"] = innerValue;
                }
            }
            else
            {
                flat[name] = value;
            }
        }

        return flat;
    }

    private static string Cell(JsonNode? node) => node switch
    {
        null => "",
        JsonArray list => Quote(list.ToJsonString()),
        _ when node.GetValueKind() == JsonValueKind.String => Quote(node.GetValue<string>()),
        _ => JsonText.Write(node),
    };

    private static string Quote(string text) =>
        text.IndexOfAny(Special) < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
