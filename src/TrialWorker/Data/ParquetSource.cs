using System.Globalization;
using Parquet;
using Parquet.Schema;
using TuningCluster.Shared.Studies;

namespace TuningCluster.TrialWorker.Data;

/// <summary>Reads parquet files: one row group and one column at a time, straight into typed columns.</summary>
internal static class ParquetSource
{
    /// <summary>By the first four bytes.</summary>
    public static bool IsParquet(ReadOnlySpan<byte> content) => content.StartsWith("PAR1"u8);

    /// <param name="source">Name of the file in messages.</param>
    /// <param name="exact">Names of the columns kept in double precision.</param>
    /// <param name="room">What the columns may take.</param>
    /// <exception cref="SpecException">Damaged, without rows or columns, twice the same column name, or columns that are neither numbers nor texts; <c>data.source</c>.</exception>
    public static SourceTable Read(string source, byte[] content, IReadOnlyList<string> exact, MemoryRoom room)
    {
        try
        {
            // The bytes are in memory: nothing is waited for.
            return Read(source, content, exact, room, CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (Exception error) when (error is not (SpecException or OutOfMemoryException))
        {
            // What the library throws on damaged bytes is whatever it happens to stumble over: it has no one exception for that.
            throw SourceText.Fault($"'{source}' is a damaged parquet file: {error.Message}", "Copy or write it again.");
        }
    }

    private static async Task<SourceTable> Read(string source, byte[] content, IReadOnlyList<string> exact, MemoryRoom room, CancellationToken cancel)
    {
        using var bytes = new MemoryStream(content, writable: false);
        await using var reader = await ParquetReader.CreateAsync(bytes, cancellationToken: cancel);
        var columns = Columns(source, reader.Schema, exact);
        var rows = 0L;
        for (var g = 0; g < reader.RowGroupCount; g++)
        {
            using var group = reader.OpenRowGroupReader(g);
            rows += group.RowCount;
            if (rows > Array.MaxLength)
            {
                throw SourceText.Fault(string.Create(CultureInfo.InvariantCulture, $"'{source}' has more than {Array.MaxLength} rows"), "Use fewer rows.");
            }

            // Known beforehand, and the least it will be: a category takes two bytes, a number four or eight.
            room.Check(rows * columns.Count * sizeof(short), string.Create(CultureInfo.InvariantCulture, $"{rows} rows of {columns.Count} columns of '{source}'"));
            foreach (var column in columns)
            {
                await column.Read(group, (int)group.RowCount, cancel);
            }
        }

        return rows > 0
            ? new SourceTable((int)rows, columns.ConvertAll(c => c.Seal()), [.. columns.Select(c => c.Note).OfType<string>()])
            : throw SourceText.Fault($"'{source}' has columns but no rows");
    }

    private static List<ParquetColumn> Columns(string source, ParquetSchema schema, IReadOnlyList<string> exact)
    {
        var columns = new List<ParquetColumn>();
        var faults = new List<SpecError>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in schema.Fields)
        {
            if (!seen.Add(field.Name))
            {
                faults.Add(new SpecError("data.source", $"'{source}' has two columns '{field.Name}'", "Give every column its own name."));
            }
            else if (field is not DataField { IsArray: false } data)
            {
                faults.Add(new SpecError("data.source", $"column '{field.Name}' of '{source}' is nested: a network takes numbers and categories", "Write each of its parts as a column, or leave it out."));
            }
            else if (ParquetColumn.Create(data, exact.Contains(field.Name)) is { } column)
            {
                columns.Add(column);
            }
            else
            {
                faults.Add(new SpecError("data.source", $"column '{field.Name}' of '{source}' holds {Describe(data.ClrType)}, neither numbers nor texts", "Convert it or leave it out."));
            }
        }

        return faults.Count > 0 ? throw new SpecException(faults)
            : columns.Count > 0 ? columns
            : throw SourceText.Fault($"'{source}' has no columns");
    }

    private static string Describe(Type type) => type == typeof(ReadOnlyMemory<byte>) ? "bytes" : $"{type.Name} values";
}
