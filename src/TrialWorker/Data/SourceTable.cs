namespace TuningCluster.TrialWorker.Data;

/// <summary>A data file, read once into typed columns.</summary>
/// <param name="Rows">At least one.</param>
/// <param name="Columns">At least one, of distinct names, each of <paramref name="Rows"/> cells.</param>
/// <param name="Notes">What the user is told about the reading.</param>
internal sealed record SourceTable(int Rows, IReadOnlyList<TableColumn> Columns, IReadOnlyList<string> Notes)
{
    /// <summary>Reads csv or parquet, told apart by their first bytes, never by the name.</summary>
    /// <param name="source">Name of the file in messages.</param>
    /// <param name="exact">Names of the columns kept in double precision.</param>
    /// <exception cref="Shared.Studies.SpecException">The file is of no format that is read, or damaged; <c>data.source</c>.</exception>
    public static SourceTable Read(string source, byte[] content, IReadOnlyList<string> exact) =>
        ParquetSource.IsParquet(content) ? ParquetSource.Read(source, content, exact) : CsvSource.Read(source, content, exact);
}
