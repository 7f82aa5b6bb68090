using TuningCluster.Shared.Studies;

namespace TuningCluster.TrialWorker.Data;

/// <summary>A data file, read once into typed columns.</summary>
/// <param name="Rows">At least one.</param>
/// <param name="Columns">At least one, of distinct names, each of <paramref name="Rows"/> cells.</param>
/// <param name="Notes">What the user is told about the reading.</param>
internal sealed record SourceTable(int Rows, IReadOnlyList<TableColumn> Columns, IReadOnlyList<string> Notes)
{
    /// <summary>Memory the columns take.</summary>
    public long Bytes => Columns.Sum(c => c.Bytes);

    /// <summary>The target of a study file that names none; null where it must name one.</summary>
    public string? DefaultTarget { get; init; }

    /// <summary>Reads csv, parquet or a bound idx pair, told apart by their first bytes, never by the name.</summary>
    /// <param name="source">Name of the file in messages.</param>
    /// <param name="exact">Names of the columns kept in double precision.</param>
    /// <param name="room">What the columns may take.</param>
    /// <exception cref="SpecException">The file is of no format that is read, damaged, or too large; <c>data.source</c>.</exception>
    public static SourceTable Read(string source, byte[] content, IReadOnlyList<string> exact, MemoryRoom room)
    {
        var head = SourceBytes.Head(content);
        return IdxHeader.IsIdx(head) ? IdxSource.Read(source, content, room)
            : !ParquetSource.IsParquet(head) ? CsvSource.Read(source, content, exact, room)
            : !SourceBytes.IsGzip(content) ? ParquetSource.Read(source, content, exact, room)
            : throw SourceText.Fault($"'{source}' is a parquet file inside gzip", "Decompress it: parquet compresses its columns itself.");
    }
}
