using System.Globalization;
using System.Text;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Shared.Studies.Writing;

/// <summary>Spells JSON that is YAML 1.2 too: what YAML does not print is escaped, floats keep a point or an exponent.</summary>
internal static class Json
{
    /// <summary>An object; keys whose value is null are left out.</summary>
    public static string Object(params IEnumerable<(string Key, string? Value)> entries) =>
        $"{{{string.Join(',', entries.Where(e => e.Value is not null).Select(e => $"{Text(e.Key)}:{e.Value}"))}}}";

    public static string Array(IEnumerable<string> items) => $"[{string.Join(',', items)}]";

    public static string Text(string text)
    {
        var json = new StringBuilder(text.Length + 2).Append('"');
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '"' or '\\')
            {
                json.Append('\\').Append(c);
            }
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                json.Append(c).Append(text[++i]);
            }
            else if (c is (>= ' ' and <= '~') or (>= '\u00A0' and <= '\uD7FF' and not ('\u2028' or '\u2029')) or (>= '\uE000' and <= '\uFFFD' and not '\uFEFF'))
            {
                json.Append(c);
            }
            else
            {
                json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
        }

        return json.Append('"').ToString();
    }

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Number(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny(".eE") >= 0 ? text : text + ".0";
    }

    public static string Bool(bool value) => value ? "true" : "false";

    public static string Value(ParameterValue value) => value.Kind switch
    {
        ParameterValueKind.Float => Number(value.AsDouble()),
        ParameterValueKind.Int => Number(value.AsInt()),
        ParameterValueKind.Bool => Bool(value.AsBool()),
        _ => Text(value.AsText()),
    };
}
