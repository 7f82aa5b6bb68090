using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Text;

namespace TuningCluster.Shared.Studies.Reading;

/// <summary>Reads <c>when:</c> of every parameter: each names another one and the values that make the parameter active.</summary>
internal static class ConditionReader
{
    /// <summary>The parameters with their conditions; those that could not be read are left out, and then there is a fault.</summary>
    public static List<Parameter> Read(IReadOnlyList<ParameterDraft> drafts, IReadOnlyDictionary<string, ParameterValue> model, Faults faults)
    {
        var parameters = new List<Parameter>(drafts.Count);
        foreach (var draft in drafts)
        {
            var conditions = Conditions(draft, drafts, model, faults);
            if (draft.Parameter is not null)
            {
                parameters.Add(draft.Parameter with { When = conditions });
            }
        }

        FindCycles(drafts, faults);
        return parameters;
    }

    private static Entry? When(ParameterDraft draft) =>
        (draft.Entry.Value as MappingNode)?.Find("when") is { Value.IsNull: false } when ? when : null;

    private static List<Condition> Conditions(
        ParameterDraft draft, IReadOnlyList<ParameterDraft> drafts, IReadOnlyDictionary<string, ParameterValue> model, Faults faults)
    {
        var conditions = new List<Condition>();
        foreach (var entry in Section.Open(When(draft), faults, null, example: "when: { optimizer: sgd }")?.Entries ?? [])
        {
            var other = drafts.FirstOrDefault(d => d.Name == entry.Key);
            if (other is null)
            {
                faults.AtKey(
                    entry,
                    $"'{entry.Key}' is no parameter",
                    model.ContainsKey(entry.Key) ? "model fixes it: leave the condition out"
                    : NearestName.Find(entry.Key, drafts.Select(d => d.Name)) is { } near ? $"did you mean '{near}'?"
                    : "a condition names another parameter of this file");
            }
            else if (other.Parameter is FloatParameter { Step: null })
            {
                faults.AtKey(entry, $"{entry.Key} is a float without a step and equals no value", "conditions need a categorical, an int or a step");
            }
            else if (other.Parameter is not null && Values(entry, other.Parameter, faults) is { Count: > 0 } values)
            {
                conditions.Add(new Condition(entry.Key, values));
            }
        }

        return conditions;
    }

    private static List<ParameterValue> Values(Entry entry, Parameter other, Faults faults)
    {
        var values = new List<ParameterValue>();
        if (entry.Value is SequenceNode { Items.Count: 0 })
        {
            faults.Add(entry.Value, "the condition names no value");
        }

        foreach (var node in entry.Value is SequenceNode list ? list.Items : [entry.Value])
        {
            if (node is not ScalarNode { Value: { } written })
            {
                faults.Add(node, node is ScalarNode { Refusal: { } refusal } ? refusal : $"a condition names a value or a list of values, not {node.What}");
            }
            else if (other.Match(written) is not { } value)
            {
                var hint = other is CategoricalParameter { Choices: var choices } ? Faults.Suggest(written.ToString(), [.. choices.Select(c => c.ToString())]) : null;
                faults.Add(node, $"{other.Name} can never be {written}", hint ?? $"it is {other.Describe()}");
            }
            else if (!values.Contains(value))
            {
                values.Add(value);
            }
        }

        return values;
    }

    private static void FindCycles(IReadOnlyList<ParameterDraft> drafts, Faults faults)
    {
        var edges = drafts.ToDictionary(
            d => d.Name,
            d => (When(d)?.Value as MappingNode)?.Entries.Select(e => e.Key).ToArray() ?? [],
            StringComparer.Ordinal);
        var reported = new HashSet<string>(StringComparer.Ordinal);
        foreach (var draft in drafts)
        {
            if (!reported.Contains(draft.Name) && PathBack(draft.Name, edges) is { } path)
            {
                reported.UnionWith(path);
                faults.AtKey(When(draft)!, $"the conditions form a cycle: {string.Join(" → ", path)} → {draft.Name}");
            }
        }
    }

    /// <summary>The names on a shortest way from <paramref name="start"/> back to itself; null when there is none.</summary>
    private static List<string>? PathBack(string start, Dictionary<string, string[]> edges)
    {
        var from = new Dictionary<string, string>(StringComparer.Ordinal);
        var queue = new Queue<string>([start]);
        while (queue.TryDequeue(out var name))
        {
            foreach (var next in edges.GetValueOrDefault(name) ?? [])
            {
                if (next == start)
                {
                    var path = new List<string> { name };
                    while (name != start)
                    {
                        path.Insert(0, name = from[name]);
                    }

                    return path;
                }

                if (from.TryAdd(next, name))
                {
                    queue.Enqueue(next);
                }
            }
        }

        return null;
    }
}
