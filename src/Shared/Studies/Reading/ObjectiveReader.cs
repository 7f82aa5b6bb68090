using TuningCluster.Shared.Models;

namespace TuningCluster.Shared.Studies.Reading;

/// <summary>Reads <c>objective:</c>.</summary>
internal static class ObjectiveReader
{
    public static readonly string[] Keys = ["kind", "metric", "direction", "name", "repeats"];
    public static readonly string[] Kinds = ["network", "function", "external"];
    public static readonly string[] DirectionWords = ["minimize", "maximize"];

    private const int MostRepeats = 1000;

    private const string Example = "objective: { metric: validation_loss, direction: minimize }";

    private const string SeveralExample = "objectives: [ { metric: validation_loss }, { metric: parameters_count } ]";

    /// <summary>All objectives, the first one first; null when its kind is unusable: then nothing that depends on it can be judged.</summary>
    public static List<ObjectiveSpec>? Read(Section root, DataSpec? data)
    {
        if (root.Find("objectives") is not { } several)
        {
            return One(root.Find("objective"), root.Faults, data, null) is { } only ? [only] : null;
        }

        if (root.Find("objective") is { } one)
        {
            root.Faults.AtKey(one, "objective and objectives cannot both stand", "keep objectives, and put it first there");
        }

        if (several.Value is not SequenceNode { Items.Count: > 0 } list)
        {
            root.Faults.Add(several.Value, $"objectives is a list of objectives, not {(several.Value is SequenceNode ? "empty" : several.Value.What)}", SeveralExample);
            return null;
        }

        var objectives = new List<ObjectiveSpec>();
        foreach (var item in list.Items)
        {
            if (One(new Entry("objective", item.Line, item.Column, item), root.Faults, data, objectives.FirstOrDefault()) is { } objective)
            {
                if (objectives.Exists(o => o.Metric == objective.Metric))
                {
                    root.Faults.Add(item, $"{objective.Metric} stands twice", "each objective has a metric of its own");
                }

                objectives.Add(objective);
            }
            else if (objectives.Count == 0)
            {
                return null;
            }
        }

        return objectives;
    }

    /// <param name="first">The first one when this is a further one, which has its kind, function and repeats.</param>
    private static ObjectiveSpec? One(Entry? entry, Faults faults, DataSpec? data, ObjectiveSpec? first)
    {
        // The keys depend on the kind, so the kind is read first.
        if (Section.Open(entry, faults, null, example: Example) is { } any && any.Find("kind") is not null && any.Word("kind", Kinds, LaterRelease.ObjectiveKinds) is null)
        {
            return null;
        }

        var kind = (entry?.Value as MappingNode)?.Find("kind")?.Value;
        var objective = Section.Open(entry is { Value: MappingNode } ? entry : null, faults, Keys, LaterRelease.ObjectiveKeys);
        if (first is not null && kind is ScalarNode { Raw: var word } && word != Words.Of(first.Kind))
        {
            faults.Add(kind, $"all objectives are of one kind, and the first is a {Words.Of(first.Kind)}", "leave it out");
            return null;
        }

        return ((kind as ScalarNode)?.Raw ?? (first is null ? "network" : Words.Of(first.Kind))) switch
        {
            "function" => Function(objective!, first),
            "external" => External(objective!, first),
            _ => Network(objective, data, first),
        };
    }

    private static ObjectiveSpec Network(Section? objective, DataSpec? data, ObjectiveSpec? first)
    {
        if (objective?.Find("name") is { } misplaced)
        {
            objective.Faults.AtKey(misplaced, "name belongs to a function objective", "kind: function");
        }

        if (first is not null && objective is not null && objective.Find("metric") is null)
        {
            objective.Missing("metric", "metric: parameters_count");
        }

        var name = objective?.Text("metric") ?? Metrics.ValidationLoss;
        var repeats = Repeats(objective, first);
        if ((first is null ? Refuse(name, data?.Task) : MetricRules.RefuseAtEnd(name, data, repeats)) is { } problem)
        {
            objective!.Faults.Add(
                objective.Find("metric")!.Value, problem, Faults.Suggest(name, [.. Metrics.ObjectivesFor(data?.Task).Select(m => m.Name)]));
        }

        var direction = Direction(objective) ?? Metrics.Find(name)?.Direction ?? Studies.Direction.Minimize;
        return new ObjectiveSpec(ObjectiveKind.Network, name, direction, null, repeats);
    }

