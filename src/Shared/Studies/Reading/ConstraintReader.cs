using TuningCluster.Shared.Models;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Shared.Studies.Reading;

/// <summary>Reads <c>constraints:</c>.</summary>
internal static class ConstraintReader
{
    private const string Example = "constraints: [ \"width * layers <= 512\" ]";

    /// <summary>Those on parameters alone, and those that name a metric.</summary>
    /// <param name="parameters">Of the study.</param>
    /// <param name="model">Every setting of the network that is not searched; empty for a function.</param>
    /// <param name="objectives">Of the study.</param>
    public static (List<Constraint> OfParameters, List<Constraint> OfMetrics) Read(
        Section root, IReadOnlyList<Parameter> parameters, IReadOnlyDictionary<string, ParameterValue> model, IReadOnlyList<ObjectiveSpec> objectives, DataSpec? data)
    {
        var (ofParameters, ofMetrics) = (new List<Constraint>(), new List<Constraint>());
        if (root.Find("constraints")?.Value is not { } node)
        {
            return (ofParameters, ofMetrics);
        }

        if (node is not SequenceNode list)
        {
            root.Faults.Add(node, $"constraints is a list of conditions, not {node.What}", Example);
            return (ofParameters, ofMetrics);
        }

        var byName = parameters.ToDictionary(p => p.Name, StringComparer.Ordinal);
        foreach (var item in list.Items)
        {
            if (Parse(item, root.Faults) is { } constraint && Judge(constraint, item) is { } metrics)
            {
                (metrics ? ofMetrics : ofParameters).Add(constraint.With(model.Where(m => !byName.ContainsKey(m.Key)).ToDictionary()));
            }
        }

        return (ofParameters, ofMetrics);

        // Whether it names a metric; null after a fault.
        bool? Judge(Constraint constraint, Node item)
        {
            var before = root.Faults.Count;
            var metrics = false;
            foreach (var name in constraint.Names.Where(n => !byName.ContainsKey(n) && !model.ContainsKey(n)))
            {
                metrics = true;
                if (RefuseMetric(name, objectives, data) is { } problem)
                {
                    root.Faults.Add(item, problem, Faults.Suggest(name, Names(parameters, objectives, data)));
                }
            }

            if (root.Faults.Count == before && constraint.Misfit(KindOf) is { } misfit)
            {
                root.Faults.Add(item, misfit);
            }

            foreach (var (name, text) in constraint.Texts)
            {
                if (byName.GetValueOrDefault(name) is CategoricalParameter categorical && !categorical.Choices.Contains(ParameterValue.Text(text)))
                {
                    root.Faults.Add(item, $"{name} is never '{text}'", Faults.Suggest(text, [.. categorical.Choices.Select(c => c.ToString())]));
                }
            }

            if (root.Faults.Count == before && !metrics && !constraint.Names.Any(byName.ContainsKey))
            {
                root.Faults.Add(item, "it names no parameter and no metric: nothing would depend on it", Example);
            }

            return root.Faults.Count == before ? metrics : null;
        }

        ParameterValueKind? KindOf(string name) =>
            byName.TryGetValue(name, out var parameter) ? KindOfValues(parameter)
            : model.TryGetValue(name, out var value) ? Merged(value.Kind)
            : ParameterValueKind.Float;
    }

    private static Constraint? Parse(Node item, Faults faults)
    {
        if (item is not ScalarNode { Raw: var text } || string.IsNullOrWhiteSpace(text))
        {
            faults.Add(item, $"a constraint is a text, not {(item is ScalarNode ? "empty" : item.What)}", "\"width * layers <= 512\"");
            return null;
        }

        try
        {
            return Constraint.Parse(text);
        }
        catch (FormatException e)
        {
            faults.Add(item, $"this is no condition, {e.Message}", "such as \"width * layers <= 512\" or \"optimizer != 'sgd' or learning_rate <= 0.1\"");
            return null;
        }
    }

    private static string? RefuseMetric(string name, IReadOnlyList<ObjectiveSpec> objectives, DataSpec? data) => objectives switch
    {
        [{ Kind: ObjectiveKind.Function, Function: { } function }, ..] =>
            TestFunctionNames.MetricsOf(function).Contains(name) ? null : $"'{name}' is no parameter, and no metric of {function}",
        // An external trial has what its program tells of it.
        [{ Kind: ObjectiveKind.Network, Repeats: var repeats }, ..] =>
            Metrics.Find(name) is null ? $"'{name}' is no parameter, no setting of the network and no metric" : MetricRules.RefuseAtEnd(name, data, repeats),
        _ => null,
    };

    private static List<string> Names(IReadOnlyList<Parameter> parameters, IReadOnlyList<ObjectiveSpec> objectives, DataSpec? data) =>
    [
        .. parameters.Select(p => p.Name),
        .. objectives[0].Function is { } function ? TestFunctionNames.MetricsOf(function) : Metrics.All.Select(m => m.Name).Where(m => MetricRules.RefuseAtEnd(m, data, objectives[0].Repeats) is null),
    ];

    private static ParameterValueKind? KindOfValues(Parameter parameter) => parameter is CategoricalParameter categorical
        ? categorical.Choices.Select(c => Merged(c.Kind)).Distinct().ToList() is [var only] ? only : null
        : ParameterValueKind.Float;

    private static ParameterValueKind Merged(ParameterValueKind kind) => kind == ParameterValueKind.Int ? ParameterValueKind.Float : kind;
}
