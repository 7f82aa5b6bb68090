using System.Globalization;

namespace TuningCluster.Shared.SearchSpaces;

/// <summary>What a <see cref="ParameterValue"/> holds.</summary>
public enum ParameterValueKind
{
    Float,
    Int,
    Text,
    Bool,
}

/// <summary>One value of a parameter or of a model setting: a float, an integer, a text or a truth value.</summary>
/// <remarks>Equality is by kind and value: <c>1</c> and <c>1.0</c> differ, as they do in a study file's choices.</remarks>
public readonly record struct ParameterValue
{
    private readonly double _number;
    private readonly long _integer;
    private readonly string? _text;

    private ParameterValue(ParameterValueKind kind, double number, long integer, string? text)
    {
        Kind = kind;
        _number = number;
        _integer = integer;
        _text = text;
    }

    public ParameterValueKind Kind { get; }

    public static ParameterValue Float(double value) => new(ParameterValueKind.Float, value, 0, null);

    public static ParameterValue Int(long value) => new(ParameterValueKind.Int, 0, value, null);

    public static ParameterValue Text(string value) => new(ParameterValueKind.Text, 0, 0, value);

    public static ParameterValue Bool(bool value) => new(ParameterValueKind.Bool, 0, value ? 1 : 0, null);

    /// <summary>True for floats and integers.</summary>
    public bool IsNumber => Kind is ParameterValueKind.Float or ParameterValueKind.Int;

    /// <exception cref="InvalidOperationException">The value is a text or a truth value.</exception>
    public double AsDouble() => Kind switch
    {
        ParameterValueKind.Float => _number,
        ParameterValueKind.Int => _integer,
        _ => throw new InvalidOperationException($"'{this}' is not a number."),
    };

    /// <exception cref="InvalidOperationException">The value is not an integer.</exception>
    public long AsInt() => Kind == ParameterValueKind.Int ? _integer : throw new InvalidOperationException($"'{this}' is not an integer.");

    /// <exception cref="InvalidOperationException">The value is not a text.</exception>
    public string AsText() => Kind == ParameterValueKind.Text ? _text! : throw new InvalidOperationException($"'{this}' is not a text.");

    /// <exception cref="InvalidOperationException">The value is not a truth value.</exception>
    public bool AsBool() => Kind == ParameterValueKind.Bool ? _integer != 0 : throw new InvalidOperationException($"'{this}' is not true or false.");

    /// <summary>The value as a study file would spell it; floats round-trip.</summary>
    public override string ToString() => Kind switch
    {
        ParameterValueKind.Float => _number.ToString("R", CultureInfo.InvariantCulture),
        ParameterValueKind.Int => _integer.ToString(CultureInfo.InvariantCulture),
        ParameterValueKind.Bool => _integer != 0 ? "true" : "false",
        _ => _text ?? "",
    };
}
