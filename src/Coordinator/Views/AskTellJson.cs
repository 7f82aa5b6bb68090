using System.Text.Json;
using System.Text.Json.Nodes;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Views;

/// <summary>Bodies of ask, report, heartbeat and tell.</summary>
/// <remarks>Readers throw <see cref="SpecException"/>: not JSON, unknown keys, or values out of range; each named.</remarks>
public static class AskTellJson
{
    private static readonly string[] States = ["complete", "failed", "diverged", "pruned"];

    /// <summary><c>{}</c>, <c>{"leaseSeconds": 600}</c>, <c>{"count": 4}</c>.</summary>
    /// <returns>The count is null where it was not said: the answer is then no list.</returns>
    public static (int? Count, TimeSpan Lease) ReadAsk(string text)
    {
        var body = Body(text.Trim().Length == 0 ? "{}" : text, ["count", "leaseSeconds"]);
        var count = Whole(body, "count", 1, IAskTell.MostTrials);
        var lease = Whole(body, "leaseSeconds", 1, (int)IAskTell.LongestLease.TotalSeconds);
        return (count, lease is { } seconds ? TimeSpan.FromSeconds(seconds) : IAskTell.DefaultLease);
    }

    /// <summary><c>{"attempt": 1, "step": 3, "value": 0.4}</c>.</summary>
    public static (int Attempt, IntermediateValue Value) ReadReport(string text)
    {
        const string Example = """{"attempt": 1, "step": 3, "value": 0.4}""";
        var body = Body(text, ["attempt", "step", "value"]);
        return (
            Attempt(body),
            new IntermediateValue(
                Whole(body, "step", 1, int.MaxValue) ?? throw Missing("step", Example),
                Number("value", body["value"], """a trial whose value is no number any more is told: {"attempt": 1, "state": "diverged"}""") ?? throw Missing("value", Example)));
    }

    /// <summary><c>{"attempt": 1}</c>.</summary>
    public static int ReadHeartbeat(string text) => Attempt(Body(text, ["attempt"]));

    /// <summary><c>{"attempt": 1, "value": 0.3}</c>, with <c>metrics</c> if need be; <c>values</c> for several objectives; <c>{"attempt": 1, "state": "failed", "reason": "…"}</c>.</summary>
    public static ToldTrial ReadTell(string text)
    {
        const string Example = """{"attempt": 1, "value": 0.3}, or {"attempt": 1, "state": "failed", "reason": "why"}""";
        var body = Body(text, ["attempt", "value", "values", "metrics", "state", "reason"]);
        var attempt = Attempt(body);
        var state = Text(body, "state") switch
        {
            null or "complete" => TrialState.Complete,
            "failed" => TrialState.Failed,
            "diverged" => TrialState.Diverged,
            "pruned" => TrialState.Pruned,
            var other => throw Fault("state", $"a trial is not told '{other}'", $"one of {string.Join(", ", States)}"),
        };
        var values = body["values"] switch
        {
            null => Number("value", body["value"], """{"attempt": 1, "state": "diverged"}""") is { } value ? [value] : Array.Empty<double>(),
            JsonArray { Count: > 0 } list => [.. list.Select((item, i) => Number($"values[{i}]", item, null) ?? throw Fault($"values[{i}]", "it is null", "a number"))],
            var other => throw Fault("values", $"values is a list of numbers, one an objective, not {other.ToJsonString()}", "{\"attempt\": 1, \"values\": [0.3, 120]}"),
        };
        if (body["value"] is not null && body["values"] is not null)
        {
            throw Fault("values", "value and values cannot both stand", "values, in the order of the objectives");
        }

        var metrics = body["metrics"] switch
        {
            null => [],
            JsonObject map => map.ToDictionary(m => m.Key, m => Number($"metrics.{m.Key}", m.Value, "leave it out") ?? throw Fault($"metrics.{m.Key}", "it is null", "leave it out"), StringComparer.Ordinal),
            var other => throw Fault("metrics", $"metrics is a mapping of names to numbers, not {other.ToJsonString()}", "{\"seconds\": 1.5}"),
        };
        return state == TrialState.Complete && values.Length == 0 && metrics.Count == 0
            ? throw Missing("value", Example)
            : new ToldTrial(attempt, state, values, metrics, Text(body, "reason"));
    }

    public static JsonObject Write(AskedTrial trial) => new()
    {
        ["number"] = trial.Number,
        ["attempt"] = trial.Attempt,
        ["lease"] = trial.Lease,
        ["parameters"] = ViewJson.Parameters(trial.Parameters),
    };

    private static JsonObject Body(string text, string[] keys)
    {
        JsonNode? node;
        try
        {
            node = JsonNode.Parse(text);
        }
        catch (JsonException wrong)
        {
            throw Fault("", $"the body is no JSON: {wrong.Message}", "NaN and Infinity are none");
        }

        if (node is not JsonObject body)
        {
            throw Fault("", "the body is no JSON object", "{\"attempt\": 1}");
        }

        return body.FirstOrDefault(p => !keys.Contains(p.Key)) is { Key: { } unknown } ? throw Fault(unknown, $"'{unknown}' is not known here", $"one of {string.Join(", ", keys)}") : body;
    }

    private static int Attempt(JsonObject body) => Whole(body, "attempt", 1, int.MaxValue) ?? throw Missing("attempt", "the attempt that ask answered, e.g. {\"attempt\": 1}");

    private static int? Whole(JsonObject body, string key, int least, int most) => body[key] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<int>(out var whole) && whole >= least && whole <= most => whole,
        var other => throw Fault(key, $"{key} is a whole number from {least} to {most}, not {other.ToJsonString()}", $"{{\"{key}\": {least}}}"),
    };

    private static double? Number(string path, JsonNode? node, string? hint) => node switch
    {
        null => null,
        JsonValue value when value.TryGetValue<double>(out var number) && double.IsFinite(number) => number,
        _ => throw Fault(path, $"{path} is a finite number, not {node.ToJsonString()}", hint),
    };

    private static string? Text(JsonObject body, string key) => body[key] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        var other => throw Fault(key, $"{key} is a text, not {other.ToJsonString()}", null),
    };

    private static SpecException Missing(string path, string hint) => Fault(path, $"{path} is missing", hint);

    private static SpecException Fault(string path, string problem, string? hint) => new([new SpecError(path, problem, hint)]);
}
