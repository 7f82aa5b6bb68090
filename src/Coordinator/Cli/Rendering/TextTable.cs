using System.Text;

namespace TuningCluster.Coordinator.Cli.Rendering;

/// <summary>A table without lines: columns by blanks, numbers to the right, the last column cut where a terminal ends.</summary>
public sealed class TextTable(params IReadOnlyList<string> header)
{
    private const string Gap = "  ";
    private readonly List<IReadOnlyList<string>> _rows = [];
    private readonly HashSet<int> _right = [];

    /// <summary>Aligns these columns to the right.</summary>
    public TextTable Right(params ReadOnlySpan<int> columns)
    {
        foreach (var column in columns)
        {
            _right.Add(column);
        }

        return this;
    }

    public void Add(params IReadOnlyList<string> cells) => _rows.Add(cells);

    /// <param name="width">Columns of the terminal; null writes everything whole.</param>
    /// <param name="color">The header in bold.</param>
    public string Write(int? width, bool color)
    {
        var widths = header.Select((title, i) => _rows.Select(r => r[i].Length).Append(title.Length).Max()).ToArray();
        var lines = _rows.Select(row => Line(row, widths, width));
        var head = Line(header, widths, width);
        return string.Join('\n', lines.Prepend(color ? $"\e[1m{head}\e[0m" : head));
    }

    private string Line(IReadOnlyList<string> cells, int[] widths, int? width)
    {
        var line = new StringBuilder();
        for (var i = 0; i < cells.Count; i++)
        {
            line.Append(i == 0 ? "" : Gap).Append(_right.Contains(i) ? cells[i].PadLeft(widths[i]) : cells[i].PadRight(widths[i]));
        }

        var text = line.ToString().TrimEnd();
        return width is { } limit && text.Length > limit ? string.Concat(text.AsSpan(0, limit - 1), "…") : text;
    }
}
