namespace TuningCluster.Cluster.Tests.Machines;

/// <summary>What journals in PostgreSQL are asked.</summary>
internal static class Journals
{
    /// <summary>How often a journal went back to a writer that another had followed.</summary>
    public const string SecondWriters = """
        SELECT count(*) FROM (
          SELECT persistence_id, writer_uuid, count(*) FILTER (WHERE changed) AS turns FROM (
            SELECT persistence_id, writer_uuid, writer_uuid IS DISTINCT FROM lag(writer_uuid) OVER (PARTITION BY persistence_id ORDER BY sequence_number) AS changed FROM journal) rows
          GROUP BY persistence_id, writer_uuid) writers WHERE turns > 1
        """;
}
