using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Views;

/// <summary>How many different sets of parameters a space holds.</summary>
public static class SpaceSize
{
    /// <returns>Null when some parameter is continuous. Points beyond 2⁶³ count as 2⁶³ − 1.</returns>
    public static long? Of(SearchSpace space)
    {
        var axes = space.Parameters.ToDictionary(p => p.Name, p => Count(p), StringComparer.Ordinal);
        if (axes.Values.Any(count => count is null))
        {
            return null;
        }

        var conditions = space.Parameters.SelectMany(p => p.When).ToLookup(c => c.Parameter, c => c.Values, StringComparer.Ordinal);
        return (long)Combinations(0, new Dictionary<string, ParameterValue>(StringComparer.Ordinal));

        // Branches only over values that a condition names; all others of an axis lead to the same rest.
        Int128 Combinations(int depth, Dictionary<string, ParameterValue> drawn)
        {
            if (depth == space.DrawOrder.Count)
            {
                return 1;
            }

            var parameter = space.DrawOrder[depth];
            if (!SearchSpace.IsActive(parameter, drawn))
            {
                return Combinations(depth + 1, drawn);
            }

            var named = conditions[parameter.Name].SelectMany(values => values).Distinct().Where(parameter.Contains).ToList();
            Int128 count = 0;
            foreach (var value in named)
            {
                drawn[parameter.Name] = value;
                count = Saturate(count + Combinations(depth + 1, drawn));
            }

            drawn.Remove(parameter.Name);
            var others = axes[parameter.Name]!.Value - named.Count;
            return others <= 0 ? count : Saturate(count + (Combinations(depth + 1, drawn) * others));
        }
    }

    // Below 2⁶³, so that the next product stays within 128 bits.
    private static Int128 Saturate(Int128 count) => count > long.MaxValue ? long.MaxValue : count;

    private static long? Count(Parameter parameter) => parameter switch
    {
        CategoricalParameter categorical => categorical.Choices.Count,
        IntParameter axis => axis.Count,
        FloatParameter axis => axis.StepCount,
        _ => null,
    };
}
