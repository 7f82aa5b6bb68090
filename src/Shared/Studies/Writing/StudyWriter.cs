using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies.Reading;

namespace TuningCluster.Shared.Studies.Writing;

/// <summary>Writes the canonical study file. Its text is in journals: keys are added, never renamed or reordered.</summary>
internal static class StudyWriter
{
    public static string Write(StudySpec spec) => Json.Object(
        ("version", Json.Number(StudyReader.Version)),
        ("name", Json.Text(spec.Name)),
        ("data", spec.Data is { } data ? Data(data) : null),
        ("objective", spec.FurtherObjectives.Count == 0 ? Objective(spec.Objective) : null),
        ("objectives", spec.FurtherObjectives.Count == 0 ? null : Json.Array(spec.Objectives.Select(Objective))),
        ("constraints", Constraints([.. spec.Space.Constraints, .. spec.MetricConstraints])),
        ("model", spec.Objective.Kind == ObjectiveKind.Network ? Values(spec.Model) : null),
        ("parameters", Json.Object(spec.Space.Parameters.Select(p => (p.Name, (string?)Parameter(p))))),
        ("enqueue", spec.Enqueue.Count == 0 ? null : Json.Array(spec.Enqueue.Select(Values))),
        ("warm_start", spec.WarmStart is { } warm
            ? Json.Object(("study", warm.Study is { } study ? Json.Text(study) : null), ("csv", warm.Csv is { } csv ? Json.Text(csv) : null))
            : null),
        ("strategy", Named(spec.Strategy.Name, spec.Strategy.Seed, spec.Strategy.Settings)),
        ("stopping", spec.Stopping == StoppingSpec.None ? null : Named(spec.Stopping.Name, null, spec.Stopping.Settings)),
        ("reevaluate", spec.Reevaluate is { } again ? Json.Object(("top", Json.Number(again.Top)), ("seeds", Json.Number(again.Seeds))) : null),
        ("budget", Budget(spec.Budget)),
        ("limits", spec.Objective.Kind == ObjectiveKind.External ? null : Limits(spec.Limits)),
        ("parallel", Json.Object(
            ("trials", spec.Parallel.Trials is { } trials ? Json.Number(trials) : Json.Text("auto")), ("threads", Json.Number(spec.Parallel.Threads)))),
        ("retry", Json.Object(("attempts", Json.Number(spec.Retry.Attempts)))),
        ("reproducible", spec.Reproducible.Window is { } window
            ? Json.Object(("mode", Json.Text("strict")), ("window", Json.Number(window)))
            : Json.Text("best_effort")));

    private static string Data(DataSpec data) => Json.Object(
        ("source", Json.Text(data.Source)),
        ("sha256", data.Sha256 is { } hash ? Json.Text(hash) : null),
        ("target", data.Targets.Count switch
        {
            0 => null,
            1 => Json.Text(data.Targets[0]),
            _ => Json.Array(data.Targets.Select(Json.Text)),
        }),
        ("task", data.Task is { } task ? Json.Text(Words.Of(task)) : null),
        ("split", Json.Object(
            ("validation", data.Split.Folds is null ? Json.Number(data.Split.Validation) : null), ("test", Json.Number(data.Split.Test)),
            ("seed", Json.Number(data.Split.Seed)), ("stratify", Json.Bool(data.Split.Stratify)), ("folds", Optional(data.Split.Folds)))),
        ("scale", Json.Text(Words.Of(data.Scale))),
        ("one_hot_max_size", Json.Number(data.OneHotMaxSize)));

    private static string? Constraints(IReadOnlyCollection<Constraint> constraints) =>
        constraints.Count == 0 ? null : Json.Array(constraints.Select(c => Json.Text(c.Text)));

    private static string Objective(ObjectiveSpec objective) => Json.Object(
        ("kind", Json.Text(Words.Of(objective.Kind))),
        ("name", objective.Function is { } function ? Json.Text(function) : null),
        ("metric", Json.Text(objective.Metric)),
        ("direction", Json.Text(Words.Of(objective.Direction))),
        ("repeats", objective.Repeats > 1 ? Json.Number(objective.Repeats) : null));

    private static string Values(IEnumerable<KeyValuePair<string, ParameterValue>> values) =>
        Json.Object(values.Select(v => (v.Key, (string?)Json.Value(v.Value))));

    private static string Parameter(Parameter parameter) => parameter switch
    {
        FloatParameter f => Json.Object(
            ("type", Json.Text("float")), ("low", Json.Number(f.Low)), ("high", Json.Number(f.High)), ("log", Json.Bool(f.Log)),
            ("step", f.Step is { } step ? Json.Number(step) : null), ("points", Optional(f.Points)), ("when", When(f)), Default(f)),
        IntParameter i => Json.Object(
            ("type", Json.Text("int")), ("low", Json.Number(i.Low)), ("high", Json.Number(i.High)), ("log", Json.Bool(i.Log)),
            ("step", i.Log ? null : Json.Number(i.Step)), ("points", Optional(i.Points)), ("when", When(i)), Default(i)),
        CategoricalParameter c => Json.Object(
            ("type", Json.Text("categorical")), ("choices", Json.Array(c.Choices.Select(Json.Value))), ("when", When(c)), Default(c)),
        _ => throw new ArgumentException($"No spelling for {parameter.GetType().Name}.", nameof(parameter)),
    };

    private static (string Key, string? Value) Default(Parameter parameter) => parameter.Default is not { } value ? ("default", null)
        : (parameter.Contains(value) ? "default" : "was", Json.Value(value));

    private static string? When(Parameter parameter) => parameter.When.Count == 0
        ? null
        : Json.Object(parameter.When.Select(c => (c.Parameter, (string?)Json.Array(c.Values.Select(Json.Value)))));

    private static string Named(string name, long? seed, IReadOnlyDictionary<string, ParameterValue> settings) => Json.Object(
        [
            ("name", Json.Text(name)),
            ("seed", seed is { } number ? Json.Number(number) : null),
            .. settings.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => (s.Key, (string?)Json.Value(s.Value))),
        ]);

    private static string Budget(BudgetSpec budget) => Json.Object(
        ("trials", Optional(budget.Trials)),
        ("time", Duration(budget.Time)),
        ("target", budget.Target is { } target ? Json.Number(target) : null),
        ("patience", Optional(budget.Patience)),
        ("failures", Optional(budget.Failures)));

    private static string Limits(LimitsSpec limits) => Json.Object(
        ("time", Duration(limits.Time)), ("memory", limits.MemoryBytes is { } bytes ? Json.Text(ByteSize.Text(bytes)) : null));

    private static string? Duration(TimeSpan? duration) => duration is { } time ? Json.Text(StudyDuration.Text(time)) : null;

    private static string? Optional(int? number) => number is { } value ? Json.Number(value) : null;
}
