using System.Text.Json.Nodes;

namespace TuningCluster.Coordinator.Cli.Rendering;

/// <summary>Prints one verb's data on stdout in the format asked for.</summary>
public sealed class DataPrinter(Terminal terminal, OutputFormat format)
{
    /// <summary>One object.</summary>
    /// <param name="value">Its JSON; not made for a table.</param>
    /// <param name="columns">Of its CSV.</param>
    /// <param name="table">For reading.</param>
    public void One(Func<JsonObject> value, IReadOnlyList<string> columns, Func<string> table) => Line(format switch
    {
        OutputFormat.Json => JsonText.Write(value()),
        OutputFormat.Yaml => YamlText.Write(value()),
        OutputFormat.Csv => CsvText.Write([value()], columns),
        _ => table(),
    });

    /// <summary>A list of objects.</summary>
    public void Many(Func<IEnumerable<JsonObject>> values, IReadOnlyList<string> columns, Func<string> table) => Line(format switch
    {
        OutputFormat.Json => JsonText.Write(new JsonArray([.. values()])),
        OutputFormat.Yaml => YamlText.Write(new JsonArray([.. values()])),
        OutputFormat.Csv => CsvText.Write(values(), columns),
        _ => table(),
    });

    /// <summary>Where a table is cut; null where nothing is: a pipe gets all of it.</summary>
    public int? TableWidth => terminal.OutIsTerminal ? terminal.Width : null;

    public bool Color => terminal is { OutIsTerminal: true, Color: true };

    private void Line(string text)
    {
        if (text.Length > 0)
        {
            terminal.Out.WriteLine(text);
        }
    }
}
