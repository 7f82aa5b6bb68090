namespace TuningCluster.Shared.SearchSpaces;

/// <summary>What is searched: parameters in the order of the study file, conditions between them.</summary>
/// <remarks>Built from validated parameters: unique names, conditions that name existing parameters, no cycles.</remarks>
public sealed class SearchSpace : IEquatable<SearchSpace>
{
    private readonly Dictionary<string, Parameter> _byName = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">A name stands twice, a condition names no parameter, or conditions form a cycle.</exception>
    public SearchSpace(IReadOnlyList<Parameter> parameters, IReadOnlyList<Constraint>? constraints = null)
    {
        Parameters = parameters;
        Constraints = constraints ?? [];
        foreach (var parameter in parameters)
        {
            if (!_byName.TryAdd(parameter.Name, parameter))
            {
                throw new ArgumentException($"Parameter '{parameter.Name}' stands twice.", nameof(parameters));
            }
        }

        DrawOrder = SortByCondition(parameters, _byName);
    }

    /// <summary>In the order of the study file: the order in which values are shown.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>What every suggestion fulfils beside the ranges.</summary>
    public IReadOnlyList<Constraint> Constraints { get; }

    /// <summary>The same parameters, each after those its conditions name: the order in which values are drawn.</summary>
    public IReadOnlyList<Parameter> DrawOrder { get; }

    /// <summary>The parameter of that name; null when there is none.</summary>
    public Parameter? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Whether <paramref name="parameter"/> takes part, given the values drawn so far.</summary>
    public static bool IsActive(Parameter parameter, IReadOnlyDictionary<string, ParameterValue> drawn) =>
        parameter.When.All(condition => drawn.TryGetValue(condition.Parameter, out var value) && condition.Values.Contains(value));

    /// <summary>The drawn, active values in the order of the study file.</summary>
    public TrialParameters Arrange(IReadOnlyDictionary<string, ParameterValue> drawn) =>
        new(Parameters.Where(p => drawn.ContainsKey(p.Name)).Select(p => KeyValuePair.Create(p.Name, drawn[p.Name])));

    /// <summary>Whether exactly the active parameters of this space have values, each in its range.</summary>
    public bool Contains(TrialParameters values) =>
        values.Count == Parameters.Count(p => IsActive(p, values))
        && Parameters.All(p => !IsActive(p, values) || (values.TryGetValue(p.Name, out var value) && p.Contains(value)));

    /// <summary>The point of this space that a trial of an earlier, narrower one is: its values in this space's spelling, and of every parameter that has
    /// come since the <see cref="Parameter.Default"/>.</summary>
    /// <returns>Null when it is none.</returns>
    public TrialParameters? Adopt(TrialParameters values)
    {
        var adopted = new Dictionary<string, ParameterValue>(Parameters.Count, StringComparer.Ordinal);
        var used = 0;
        foreach (var parameter in DrawOrder)
        {
            if (!IsActive(parameter, adopted))
            {
                continue;
            }

            var known = values.TryGetValue(parameter.Name, out var value);
            if ((known ? value : parameter.Default) is not { } written || parameter.Match(written) is not { } match)
            {
                return null;
            }

            used += known ? 1 : 0;
            adopted.Add(parameter.Name, match);
        }

        return used == values.Count ? Arrange(adopted) : null;
    }

    /// <summary>Whether the values of a trial fulfil every constraint.</summary>
    /// <param name="values">The active values, each in its range.</param>
    public bool Allows(IReadOnlyDictionary<string, ParameterValue> values)
    {
        foreach (var constraint in Constraints)
        {
            if (!constraint.Holds(values))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Same parameters in the same order, same constraints.</summary>
    public bool Equals(SearchSpace? other) =>
        ReferenceEquals(this, other) || (other is not null && Parameters.SequenceEqual(other.Parameters) && Constraints.SequenceEqual(other.Constraints));

    public override bool Equals(object? obj) => Equals(obj as SearchSpace);

    public override int GetHashCode() => Parameters.Aggregate(Parameters.Count, HashCode.Combine);

    private static List<Parameter> SortByCondition(IReadOnlyList<Parameter> parameters, Dictionary<string, Parameter> byName)
    {
        var sorted = new List<Parameter>(parameters.Count);
        var entered = new HashSet<string>(StringComparer.Ordinal);
        foreach (var parameter in parameters)
        {
            Visit(parameter, []);
        }

        return sorted;

        void Visit(Parameter parameter, HashSet<string> path)
        {
            if (!path.Add(parameter.Name))
            {
                throw new ArgumentException($"The conditions of '{parameter.Name}' lead back to itself.", nameof(parameters));
            }

            if (entered.Add(parameter.Name))
            {
                foreach (var condition in parameter.When)
                {
                    Visit(byName.TryGetValue(condition.Parameter, out var target)
                        ? target
                        : throw new ArgumentException($"'{parameter.Name}' depends on '{condition.Parameter}', which is no parameter.", nameof(parameters)), path);
                }

                sorted.Add(parameter);
            }

            path.Remove(parameter.Name);
        }
    }
}
