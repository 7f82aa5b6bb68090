using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search.Encoding;

/// <summary>A search space as the unit cube: one coordinate a parameter, in the order in which values are drawn.</summary>
/// <remarks>A parameter that its conditions switch off has the coordinate NaN.</remarks>
public sealed class EncodedSpace
{
    private readonly (int Parent, ParameterValue[] Values)[][] _conditions;

    public EncodedSpace(SearchSpace space)
    {
        Space = space;
        Dimensions = [.. space.DrawOrder.Select(p => new Dimension(p))];
        var index = Dimensions.Select((d, i) => (d.Parameter.Name, i)).ToDictionary(p => p.Name, p => p.i, StringComparer.Ordinal);
        _conditions = [.. space.DrawOrder.Select(p => p.When.Select(c => (index[c.Parameter], c.Values.ToArray())).ToArray())];
        IsConditional = _conditions.Any(c => c.Length > 0);
    }

    public SearchSpace Space { get; }

    /// <summary>In <see cref="SearchSpace.DrawOrder"/>: each after those it depends on.</summary>
    public IReadOnlyList<Dimension> Dimensions { get; }

    /// <summary>Number of coordinates.</summary>
    public int Count => Dimensions.Count;

    /// <summary>Whether any parameter has a condition.</summary>
    public bool IsConditional { get; }

    /// <summary>Writes the coordinates of a trial's parameters, NaN where one is not active.</summary>
    /// <param name="parameters">Of this space or not: a user may have enqueued strange ones, and a space may have been widened since.</param>
    /// <param name="point">Shape [<see cref="Count"/>].</param>
    /// <returns>False, and nothing of use in <paramref name="point"/>, when they are no point of this space.</returns>
    public bool TryEncode(TrialParameters parameters, Span<double> point)
    {
        var active = 0;
        for (var i = 0; i < Count; i++)
        {
            var dimension = Dimensions[i];
            point[i] = double.NaN;
            if (!IsActive(i, parameters))
            {
                continue;
            }

            if (!parameters.TryGetValue(dimension.Parameter.Name, out var value) || !dimension.Parameter.Contains(value))
            {
                return false;
            }

            point[i] = dimension.ToUnit(value);
            active++;
        }

        return active == parameters.Count;
    }

    /// <summary>The parameters a point stands for. Coordinates of parameters that are not active are not looked at.</summary>
    /// <param name="point">Shape [<see cref="Count"/>]; coordinates of active parameters are numbers.</param>
    public TrialParameters Decode(ReadOnlySpan<double> point)
    {
        var drawn = new Dictionary<string, ParameterValue>(Count, StringComparer.Ordinal);
        for (var i = 0; i < Count; i++)
        {
            var dimension = Dimensions[i];
            if (SearchSpace.IsActive(dimension.Parameter, drawn))
            {
                drawn.Add(dimension.Parameter.Name, dimension.FromUnit(point[i]));
            }
        }

        return Space.Arrange(drawn);
    }

    /// <summary>Moves each coordinate to that of the value it stands for and sets those of switched-off parameters to NaN.</summary>
    /// <param name="point">Shape [<see cref="Count"/>]; coordinates of active parameters are numbers.</param>
    public void Snap(Span<double> point)
    {
        for (var i = 0; i < Count; i++)
        {
            var dimension = Dimensions[i];
            point[i] = !IsActive(i, point) ? double.NaN
                : dimension.Kind == DimensionKind.Continuous ? Math.Clamp(point[i], 0, 1)
                : Middle(dimension.Cell(dimension.IndexAt(point[i])));
        }
    }

    /// <summary>Whether a dimension is active given the coordinates before it, which are NaN where they are not active.</summary>
    public bool IsActive(int dimension, ReadOnlySpan<double> point)
    {
        foreach (var (parent, values) in _conditions[dimension])
        {
            if (double.IsNaN(point[parent]) || Array.IndexOf(values, Dimensions[parent].FromUnit(point[parent])) < 0)
            {
                return false;
            }
        }

        return true;
    }

    private bool IsActive(int dimension, TrialParameters parameters)
    {
        foreach (var (parent, values) in _conditions[dimension])
        {
            if (!parameters.TryGetValue(Dimensions[parent].Parameter.Name, out var value) || Array.IndexOf(values, value) < 0)
            {
                return false;
            }
        }

        return true;
    }

    private static double Middle((double From, double To) cell) => 0.5 * (cell.From + cell.To);
}
