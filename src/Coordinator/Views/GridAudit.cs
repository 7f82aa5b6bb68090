using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Views;

/// <summary>Whether every point of a grid was tried once. Knows no sampler: it judges by the points that were tried.</summary>
internal sealed class GridAudit
{
    private readonly Dictionary<TrialParameters, AuditedTrial> _points = [];

    /// <returns>The trial that holds the point already; null when there is none.</returns>
    public AuditedTrial? Add(AuditedTrial trial) =>
        _points.TryAdd(trial.Parameters, trial) ? null : _points[trial.Parameters];

    /// <summary>A cancelled trial gives its point back.</summary>
    public void Remove(AuditedTrial trial)
    {
        if (_points.TryGetValue(trial.Parameters, out var holder) && holder == trial)
        {
            _points.Remove(trial.Parameters);
        }
    }

    /// <summary>What the tried points lack of the whole grid of <paramref name="space"/>; null when nothing.</summary>
    /// <remarks>
    /// Whole means: each axis has all its values, and every combination of the axes' values, conditions kept, was tried. How a
    /// grid spaces the values of a continuous axis is the sampler's affair; that their number and ends are right is not.
    /// </remarks>
    public string? Missing(SearchSpace space)
    {
        var tried = _points.Keys.Where(space.Contains).ToList();
        var axes = space.Parameters.ToDictionary(
            p => p.Name,
            p => tried.Where(t => t.ContainsKey(p.Name)).Select(t => t[p.Name]).Distinct().ToList(),
            StringComparer.Ordinal);
        foreach (var parameter in space.Parameters)
        {
            var values = axes[parameter.Name];
            // A constraint may forbid every point of a value.
            if (space.Constraints.Count == 0 && LeastCount(parameter) is { } least && values.Count < least)
            {
                return $"only {values.Count} of {least} values of '{parameter.Name}' were tried";
            }
        }

        var combinations = Combinations(space, axes, 0, new Dictionary<string, ParameterValue>(StringComparer.Ordinal), tried.Count + 1L);
        return combinations > tried.Count ? $"only {tried.Count} of its points were tried" : null;
    }

    // Points of a log or coarse integer axis may round to the same number; its two ends never do.
    private static long? LeastCount(Parameter parameter) => parameter switch
    {
        CategoricalParameter categorical => categorical.Choices.Count,
        IntParameter { Points: null } all => all.Count,
        IntParameter some => Math.Min(2, some.Count),
        FloatParameter { Low: var low, High: var high } when low.Equals(high) => 1,
        FloatParameter { Points: { } points, Step: null } => points,
        FloatParameter { Points: null } stepped => stepped.StepCount,
        _ => null,
    };

    // Stops at the limit: a space with more points than trials needs no exact count.
    private static long Combinations(
        SearchSpace space, Dictionary<string, List<ParameterValue>> axes, int depth, Dictionary<string, ParameterValue> drawn, long limit)
    {
        if (depth == space.DrawOrder.Count)
        {
            return space.Allows(drawn) ? 1 : 0;
        }

        var parameter = space.DrawOrder[depth];
        if (!SearchSpace.IsActive(parameter, drawn))
        {
            return Combinations(space, axes, depth + 1, drawn, limit);
        }

        var count = 0L;
        foreach (var value in axes[parameter.Name])
        {
            drawn[parameter.Name] = value;
            count += Combinations(space, axes, depth + 1, drawn, limit - count);
            if (count >= limit)
            {
                break;
            }
        }

        drawn.Remove(parameter.Name);
        return count;
    }
}
