using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TuningCluster.Benchmarks;

/// <summary>Rows as one JSON array. The fields are a contract: names, order, and null where there is no value.</summary>
internal static class JsonRows
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        // "(R)" in a processor's name stays as it is; nothing here goes into a web page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Format(IEnumerable<Row> rows) =>
        new JsonArray([.. rows.Select(WithNote)]).ToJsonString(Readable) + Environment.NewLine;

    private static JsonObject WithNote(Row row)
    {
        var written = Object(row);
        if (row.Note is { } note)
        {
            written["note"] = note;
        }

        return written;
    }

    private static JsonObject Object(Row row) => new()
    {
        ["suite"] = row.Suite,
        ["case"] = row.Case,
        ["unit"] = row.Unit,
        ["ours"] = row.Ours,
        ["rival"] = row.Rival,
        ["rivalName"] = row.RivalName,
        ["ratio"] = row.Ratio,
        ["goal"] = row.Goal,
        ["goalOf"] = row.GoalOf == GoalOf.Ratio ? "ratio" : "ours",
        ["better"] = row.Better == Better.Higher ? "higher" : "lower",
        ["runs"] = row.Runs,
        ["cpu"] = row.Cpu,
        ["date"] = row.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
    };
}
