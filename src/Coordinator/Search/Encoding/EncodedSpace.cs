using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search.Encoding;

/// <summary>A search space as the unit cube: one coordinate a parameter, in the order in which values are drawn.</summary>
/// <remarks>A parameter that its conditions switch off has the coordinate NaN.</remarks>
public sealed class EncodedSpace
{
    public EncodedSpace(SearchSpace space)
    {
        Space = space;
        Dimensions = [.. space.DrawOrder.Select(p => new Dimension(p))];
    }

    public SearchSpace Space { get; }

    /// <summary>In <see cref="SearchSpace.DrawOrder"/>: each after those it depends on.</summary>
    public IReadOnlyList<Dimension> Dimensions { get; }

    /// <summary>Number of coordinates.</summary>
    public int Count => Dimensions.Count;

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
}
