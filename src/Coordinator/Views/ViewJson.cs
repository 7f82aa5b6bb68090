using System.Text.Json.Nodes;
using TuningCluster.Coordinator.Search.Importance;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Views;

/// <summary>Views as JSON. The names are a contract; fields may be added.</summary>
public static class ViewJson
{
    public static readonly IReadOnlyList<string> BestColumns = ["study", "number", "value", "parameters", "metrics", "attempts", "state"];

    /// <summary>Of several objectives.</summary>
    public static readonly IReadOnlyList<string> FrontColumns = ["study", "number", "value", "values", "parameters", "metrics", "attempts", "state"];

    public static readonly IReadOnlyList<string> TrialColumns =
    [
        "number", "state", "value", "values", "parameters", "metrics", "intermediate", "attempts", "worker", "startedAt", "finishedAt", "reason",
    ];

    /// <summary>Of a study with constraints on metrics.</summary>
    public static readonly IReadOnlyList<string> ConstrainedTrialColumns = [.. TrialColumns, "violations"];

    /// <summary>A further column where the best trials are trained again.</summary>
    public static readonly IReadOnlyList<string> CopyColumns = ["copyOf"];

    /// <summary>Further columns of trials that train parts of the steps.</summary>
    public static readonly IReadOnlyList<string> SegmentColumns = ["member", "parent"];

    public static readonly IReadOnlyList<string> WorkerColumns = ["name", "incarnation", "slots", "running", "heartbeatAgeSeconds"];

    public static readonly IReadOnlyList<string> StudyColumns =
    [
        "name", "id", "state", "direction", "metric", "strategy", "seed", "budget", "counts", "best", "createdAt", "updatedAt", "elapsedSeconds", "reason",
    ];

    public static JsonObject Best(BestView best)
    {
        var json = new JsonObject
        {
            ["study"] = best.Study,
            ["number"] = best.Number,
            ["value"] = Number(best.Value),
            ["parameters"] = Parameters(best.Parameters),
            ["metrics"] = Metrics(best.Metrics),
            ["attempts"] = best.Attempts,
            ["state"] = best.State.Word(),
        };
        if (best.Values.Count > 1)
        {
            json.Insert(3, "values", new JsonArray([.. best.Values.Select(v => Number(v))]));
        }

        if (best.Again.Count > 0)
        {
            json["reevaluated"] = new JsonObject
            {
                ["values"] = new JsonArray([.. best.Again.Select(v => Number(v))]),
                ["mean"] = Number(best.Mean),
                ["deviation"] = Number(best.Deviation),
            };
        }

        return json;
    }

    public static JsonObject Trial(TrialView trial)
    {
        var json = Outcome(trial);
        if (trial.Violations is { } violations)
        {
            json["violations"] = Metrics(violations);
        }

        if (trial.CopyOf is { } original)
        {
            json["copyOf"] = original;
        }

        if (trial.Segment is { } segment)
        {
            (json["member"], json["parent"]) = (segment.Member, segment.Parent);
        }

        return json;
    }

    private static JsonObject Outcome(TrialView trial) => new()
    {
        ["number"] = trial.Number,
        ["state"] = trial.State.Word(),
        ["value"] = trial.State == TrialState.Complete ? Number(trial.Value) : null,
        ["values"] = new JsonArray([.. trial.Values.Select(v => Number(v))]),
        ["parameters"] = Parameters(trial.Parameters),
        ["metrics"] = Metrics(trial.Metrics),
        ["intermediate"] = Curve(trial.Intermediate),
        ["attempts"] = trial.Attempts,
        ["worker"] = trial.Worker,
        ["startedAt"] = Time(trial.StartedAt),
        ["finishedAt"] = Time(trial.FinishedAt),
        ["reason"] = trial.Reason,
    };

    public static JsonObject Study(StudyView study)
    {
        var json = Standing(study);
        if (study.Objectives.Count > 1)
        {
            json.Insert(
                json.IndexOf("strategy"),
                "objectives",
                new JsonArray([.. study.Objectives.Select(o => new JsonObject { ["metric"] = o.Metric, ["direction"] = Words.Of(o.Direction) })]));
        }

        if (study.WarmStart is { } start)
        {
            json.Insert(
                json.IndexOf("budget"),
                "warmStart",
                new JsonObject { [start.From.Study is null ? "csv" : "study"] = start.From.Study ?? start.From.Csv, ["trials"] = start.Trials });
        }

        return json;
    }

