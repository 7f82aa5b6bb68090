using System.Globalization;
using System.Text.Json;
using TuningCluster.Coordinator.Search.Importance;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Views;

/// <summary>Reads what <see cref="ViewJson"/> writes: the other end of the HTTP API. Fields it does not know are passed over.</summary>
internal static class ViewJsonReader
{
    public static StudyView Study(JsonElement json)
    {
        IReadOnlyList<(string, Direction)> objectives = json.TryGetProperty("objectives", out var several)
            ? [.. several.EnumerateArray().Select(o => (Text(o, "metric")!, DirectionOf(Text(o, "direction"))))]
            : [(Text(json, "metric")!, DirectionOf(Text(json, "direction")))];
        var budget = json.GetProperty("budget");
        var best = json.GetProperty("best");
        return new StudyView(
            Text(json, "name")!,
            Text(json, "id")!,
            Text(json, "state")!,
            objectives,
            Text(json, "strategy")!,
            json.GetProperty("seed").GetInt64(),
            new BudgetSpec(
                Int(budget, "trials"), Number(budget, "timeSeconds") is { } seconds ? TimeSpan.FromSeconds(seconds) : null, Number(budget, "target"), Int(budget, "patience"), Int(budget, "failures")),
            json.GetProperty("counts").EnumerateObject().ToDictionary(c => c.Name, c => c.Value.GetInt32(), StringComparer.Ordinal),
            best.ValueKind switch
            {
                JsonValueKind.Array => [.. best.EnumerateArray().Select(Best)],
                JsonValueKind.Object => [Best(best)],
                _ => [],
            },
            Time(json, "createdAt")!.Value,
            Time(json, "updatedAt")!.Value,
            TimeSpan.FromSeconds(json.GetProperty("elapsedSeconds").GetDouble()),
            Text(json, "reason"))
        {
            WarmStart = json.TryGetProperty("warmStart", out var start) ? (new WarmStartSpec(Text(start, "study"), Text(start, "csv")), start.GetProperty("trials").GetInt32()) : null,
        };
    }

    public static TrialView Trial(JsonElement json) => new(
        json.GetProperty("number").GetInt32(),
        StateOf(Text(json, "state")!),
        Number(json, "value"),
        [.. json.GetProperty("values").EnumerateArray().Select(v => v.GetDouble())],
        json.TryGetProperty("violations", out var violations) ? Metrics(violations) : null,
        Parameters(json.GetProperty("parameters")),
        Metrics(json.GetProperty("metrics")),
        [.. json.GetProperty("intermediate").EnumerateArray().Select(v => new IntermediateValue(v.GetProperty("step").GetInt32(), Number(v, "value") ?? double.NaN))],
        json.GetProperty("attempts").GetInt32(),
        Text(json, "worker"),
        Time(json, "startedAt"),
        Time(json, "finishedAt"),
        Text(json, "reason"))
    {
        CopyOf = Int(json, "copyOf"),
        Segment = json.TryGetProperty("member", out var member) ? new TrialSegment(member.GetInt32(), Int(json, "parent"), 0, 0) : null,
    };

    public static AuditReport Audit(JsonElement json) => new(
        Text(json, "study")!, Text(json, "id")!, json.GetProperty("events").GetInt64(), json.GetProperty("trials").GetInt32(), Texts(json, "checks"), Texts(json, "faults"));

    public static ReplayReport Replay(JsonElement json) => new(Text(json, "study")!, Text(json, "id")!, json.GetProperty("checked").GetInt32(), Text(json, "difference"));

    public static ParameterShare Importance(JsonElement json) => new(Text(json, "parameter")!, Number(json, "importance") ?? double.NaN, Number(json, "amongBest") ?? double.NaN);

    public static RetryReport Retry(JsonElement json) => new(Numbers(json, "retried"), Numbers(json, "outside"), Text(json, "end"), json.GetProperty("isPopulation").GetBoolean());

    public static WorkerView Worker(JsonElement json) => new(
        Text(json, "name")!, Text(json, "incarnation")!, json.GetProperty("slots").GetInt32(), json.GetProperty("running").GetInt32(),
        TimeSpan.FromSeconds(json.GetProperty("heartbeatAgeSeconds").GetDouble()));

    private static BestView Best(JsonElement json) => new(
        Text(json, "study")!,
        json.GetProperty("number").GetInt32(),
        Number(json, "value") ?? double.NaN,
        json.TryGetProperty("values", out var values) ? [.. values.EnumerateArray().Select(v => v.GetDouble())] : [Number(json, "value") ?? double.NaN],
        Parameters(json.GetProperty("parameters")),
        Metrics(json.GetProperty("metrics")),
        json.GetProperty("attempts").GetInt32(),
        StateOf(Text(json, "state")!))
    {
        Again = json.TryGetProperty("reevaluated", out var again) ? [.. again.GetProperty("values").EnumerateArray().Select(v => v.GetDouble())] : [],
    };

    /// <summary>JSON does not tell 1 from 1.0: a whole number is read as one, and prints the same.</summary>
    private static TrialParameters Parameters(JsonElement json) => new(json.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, p.Value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => ParameterValue.Bool(p.Value.GetBoolean()),
        JsonValueKind.Number => p.Value.TryGetInt64(out var whole) ? ParameterValue.Int(whole) : ParameterValue.Float(p.Value.GetDouble()),
        _ => ParameterValue.Text(p.Value.GetString()!),
    })));

    private static Dictionary<string, double> Metrics(JsonElement json) =>
        json.EnumerateObject().ToDictionary(m => m.Name, m => m.Value.ValueKind == JsonValueKind.Number ? m.Value.GetDouble() : double.NaN, StringComparer.Ordinal);

    private static Direction DirectionOf(string? word) => word == Words.Of(Direction.Maximize) ? Direction.Maximize : Direction.Minimize;

    private static TrialState StateOf(string word) => Enum.GetValues<TrialState>().First(s => s.Word() == word);

    private static string? Text(JsonElement json, string key) => json.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? Number(JsonElement json, string key) => json.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private static int? Int(JsonElement json, string key) => json.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;

    private static IReadOnlyList<string> Texts(JsonElement json, string key) => [.. json.GetProperty(key).EnumerateArray().Select(t => t.GetString()!)];

    private static IReadOnlyList<int> Numbers(JsonElement json, string key) => [.. json.GetProperty(key).EnumerateArray().Select(n => n.GetInt32())];

    private static DateTimeOffset? Time(JsonElement json, string key) =>
        Text(json, key) is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) : null;
}