    /// <summary>Networks are trained once for all objectives: the first one says how often.</summary>
    private static int Repeats(Section? objective, ObjectiveSpec? first)
    {
        var repeats = (int?)objective?.Int("repeats", 1, MostRepeats);
        if (first is null || repeats is null || repeats == first.Repeats)
        {
            return repeats ?? first?.Repeats ?? 1;
        }

        objective!.Faults.AtKey(objective.Find("repeats")!, $"all objectives come of the same trainings, and the first has {first.Repeats} repeats", "leave it out here");
        return first.Repeats;
    }

    private static string? Refuse(string name, LearningTask? task) =>
        MetricRules.RefuseName(name, task)
        ?? (Metrics.Find(name)!.CanBeObjective ? null : $"{name} is not known after every epoch and cannot be the {(name.StartsWith(Metrics.Test, StringComparison.Ordinal) ? "" : "first ")}objective");

    private static ObjectiveSpec Function(Section objective, ObjectiveSpec? first)
    {
        if (objective.Find("name") is null && first is null)
        {
            objective.Missing("name", $"name: {TestFunctionNames.All[0]}");
        }

        if (objective.Find("repeats") is { } repeats)
        {
            objective.Faults.AtKey(repeats, "a function has no seed to repeat with", "leave it out");
        }

        var function = objective.Word("name", TestFunctionNames.All, what: "test function") ?? first?.Function;
        if (first?.Function is { } common && function != common)
        {
            objective.Faults.Add(objective.Find("name")!.Value, $"all objectives are of one function, and the first is of {common}", "leave it out");
        }

        // An unknown function was told: of its metrics nothing can be said.
        IReadOnlyList<string> known = function is null ? [Metrics.FunctionValue] : TestFunctionNames.ObjectivesOf(function);
        var metric = objective.Text("metric");
        if (metric is not null && function is not null && !known.Contains(metric))
        {
            objective.Faults.Add(
                objective.Find("metric")!.Value, $"{metric} is no objective of {function}", known.Count == 1 ? $"it has one, {known[0]}: leave it out" : $"one of {string.Join(", ", known)}");
        }

        if (metric is null && first is not null)
        {
            objective.Missing("metric", $"metric: {known[^1]}");
        }

        return new ObjectiveSpec(ObjectiveKind.Function, metric ?? known[0], Direction(objective) ?? Studies.Direction.Minimize, function);
    }

    /// <summary>Whoever tells the values names them.</summary>
    private static ObjectiveSpec External(Section objective, ObjectiveSpec? first)
    {
        foreach (var key in (string[])["name", "repeats"])
        {
            if (objective.Find(key) is { } misplaced)
            {
                objective.Faults.AtKey(misplaced, $"the program that asks for the trials says what comes of them: {key} would do nothing", "leave it out");
            }
        }

        if (first is not null && objective.Find("metric") is null)
        {
            objective.Missing("metric", "metric: seconds");
        }

        return new ObjectiveSpec(ObjectiveKind.External, objective.Text("metric") ?? Metrics.FunctionValue, Direction(objective) ?? Studies.Direction.Minimize, null);
    }

    private static Direction? Direction(Section? objective) => objective?.Word("direction", DirectionWords) switch
    {
        "minimize" => Studies.Direction.Minimize,
        "maximize" => Studies.Direction.Maximize,
        _ => null,
    };
}