    private static JsonObject Standing(StudyView study) => new()
    {
        ["name"] = study.Name,
        ["id"] = study.Id,
        ["state"] = study.State,
        ["direction"] = Words.Of(study.Objectives[0].Direction),
        ["metric"] = study.Objectives[0].Metric,
        ["strategy"] = study.Strategy,
        ["seed"] = study.Seed,
        ["budget"] = Budget(study.Budget),
        ["counts"] = new JsonObject(study.Counts.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)c.Value))),
        ["best"] = study.Objectives.Count > 1 ? new JsonArray([.. study.Best.Select(Best)]) : study.Best is [var best] ? Best(best) : null,
        ["createdAt"] = Time(study.CreatedAt),
        ["updatedAt"] = Time(study.UpdatedAt),
        ["elapsedSeconds"] = Number(study.Elapsed.TotalSeconds),
        ["reason"] = study.Reason,
    };

    public static JsonObject Worker(WorkerView worker) => new()
    {
        ["name"] = worker.Name,
        ["incarnation"] = worker.Incarnation,
        ["slots"] = worker.Slots,
        ["running"] = worker.Running,
        ["heartbeatAgeSeconds"] = Number(worker.HeartbeatAge.TotalSeconds),
    };

    public static JsonObject Retry(RetryReport report) => new()
    {
        ["retried"] = new JsonArray([.. report.Retried.Select(n => JsonValue.Create(n))]),
        ["outside"] = new JsonArray([.. report.Outside.Select(n => JsonValue.Create(n))]),
        ["end"] = report.End,
        ["isPopulation"] = report.IsPopulation,
    };

    public static JsonObject Audit(AuditReport report) => new()
    {
        ["study"] = report.Study,
        ["id"] = report.Id,
        ["events"] = report.Events,
        ["trials"] = report.Trials,
        ["checks"] = new JsonArray([.. report.Checks.Select(c => JsonValue.Create(c))]),
        ["faults"] = new JsonArray([.. report.Faults.Select(f => JsonValue.Create(f))]),
    };

    public static JsonObject Importance(ParameterShare share) => new()
    {
        ["parameter"] = share.Parameter,
        ["importance"] = Number(share.Overall),
        ["amongBest"] = Number(share.AmongBest),
    };

    public static JsonObject Replay(ReplayReport report) => new()
    {
        ["study"] = report.Study,
        ["id"] = report.Id,
        ["checked"] = report.Checked,
        ["difference"] = report.Difference,
    };

    internal static JsonObject Budget(BudgetSpec budget) => new()
    {
        ["trials"] = budget.Trials,
        ["timeSeconds"] = Number(budget.Time?.TotalSeconds),
        ["target"] = Number(budget.Target),
        ["patience"] = budget.Patience,
        ["failures"] = budget.Failures,
    };

    internal static JsonArray Curve(IReadOnlyList<IntermediateValue> curve) =>
        new([.. curve.Select(v => new JsonObject { ["step"] = v.Step, ["value"] = Number(v.Value) })]);

    internal static JsonObject Parameters(TrialParameters parameters) => new(parameters.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)Value(p.Value))));

    internal static JsonObject Metrics(IReadOnlyDictionary<string, double> metrics) =>
        new(metrics.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)Number(m.Value))));

    private static JsonValue? Value(ParameterValue value) => value.Kind switch
    {
        ParameterValueKind.Float => Number(value.AsDouble()),
        ParameterValueKind.Int => JsonValue.Create(value.AsInt()),
        ParameterValueKind.Bool => JsonValue.Create(value.AsBool()),
        _ => JsonValue.Create(value.AsText()),
    };

    // JSON has no NaN and no infinity: a diverged trial's metrics say null.
    internal static JsonValue? Number(double? value) => value is { } number && double.IsFinite(number) ? JsonValue.Create(number) : null;

    internal static string? Time(DateTimeOffset? time) =>
        time?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
