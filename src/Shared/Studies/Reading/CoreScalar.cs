using System.Globalization;
using System.Text.RegularExpressions;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Shared.Studies.Reading;

/// <summary>What an unquoted scalar means by YAML 1.2's core schema (yaml.org/spec/1.2.2, §10.3.2).</summary>
/// <remarks>Stricter where a study could silently mean something else: hexadecimal, octal, infinite and undefined numbers are refused,
/// and so is a number too large for its type. <c>yes</c>, <c>no</c>, <c>on</c> and <c>off</c> are texts.</remarks>
internal readonly partial record struct CoreScalar(ParameterValue? Value, string? Refusal)
{
    public static CoreScalar Quoted(string text) => new(ParameterValue.Text(text), null);

    public static CoreScalar Resolve(string text)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return default;
            case "true" or "True" or "TRUE":
                return new(ParameterValue.Bool(true), null);
            case "false" or "False" or "FALSE":
                return new(ParameterValue.Bool(false), null);
        }

        if (WholeNumber().IsMatch(text))
        {
            return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
                ? new(ParameterValue.Int(whole), null)
                : Refuse($"{text} does not fit into 64 bits");
        }

        if (RealNumber().IsMatch(text))
        {
            var real = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
            return double.IsFinite(real) ? new(ParameterValue.Float(real), null) : Refuse($"{text} is too large for a number");
        }

        return OtherNumber().IsMatch(text)
            ? Refuse($"{text} is no number a study can use")
            : Quoted(text);
    }

    private static CoreScalar Refuse(string why) => new(null, why);

    [GeneratedRegex(@"^[-+]?[0-9]+\z")]
    private static partial Regex WholeNumber();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex RealNumber();

    [GeneratedRegex(@"^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)|0o[0-7]+|0x[0-9a-fA-F]+)\z")]
    private static partial Regex OtherNumber();
}
