using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search.Grid;

/// <summary>The values a grid takes of one parameter, in their order.</summary>
internal sealed class GridAxis
{
    /// <summary>How far the same value may lie from itself when it is one of the points of another range.</summary>
    private const double Rounding = 1e-9;

    private readonly Dimension _dimension;
    private readonly ParameterValue[]? _listed;

    /// <exception cref="ArgumentException">A float without step and points.</exception>
    public GridAxis(Parameter parameter)
    {
        _dimension = new Dimension(parameter);
        _listed = parameter switch
        {
            FloatParameter { Step: null, Points: null } =>
                throw new ArgumentException($"A grid needs a step or points for the float '{parameter.Name}'.", nameof(parameter)),
            FloatParameter { Step: null } f => Points(f),
            IntParameter { Points: { } points } i when points < i.Count => Points(i, points),
            _ => null,
        };
        Count = _listed?.Length ?? _dimension.Count;
    }

    public long Count { get; }

    public ParameterValue this[long index] => _listed is not null ? _listed[index] : _dimension.AtIndex(index);

    /// <summary>Where <paramref name="value"/> is; null when the grid does not take it.</summary>
    public long? IndexOf(ParameterValue value)
    {
        if (_listed is not null)
        {
            return Array.IndexOf(_listed, value) is >= 0 and var found ? found : null;
        }

        if (!_dimension.Parameter.Contains(value))
        {
            return null;
        }

        var index = _dimension.IndexOf(value);
        return this[index] == value ? index : null;
    }

    /// <summary>The axis's value that <paramref name="value"/> is but for rounding; null when the grid does not take it.</summary>
    public ParameterValue? Near(ParameterValue value)
    {
        if (_listed is not null && _dimension.Parameter is FloatParameter f && value.IsNumber)
        {
            var tolerance = Rounding * (f.Log ? Math.Abs(value.AsDouble()) : f.High - f.Low);
            var found = Array.FindIndex(_listed, v => Math.Abs(v.AsDouble() - value.AsDouble()) <= tolerance);
            return found < 0 ? null : _listed[found];
        }

        return IndexOf(value) is { } index ? this[index] : null;
    }

    private static ParameterValue[] Points(FloatParameter parameter)
    {
        var count = parameter.Points!.Value;
        var values = new ParameterValue[count];
        for (var i = 0; i < count; i++)
        {
            // The ends exactly: exp(log(x)) is not x.
            values[i] = ParameterValue.Float(
                i == 0 ? parameter.Low
                : i == count - 1 ? parameter.High
                : Math.Clamp(At(parameter.Low, parameter.High, parameter.Log, (double)i / (count - 1)), parameter.Low, parameter.High));
        }

        return [.. values.Distinct()];
    }

    private ParameterValue[] Points(IntParameter parameter, int count)
    {
        var values = new List<ParameterValue>(count);
        for (var i = 0; i < count; i++)
        {
            var value = At(parameter.Low, parameter.Low + ((parameter.Count - 1) * parameter.Step), parameter.Log, (double)i / (count - 1));
            var index = Math.Clamp((long)Math.Round((value - parameter.Low) / parameter.Step), 0, parameter.Count - 1);
            values.Add(_dimension.AtIndex(index));
        }

        return [.. values.Distinct()];
    }

    private static double At(double low, double high, bool log, double t) =>
        log ? Math.Exp(Math.Log(low) + ((Math.Log(high) - Math.Log(low)) * t)) : low + ((high - low) * t);
}
