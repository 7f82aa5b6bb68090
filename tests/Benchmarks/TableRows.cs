using System.Globalization;
using System.Text;

namespace TuningCluster.Benchmarks;

/// <summary>Rows as a table for people: numbers to four digits or to the whole, and whether the goal is met.</summary>
internal static class TableRows
{
    private static readonly string[] Heading = ["suite", "case", "unit", "ours", "rival", "rival name", "ratio", "goal", "met", "runs", ""];

    public static string Format(IReadOnlyList<Row> rows)
    {
        string[][] lines = [Heading, .. rows.Select(Cells)];
        var widths = Heading.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        var table = new StringBuilder();
        foreach (var line in lines)
        {
            table.AppendLine(string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }

        if (rows.Count > 0)
        {
            table.AppendLine(CultureInfo.InvariantCulture, $"{rows[0].Cpu}, {rows[0].Date:yyyy-MM-dd}");
        }

        return table.ToString();
    }

    private static string[] Cells(Row row) =>
    [
        row.Suite,
        row.Case,
        row.Unit,
        Number(row.Ours),
        Number(row.Rival),
        row.RivalName,
        Number(row.Ratio),
        row.Goal is null ? "-" : Goal(row),
        row.MeetsGoal switch { true => "yes", false => "no", null => "-" },
        row.Runs.ToString(CultureInfo.InvariantCulture),
        row.Note ?? "",
    ];

    private static string Goal(Row row) => row.GoalOf == GoalOf.Ratio
        ? $"ratio ≥ {Number(row.Goal)}"
        : $"{(row.Better == Better.Higher ? "≥" : "≤")} {Number(row.Goal)} {row.Unit}";

    private static string Number(double? value) => value?.ToString(Math.Abs(value.Value) >= 1000 ? "N0" : "G4", CultureInfo.InvariantCulture) ?? "-";
}
