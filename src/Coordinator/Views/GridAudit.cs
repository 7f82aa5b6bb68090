using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Views;

/// <summary>Whether every point of a grid was tried once. Knows no sampler: it judges by the points that were tried.</summary>
internal sealed class GridAudit
{
    /// <summary>Of the distance between two points of an axis: what rounding may come to.</summary>
    private const double Rounding = 1e-6;

    private Dictionary<TrialParameters, AuditedTrial> _points = [];
    private SearchSpace? _wider;

    /// <returns>The trial that holds the point already; null when there is none.</returns>
    public AuditedTrial? Add(AuditedTrial trial) =>
        PointOf(trial) is not { } point || _points.TryAdd(point, trial) ? null : _points[point];

    /// <summary>A cancelled trial gives its point back.</summary>
    public void Remove(AuditedTrial trial)
    {
        if (PointOf(trial) is { } point && _points.TryGetValue(point, out var holder) && holder == trial)
        {
            _points.Remove(point);
        }
    }

    /// <summary>From here on points are those of a wider space; what was tried and is a point of it keeps its place.</summary>
    public void Widen(SearchSpace space)
    {
        _wider = space;
        var points = new Dictionary<TrialParameters, AuditedTrial>();
        foreach (var trial in _points.Values)
        {
            if (PointOf(trial) is { } point)
            {
                points.TryAdd(point, trial);
            }
        }

        _points = points;
    }

    /// <summary>The point a trial is. Before the space is widened whatever was suggested is one; afterwards its values must be places of the axes.</summary>
    private TrialParameters? PointOf(AuditedTrial trial)
    {
        if (_wider is null)
        {
            return trial.Parameters;
        }

        if (_wider.Adopt(trial.Parameters) is not { } adopted)
        {
            return null;
        }

        var placed = new List<KeyValuePair<string, ParameterValue>>(adopted.Count);
        foreach (var (name, value) in adopted)
        {
            if (Place(_wider.Find(name)!, value) is not { } place)
            {
                return null;
            }

            placed.Add(KeyValuePair.Create(name, place));
        }

        return new TrialParameters(placed);
    }

    /// <summary>The same value for all that differ by rounding; null when it is none of the axis's evenly spaced places.</summary>
    private static ParameterValue? Place(Parameter parameter, ParameterValue value)
    {
        switch (parameter)
        {
            case FloatParameter { Points: { } points, Step: null } f:
                var at = Share(f.Low, f.High, f.Log, value.AsDouble()) * (points - 1);
                var place = Math.Round(at);
                return Math.Abs(at - place) > Rounding ? null : ParameterValue.Float(Math.Clamp(At(f.Low, f.High, f.Log, place / (points - 1)), f.Low, f.High));
            case IntParameter { Points: { } points } i when points < i.Count:
                var last = i.Low + ((i.Count - 1) * i.Step);
                var nearest = Math.Round(Share(i.Low, last, i.Log, value.AsInt()) * (points - 1));
                // Of two neighbouring places both may round to the value's multiple of the step.
                return Enumerable.Range(-1, 3).Any(d => Math.Abs(At(i.Low, last, i.Log, Math.Clamp((nearest + d) / (points - 1), 0, 1)) - value.AsInt()) <= (0.5 * i.Step) + Rounding) ? value : null;
            default:
                return value;
        }
    }

    private static double Share(double low, double high, bool log, double value) =>
        log ? (Math.Log(value) - Math.Log(low)) / (Math.Log(high) - Math.Log(low)) : (value - low) / (high - low);

    private static double At(double low, double high, bool log, double share) =>
        log ? Math.Exp(Math.Log(low) + (share * (Math.Log(high) - Math.Log(low)))) : low + (share * (high - low));

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
