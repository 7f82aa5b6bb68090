namespace TuningCluster.Shared.Studies.Reading;

/// <summary>Reads <c>objective:</c>.</summary>
internal static class ObjectiveReader
{
    public static readonly string[] Keys = ["kind", "metric", "direction", "name"];
    public static readonly string[] Kinds = ["network", "function"];
    public static readonly string[] DirectionWords = ["minimize", "maximize"];

    private const string Example = "objective: { metric: validation_loss, direction: minimize }";

    /// <summary>Null when the kind is unusable: then nothing that depends on it can be judged.</summary>
    public static ObjectiveSpec? Read(Section root, LearningTask? task)
    {
        // The keys depend on the kind, so the kind is read first.
        if (root.Map("objective", null, example: Example) is { } any && any.Find("kind") is not null && any.Word("kind", Kinds, LaterRelease.ObjectiveKinds) is null)
        {
            return null;
        }

        var kind = (root.Find("objective")?.Value as MappingNode)?.Find("kind")?.Value;
        var objective = Section.Open(
            root.Find("objective") is { Value: MappingNode } entry ? entry : null, root.Faults, Keys, LaterRelease.ObjectiveKeys);
        return kind is ScalarNode { Raw: "function" } ? Function(objective!) : Network(objective, task);
    }

    private static ObjectiveSpec Network(Section? objective, LearningTask? task)
    {
        if (objective?.Find("name") is { } name)
        {
            objective.Faults.AtKey(name, "name belongs to a function objective", "kind: function");
        }

        var metric = objective?.Find("metric") is null ? "validation_loss" : objective.Word("metric", KnownMetrics.All);
        if (metric is not null && task is { } known && KnownMetrics.TaskOf(metric) is { } needed && needed != known)
        {
            objective!.Faults.Add(
                objective.Find("metric")!.Value,
                $"{metric} is a metric of {Words.Of(needed)}, and the task is {Words.Of(known)}",
                $"one of {string.Join(", ", KnownMetrics.For(known))}");
        }

        metric ??= "validation_loss";
        var direction = Direction(objective) ?? KnownMetrics.DefaultDirection(metric);
        return new ObjectiveSpec(ObjectiveKind.Network, metric, direction, null);
    }

    private static ObjectiveSpec Function(Section objective)
    {
        if (objective.Find("name") is null)
        {
            objective.Missing("name", $"name: {KnownFunctions.All[0]}");
        }

        if (objective.Find("metric") is { } metric && objective.Text("metric") is { } word && word != "value")
        {
            objective.Faults.Add(metric.Value, $"the metric of a function is value, not {word}", "leave it out");
        }

        var function = objective.Word("name", KnownFunctions.All);
        return new ObjectiveSpec(ObjectiveKind.Function, "value", Direction(objective) ?? Studies.Direction.Minimize, function);
    }

    private static Direction? Direction(Section? objective) => objective?.Word("direction", DirectionWords) switch
    {
        "minimize" => Studies.Direction.Minimize,
        "maximize" => Studies.Direction.Maximize,
        _ => null,
    };
}
