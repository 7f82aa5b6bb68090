using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Golden;

/// <summary>Everything public about a value as text: equal shapes are equal to the bit, lists and dictionaries by content.</summary>
internal static class Shape
{
    public static string Of(object? value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.ToString();
    }

    private static void Write(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case double number:
                text.Append(CultureInfo.InvariantCulture, $"{number:R}#{BitConverter.DoubleToInt64Bits(number):x}");
                break;
            case string words:
                text.Append('"').Append(words).Append('"');
                break;
            case DateTimeOffset time:
                text.Append(CultureInfo.InvariantCulture, $"{time.UtcTicks}u");
                break;
            case ParameterValue parameter:
                text.Append(CultureInfo.InvariantCulture, $"{parameter.Kind}:");
                Write(text, parameter.Kind == ParameterValueKind.Float ? parameter.AsDouble() : parameter.ToString());
                break;
            case TimeSpan or Enum or bool or int or long:
                text.Append(CultureInfo.InvariantCulture, $"{value}");
                break;
            case IEnumerable items:
                text.Append('[');
                foreach (var item in items)
                {
                    Write(text, item);
                    text.Append(' ');
                }

                text.Append(']');
                break;
            default:
                WriteProperties(text, value);
                break;
        }
    }

    private static void WriteProperties(StringBuilder text, object value)
    {
        text.Append(value.GetType().Name).Append('{');
        foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            text.Append(property.Name).Append('=');
            Write(text, property.GetValue(value));
            text.Append(' ');
        }

        text.Append('}');
    }
}
