using System.Text.Json.Nodes;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Views;

/// <summary>Bodies of actions, as the HTTP API takes them.</summary>
public static class ActionJson
{
    private static readonly string[] Keys = ["trials", "time", "target", "patience", "failures", "parallel"];

    /// <summary><c>{"trials": 200}</c>, or the same under <c>budget</c>; <c>time</c> in seconds or as <c>10m</c>.</summary>
    /// <exception cref="SpecException">Not JSON, unknown keys, or values out of range; each named.</exception>
    public static StudyAction.Extend ReadExtend(string text)
    {
        if (Parse(text) is not JsonObject root)
        {
            throw Fault("", "the body is no JSON object", "{\"trials\": 200}");
        }

        var values = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
        foreach (var (key, value) in root.SelectMany(p => p is { Key: "budget", Value: JsonObject budget } ? budget.AsEnumerable() : [p]))
        {
            if (!Keys.Contains(key))
            {
                throw Fault(key, $"'{key}' cannot be extended", $"one of {string.Join(", ", Keys)}");
            }

            if (value is not null)
            {
                values[key] = value;
            }
        }

        if (values.Count == 0)
        {
            throw Fault("", "the body changes nothing", "{\"trials\": 200}");
        }

        int? Whole(string key) => !values.TryGetValue(key, out var value) ? null
            : value is JsonValue number && number.TryGetValue<int>(out var whole) && whole >= 1 ? whole
            : throw Fault(key, $"{key} is a whole number from 1 on, not {value.ToJsonString()}", $"{{\"{key}\": 200}}");
        TimeSpan? Time() => !values.TryGetValue("time", out var value) ? null
            : StudyDuration.TryParse(value is JsonValue written && written.TryGetValue<string>(out var words) ? words : value.ToJsonString(), out var time) && time > TimeSpan.Zero ? time
            : throw Fault("time", $"{value.ToJsonString()} is no duration", "{\"time\": \"10m\"}; a bare number is seconds");
        double? Target() => !values.TryGetValue("target", out var value) ? null
            : value is JsonValue number && number.TryGetValue<double>(out var target) ? target
            : throw Fault("target", $"target is a number, not {value.ToJsonString()}", "{\"target\": 0.05}");
        return new StudyAction.Extend(Whole("trials"), Time(), Target(), Whole("patience"), Whole("failures"), Whole("parallel"));
    }

    public static JsonObject Write(StudyAction.Extend extend) => new(((IEnumerable<KeyValuePair<string, JsonNode?>>)
    [
        new("trials", extend.Trials), new("time", extend.Time?.TotalSeconds), new("target", extend.Target),
        new("patience", extend.Patience), new("failures", extend.Failures), new("parallel", extend.Parallel),
    ]).Where(p => p.Value is not null));

    /// <summary>A set of parameters, a list of them, or either under <c>parameters</c>.</summary>
    /// <exception cref="SpecException">Not JSON, or a set that is not in the space; each fault named.</exception>
    public static StudyAction.Enqueue ReadEnqueue(string text, SearchSpace space)
    {
        var root = Parse(text);
        var sets = root is JsonObject map && map.Count == 1 && map["parameters"] is { } inner && space.Find("parameters") is null ? inner : root;
        return sets is JsonObject or JsonArray { Count: > 0 }
            ? new StudyAction.Enqueue(StudyFile.ParseEnqueue(sets is JsonArray ? sets.ToJsonString() : $"[{sets.ToJsonString()}]", space))
            : throw Fault("", "the body is no set of parameters", "{\"learning_rate\": 0.01}, or a list of such sets");
    }

    public static JsonArray Write(StudyAction.Enqueue enqueue) => new([.. enqueue.Sets.Select(ViewJson.Parameters)]);

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (System.Text.Json.JsonException wrong)
        {
            throw Fault("", $"the body is no JSON: {wrong.Message}", null);
        }
    }

    private static SpecException Fault(string path, string problem, string? hint) => new([new SpecError(path, problem, hint)]);
}
