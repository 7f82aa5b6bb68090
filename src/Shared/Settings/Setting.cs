using System.Text.RegularExpressions;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Shared.Settings;

/// <summary>One setting of the network, of a strategy or of a stopping rule: what the study file may say under a name.</summary>
/// <param name="Name">As in the study file.</param>
/// <param name="Kind">Float settings also take integers.</param>
/// <param name="Low">Least allowed number.</param>
/// <param name="LowOpen">Whether <paramref name="Low"/> itself is excluded.</param>
/// <param name="High">Greatest allowed number.</param>
/// <param name="Choices">Allowed texts, for text settings that are no list.</param>
/// <param name="Default">Used when neither fixed nor searched; null when it depends on others (said in <paramref name="Meaning"/>).</param>
/// <param name="Meaning">One sentence for docs, schema and <c>init</c>.</param>
public sealed partial record Setting(
    string Name, ParameterValueKind Kind, double Low, bool LowOpen, double High, IReadOnlyList<string> Choices, ParameterValue? Default, string Meaning)
{
    private const int MostLayers = 64;
    private const int WidestLayer = 65536;

    /// <summary>For a text that is a list of whole numbers, written 256-64 or, in a study file, [256, 64].</summary>
    public bool IsList { get; init; }

    /// <summary>Whether a network that is trained must keep it: what the weights and the optimizer's state are depends on it.</summary>
    public bool FixesNetwork { get; init; }

    /// <summary>The regular expression a list's text matches.</summary>
    public const string ListPattern = "^[1-9][0-9]{0,4}(-[1-9][0-9]{0,4}){0,63}$";

    /// <summary>The numbers of a list's text.</summary>
    /// <exception cref="FormatException">Not such a text.</exception>
    public static int[] ParseList(string text) =>
        [.. text.Split('-').Select(n => int.Parse(n, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture))];

    public static Setting Int(string name, long low, long high, long? @default, string meaning) =>
        new(name, ParameterValueKind.Int, low, false, high, [], @default is { } value ? ParameterValue.Int(value) : null, meaning);

    public static Setting Float(string name, double low, bool lowOpen, double high, double? @default, string meaning) =>
        new(name, ParameterValueKind.Float, low, lowOpen, high, [], @default is { } value ? ParameterValue.Float(value) : null, meaning);

    public static Setting Text(string name, string[] choices, string? @default, string meaning) =>
        new(name, ParameterValueKind.Text, 0, false, 0, choices, @default is null ? null : ParameterValue.Text(@default), meaning);

    public static Setting Bool(string name, bool @default, string meaning) =>
        new(name, ParameterValueKind.Bool, 0, false, 0, [], ParameterValue.Bool(@default), meaning);

    /// <summary>Why <paramref name="value"/> is not allowed; null when it is.</summary>
    public string? Refuse(ParameterValue value) => Kind switch
    {
        ParameterValueKind.Text when IsList => RefuseList(value),
        ParameterValueKind.Text => value.Kind == ParameterValueKind.Text && Choices.Contains(value.AsText())
            ? null
            : $"'{value}' is not one of {string.Join(", ", Choices)}",
        ParameterValueKind.Bool => value.Kind == ParameterValueKind.Bool ? null : $"'{value}' is not true or false",
        _ => RefuseNumber(value),
    };

    private static string? RefuseList(ParameterValue value)
    {
        var text = value.ToString();
        if (value.Kind is not (ParameterValueKind.Text or ParameterValueKind.Int) || !List().IsMatch(text))
        {
            return $"'{value}' is no list of 1 to {MostLayers} widths such as [256, 64] or 256-64";
        }

        return ParseList(text).Any(w => w > WidestLayer) ? $"'{value}' has a width above {WidestLayer}" : null;
    }

    private string? RefuseNumber(ParameterValue value)
    {
        if (!value.IsNumber || (Kind == ParameterValueKind.Int && value.Kind != ParameterValueKind.Int))
        {
            return $"'{value}' is not {(Kind == ParameterValueKind.Int ? "a whole number" : "a number")}";
        }

        var number = value.AsDouble();
        var inRange = (LowOpen ? number > Low : number >= Low) && number <= High;
        return inRange ? null : $"{value} is outside {(LowOpen ? "(" : "[")}{Low:R}, {(double.IsPositiveInfinity(High) ? "∞)" : $"{High:R}]")}";
    }

    [GeneratedRegex(ListPattern)]
    private static partial Regex List();
}
