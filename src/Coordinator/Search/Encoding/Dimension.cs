using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search.Encoding;

/// <summary>How a parameter's values lie to one another.</summary>
public enum DimensionKind
{
    /// <summary>Any number of a range.</summary>
    Continuous,

    /// <summary>A finite number of values in order: integers, floats with a step.</summary>
    Ordered,

    /// <summary>A finite number of values without an order.</summary>
    Categorical,
}

/// <summary>One parameter as a coordinate u of the unit interval, for strategies that compute with numbers.</summary>
/// <remarks>
/// A continuous parameter runs evenly (in log space where it says so) from 0 to 1. A parameter of n values divides [0, 1] into n cells, one a
/// value, in order: equally wide, or for a logarithmic integer v as wide as (ln(v − ½), ln(v + ½)), so that the
/// ends are not rarer than they should be. A value's coordinate is the middle of its cell; every u of the cell means the value.
/// </remarks>
public sealed class Dimension
{
    private readonly double _low;
    private readonly double _range;
    private readonly bool _log;

    public Dimension(Parameter parameter)
    {
        Parameter = parameter;
        (Kind, Count) = parameter switch
        {
            FloatParameter { StepCount: { } steps } => (DimensionKind.Ordered, steps),
            FloatParameter => (DimensionKind.Continuous, 0),
            IntParameter i => (DimensionKind.Ordered, i.Count),
            CategoricalParameter c => (DimensionKind.Categorical, c.Choices.Count),
            _ => throw new ArgumentException($"No coordinate for {parameter.GetType().Name}.", nameof(parameter)),
        };
        (_low, var high, _log) = parameter switch
        {
            FloatParameter { Log: true } f => (Math.Log(f.Low), Math.Log(f.High), true),
            FloatParameter { Step: null } f => (f.Low, f.High, false),
            IntParameter { Log: true } i => (Math.Log(i.Low - 0.5), Math.Log(i.High + 0.5), true),
            _ => (0, 1, false),
        };
        _range = high - _low;
    }

    public Parameter Parameter { get; }

    public DimensionKind Kind { get; }

    /// <summary>Number of values; 0 when continuous.</summary>
    public long Count { get; }

    /// <summary>Whether there are a finite number of values, each as likely as the others.</summary>
    public bool HasEqualCells => Kind != DimensionKind.Continuous && !_log;

    /// <summary>The coordinate of a value of this parameter.</summary>
    /// <returns>In [0, 1].</returns>
    public double ToUnit(ParameterValue value)
    {
        if (Kind != DimensionKind.Continuous)
        {
            var (from, to) = Cell(IndexOf(value));
            return 0.5 * (from + to);
        }

        var number = value.AsDouble();
        return _range == 0 ? 0.5 : Math.Clamp(((_log ? Math.Log(number) : number) - _low) / _range, 0, 1);
    }

    /// <summary>The coordinate of the value that <paramref name="unit"/> stands for.</summary>
    public double Snap(double unit)
    {
        if (Kind == DimensionKind.Continuous)
        {
            return _range == 0 ? 0.5 : Math.Clamp(unit, 0, 1);
        }

        var (from, to) = Cell(IndexAt(unit));
        return 0.5 * (from + to);
    }

    /// <summary>The value whose cell holds <paramref name="unit"/>; the edge's for what lies outside [0, 1].</summary>
    public ParameterValue FromUnit(double unit)
    {
        if (Kind != DimensionKind.Continuous)
        {
            return AtIndex(IndexAt(unit));
        }

        var f = (FloatParameter)Parameter;
        var number = _low + (Math.Clamp(unit, 0, 1) * _range);
        return ParameterValue.Float(Math.Clamp(_log ? Math.Exp(number) : number, f.Low, f.High));
    }

    /// <summary>Which of the <see cref="Count"/> values it is, from 0; not for continuous dimensions.</summary>
    /// <exception cref="ArgumentException">No value of this parameter.</exception>
    public long IndexOf(ParameterValue value) => Parameter switch
    {
        FloatParameter { Step: { } step } f => (long)Math.Round((value.AsDouble() - f.Low) / step),
        IntParameter i => (value.AsInt() - i.Low) / i.Step,
        CategoricalParameter c => Index(c, value),
        _ => throw new InvalidOperationException($"'{Parameter.Name}' is continuous: its values are not counted."),
    };

    /// <summary>Which value's cell holds <paramref name="unit"/>; not for continuous dimensions.</summary>
    public long IndexAt(double unit)
    {
        unit = Math.Clamp(unit, 0, 1);
        if (_log && Parameter is IntParameter i)
        {
            return Math.Clamp((long)Math.Round(Math.Exp(_low + (unit * _range))), i.Low, i.High) - i.Low;
        }

        return Math.Min(Count - 1, (long)(unit * Count));
    }

    /// <summary>The value of an index in {0, …, <see cref="Count"/> − 1}.</summary>
    public ParameterValue AtIndex(long index) => Parameter switch
    {
        FloatParameter { Step: not null } f => ParameterValue.Float(f.AtStep(index)),
        IntParameter i => ParameterValue.Int(i.Low + (index * i.Step)),
        CategoricalParameter c => c.Choices[(int)index],
        _ => throw new InvalidOperationException($"'{Parameter.Name}' is continuous: its values are not counted."),
    };

    /// <summary>The part of [0, 1] that means the value of an index.</summary>
    public (double From, double To) Cell(long index)
    {
        if (_log && Parameter is IntParameter i)
        {
            return ((Math.Log(i.Low + index - 0.5) - _low) / _range, (Math.Log(i.Low + index + 0.5) - _low) / _range);
        }

        return ((double)index / Count, (double)(index + 1) / Count);
    }

    private static long Index(CategoricalParameter parameter, ParameterValue value)
    {
        for (var index = 0; index < parameter.Choices.Count; index++)
        {
            if (parameter.Choices[index] == value)
            {
                return index;
            }
        }

        throw new ArgumentException($"'{value}' is no choice of '{parameter.Name}'.", nameof(value));
    }
}
