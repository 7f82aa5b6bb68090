using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using TuningCluster.Shared.Models;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Settings;
using TuningCluster.Shared.Studies;

namespace TuningCluster.TrialWorker.Tests.Docs;

/// <summary>The parts of docs/network.md that are made from the product's tables: what lies between a pair of markers.</summary>
internal static class NetworkPage
{
    /// <summary>Every made part by the name in its markers.</summary>
    public static IReadOnlyDictionary<string, Func<string>> Parts { get; } = new Dictionary<string, Func<string>>
    {
        ["settings"] = Settings,
        ["metrics"] = MetricsTable,
    };

    public static string Path => DocsFolder.PathOf("network.md");

    /// <summary>What a page has between two markers.</summary>
    public static string PartOf(string page, string name) => Place(page, name).Groups["part"].Value;

    /// <summary>The page with another part between two markers.</summary>
    public static string WithPart(string page, string name, string part)
    {
        var place = Place(page, name).Groups["part"];
        return string.Concat(page.AsSpan(0, place.Index), part, page.AsSpan(place.Index + place.Length));
    }

    /// <summary>What was written by hand.</summary>
    public static string WithoutParts(string page) => Parts.Keys.Aggregate(page, (rest, name) => WithPart(rest, name, ""));

    /// <exception cref="InvalidOperationException">The page has no such markers.</exception>
    private static Match Place(string page, string name) =>
        Regex.Match(page, $"<!-- {name}: made by the tests -->\n(?<part>.*?)<!-- /{name} -->", RegexOptions.Singleline) is { Success: true } match
            ? match
            : throw new InvalidOperationException($"docs/network.md has no markers around {name}.");

    private static string Settings()
    {
        var table = new StringBuilder("| setting | values | default | |\n|---|---|---|---|\n");
        foreach (var s in ModelSettings.All)
        {
            var @default = s.Default is { } value ? $"`{Plain(value)}`" : "";
            table.Append(CultureInfo.InvariantCulture, $"| `{s.Name}` | {Values(s)} | {@default} | {s.Meaning} |\n");
        }

        return table.ToString();
    }

    private static string Values(Setting setting) => setting switch
    {
        { IsList: true } => "list of widths",
        { Kind: ParameterValueKind.Bool } => "`true`, `false`",
        { Kind: ParameterValueKind.Text } => string.Join(", ", setting.Choices.Select(c => $"`{c}`")),
        { High: double.PositiveInfinity } => $"{(setting.LowOpen ? ">" : "≥")} {Plain(setting.Low)}",
        _ => $"{(setting.LowOpen ? "above " : "")}{Plain(setting.Low)} to {Plain(setting.High)}",
    };

    private static string MetricsTable()
    {
        var table = new StringBuilder("| metric | task | better | objective | |\n|---|---|---|---|---|\n");
        foreach (var m in Metrics.All)
        {
            var task = m.Task is { } only ? Words.Of(only) : "both";
            var better = m.Direction == Direction.Minimize ? "less" : "more";
            table.Append(CultureInfo.InvariantCulture, $"| `{m.Name}` | {task} | {better} | {(m.CanBeObjective ? "yes" : "no")} | {m.Meaning} |\n");
        }

        return table.ToString();
    }

    /// <summary>As it is written in a study file: <c>1e-8</c>, not <c>1E-08</c>.</summary>
    private static string Plain(ParameterValue value) => value.IsNumber ? Plain(value.AsDouble()) : value.ToString();

    private static string Plain(double value) =>
        Regex.Replace(value.ToString("R", CultureInfo.InvariantCulture), "E([-+])0*", m => m.Groups[1].Value == "-" ? "e-" : "e");
}
