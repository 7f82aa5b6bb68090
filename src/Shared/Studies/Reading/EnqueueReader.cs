using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Shared.Studies.Reading;

/// <summary>Reads <c>enqueue:</c>, partial or whole sets of parameters.</summary>
internal static class EnqueueReader
{
    private const string Example = "enqueue: [ { learning_rate: 0.001 } ]";

    /// <param name="names">Every parameter of the file, also those with faults of their own.</param>
    /// <param name="space">Null when it could not be built.</param>
    public static List<TrialParameters> Read(Section root, IReadOnlyCollection<string> names, SearchSpace? space)
    {
        var sets = new List<TrialParameters>();
        if (root.Find("enqueue")?.Value is not { } node)
        {
            return sets;
        }

        if (node is not SequenceNode list)
        {
            root.Faults.Add(node, $"enqueue is a list of sets of parameters, not {node.What}", Example);
            return sets;
        }

        foreach (var item in list.Items)
        {
            if (item is MappingNode set)
            {
                sets.Add(Set(set, root.Faults, names, space));
            }
            else
            {
                root.Faults.Add(item, $"an enqueued trial is a mapping of parameters, not {item.What}", Example);
            }
        }

        return sets;
    }

    private static TrialParameters Set(MappingNode set, Faults faults, IReadOnlyCollection<string> names, SearchSpace? space)
    {
        var values = new Dictionary<string, ParameterValue>(StringComparer.Ordinal);
        foreach (var entry in set.Entries)
        {
            if (!names.Contains(entry.Key))
            {
                faults.AtKey(entry, $"'{entry.Key}' is no parameter", Faults.Suggest(entry.Key, names));
            }
            else if (entry.Value is not ScalarNode { Value: { } written })
            {
                faults.Add(entry.Value, entry.Value is ScalarNode { Refusal: { } refusal } ? refusal : $"{entry.Key} has one value here, not {entry.Value.What}");
            }
            else if (space?.Find(entry.Key) is { } parameter)
            {
                if (parameter.Match(written) is { } value)
                {
                    values.Add(entry.Key, value);
                }
                else
                {
                    faults.Add(entry.Value, $"{entry.Key} cannot be {written}", $"it is {parameter.Describe()}");
                }
            }
        }

        if (space is null)
        {
            return TrialParameters.Empty;
        }

        foreach (var entry in set.Entries)
        {
            if (values.ContainsKey(entry.Key) && Contradiction(space.Find(entry.Key)!, values, space) is { } problem)
            {
                faults.AtKey(entry, problem, "leave it out");
            }
        }

        // A constraint that names a value the set leaves open holds here: it is seen to when that is drawn.
        foreach (var constraint in space.Constraints.Where(c => !c.Holds(values)))
        {
            faults.Add(set, $"these values violate the constraint {constraint.Text}", "leave one of them out, or loosen the constraint");
        }

        return space.Arrange(values);
    }

    /// <summary>Why no trial can have this parameter together with the other given values; null when one can.</summary>
    private static string? Contradiction(Parameter parameter, Dictionary<string, ParameterValue> values, SearchSpace space)
    {
        foreach (var condition in parameter.When)
        {
            if (values.TryGetValue(condition.Parameter, out var value) && !condition.Values.Contains(value))
            {
                return $"{parameter.Name} plays no part when {condition.Parameter} is {value}";
            }

            if (!values.ContainsKey(condition.Parameter) && Contradiction(space.Find(condition.Parameter)!, values, space) is { } deeper)
            {
                return deeper;
            }
        }

        return null;
    }
}
