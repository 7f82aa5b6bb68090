using TuningCluster.Shared.Models;

namespace TuningCluster.Shared.Studies.Reading;

/// <summary>Reads <c>objective:</c>.</summary>
internal static class ObjectiveReader
{
    public static readonly string[] Keys = ["kind", "metric", "direction", "name", "repeats"];
    public static readonly string[] Kinds = ["network", "function"];
    public static readonly string[] DirectionWords = ["minimize", "maximize"];

    private const int MostRepeats = 1000;

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
        if (objective?.Find("name") is { } misplaced)
        {
            objective.Faults.AtKey(misplaced, "name belongs to a function objective", "kind: function");
        }

        var name = objective?.Text("metric") ?? Metrics.ValidationLoss;
        if (Refuse(name, task) is { } problem)
        {
            objective!.Faults.Add(
                objective.Find("metric")!.Value, problem, Faults.Suggest(name, [.. Metrics.ObjectivesFor(task).Select(m => m.Name)]));
        }

        var direction = Direction(objective) ?? Metrics.Find(name)?.Direction ?? Studies.Direction.Minimize;
        return new ObjectiveSpec(ObjectiveKind.Network, name, direction, null, (int)(objective?.Int("repeats", 1, MostRepeats) ?? 1));
    }

    private static string? Refuse(string name, LearningTask? task) => Metrics.Find(name) switch
    {
        null => $"'{name}' is no metric",
        { CanBeObjective: false } => $"{name} is not known after every epoch and cannot be the objective",
        { Task: { } needed } when task is { } known && needed != known => $"{name} is a metric of {Words.Of(needed)}, and the task is {Words.Of(known)}",
        _ => null,
    };

    private static ObjectiveSpec Function(Section objective)
    {
        if (objective.Find("name") is null)
        {
            objective.Missing("name", $"name: {TestFunctionNames.All[0]}");
        }

        if (objective.Find("repeats") is { } repeats)
        {
            objective.Faults.AtKey(repeats, "a function has no seed to repeat with", "leave it out");
        }

        if (objective.Find("metric") is { } metric && objective.Text("metric") is { } word && word != Metrics.FunctionValue)
        {
            objective.Faults.Add(metric.Value, $"the metric of a function is {Metrics.FunctionValue}, not {word}", "leave it out");
        }

        var function = objective.Word("name", TestFunctionNames.All, what: "test function");
        return new ObjectiveSpec(ObjectiveKind.Function, Metrics.FunctionValue, Direction(objective) ?? Studies.Direction.Minimize, function);
    }

    private static Direction? Direction(Section? objective) => objective?.Word("direction", DirectionWords) switch
    {
        "minimize" => Studies.Direction.Minimize,
        "maximize" => Studies.Direction.Maximize,
        _ => null,
    };
}
