using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search.Encoding;

/// <summary>A search space as the unit cube: one coordinate a parameter, in the order in which values are drawn.</summary>
/// <remarks>A parameter that its conditions switch off has the coordinate NaN.</remarks>
public sealed class EncodedSpace
{
    private readonly Gate[][] _gates;
    private readonly bool _hasDefaults;

    public EncodedSpace(SearchSpace space)
    {
        Space = space;
        Dimensions = [.. space.DrawOrder.Select(p => new Dimension(p))];
        _hasDefaults = space.Parameters.Any(p => p.Default is not null);
        HasConditions = Dimensions.Any(d => d.Parameter.When.Count > 0);
        _gates = [.. Dimensions.Select(d => d.Parameter.When.Select(when => new Gate(this, when)).ToArray())];
    }

    public SearchSpace Space { get; }

    /// <summary>In <see cref="SearchSpace.DrawOrder"/>: each after those it depends on.</summary>
    public IReadOnlyList<Dimension> Dimensions { get; }

    /// <summary>Whether any parameter may be switched off.</summary>
    public bool HasConditions { get; }

    /// <summary>Number of coordinates.</summary>
    public int Count => Dimensions.Count;

    /// <summary>Writes the coordinates of a trial's parameters, NaN where one is not active.</summary>
    /// <param name="parameters">Of this space or not: a user may have enqueued strange ones, and a space may have been widened since.</param>
    /// <param name="point">Shape [<see cref="Count"/>].</param>
    /// <returns>False, and nothing of use in <paramref name="point"/>, when they are no point of this space.</returns>
    public bool TryEncode(TrialParameters parameters, Span<double> point) =>
        TryEncodeOwn(parameters, point) || (_hasDefaults && Space.Adopt(parameters) is { } adopted && TryEncodeOwn(adopted, point));

    private bool TryEncodeOwn(TrialParameters parameters, Span<double> point)
    {
        var active = 0;
        for (var i = 0; i < Count; i++)
        {
            var dimension = Dimensions[i];
            point[i] = double.NaN;
            if (!SearchSpace.IsActive(dimension.Parameter, parameters))
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

    /// <summary>Whether a parameter is active at a point whose earlier coordinates are those of values, NaN where not active.</summary>
    public bool IsActive(int dimension, ReadOnlySpan<double> point)
    {
        foreach (var gate in _gates[dimension])
        {
            if (!gate.IsOpen(point))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Moves a point of the unit cube to the coordinates of the values it stands for; NaN where a parameter is not active. What
    /// <see cref="TryEncode"/> gives of <see cref="Decode"/>'s parameters, without making them.</summary>
    /// <param name="point">Shape [<see cref="Count"/>]; coordinates of parameters that are active are numbers.</param>
    public void Snap(Span<double> point)
    {
        for (var i = 0; i < point.Length; i++)
        {
            point[i] = !IsActive(i, point) ? double.NaN : Dimensions[i].Snap(point[i]);
        }
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

    /// <summary>One condition, on coordinates.</summary>
    private readonly struct Gate
    {
        private readonly int _parent;
        private readonly Dimension _dimension;
        private readonly IReadOnlyList<ParameterValue> _values;
        private readonly long[]? _indexes;

        public Gate(EncodedSpace space, Condition when)
        {
            _parent = Enumerable.Range(0, space.Count).First(i => space.Dimensions[i].Parameter.Name == when.Parameter);
            var dimension = _dimension = space.Dimensions[_parent];
            _values = when.Values;
            _indexes = dimension.Kind == DimensionKind.Continuous ? null : [.. when.Values.Where(dimension.Parameter.Contains).Select(dimension.IndexOf)];
        }

        public bool IsOpen(ReadOnlySpan<double> point)
        {
            var unit = point[_parent];
            return !double.IsNaN(unit) && (_indexes is { } indexes ? indexes.AsSpan().Contains(_dimension.IndexAt(unit)) : _values.Contains(_dimension.FromUnit(unit)));
        }
    }
}
