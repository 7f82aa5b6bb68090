using System.Data.Common;
using Npgsql;
using NpgsqlTypes;
using TuningCluster.Coordinator.Persistence.Postgres;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Blobs;

namespace TuningCluster.Coordinator.Persistence;

/// <summary>Brings studies to PostgreSQL: journals as they are, data sets and weights. Snapshots are made anew, and checkpoints stay.</summary>
public static class StoreCopy
{
    private const string Columns = "persistence_id, sequence_number, created, deleted, message, tags, manifest, identifier, writer_uuid";

    /// <summary>What a copy has brought.</summary>
    public readonly record struct Result(int Studies, long Events, int Blobs);

    /// <summary>Copies all studies; a study comes whole or not at all. The source is only read.</summary>
    /// <param name="from">Must not be written meanwhile: its lock is held.</param>
    /// <param name="command">What the user typed; the locks name it.</param>
    /// <exception cref="StoreException">A study of the same id is there already, a store cannot be used, or the target is no PostgreSQL.</exception>
    public static Result Copy(StoreLocation from, StoreLocation to, string command, long quotaBytes, TimeProvider time)
    {
        if (to is not PostgresLocation target)
        {
            throw new StoreException($"Studies are copied to PostgreSQL, and {to.Name} is none.", "Name the target: --storage postgres://USER@HOST/DATABASE.");
        }

        using var source = from.Lock(command, time);
        using var held = target.Lock(command, time);
        var ids = new JournalReader(from).StudyIds();
        if (ids.Intersect(new JournalReader(target).StudyIds()).FirstOrDefault() is { } twice)
        {
            throw new StoreException($"Study '{StudyId.NameOf(twice)}' ({twice}) is in {target.Name} already.", "Delete it there first, or copy to another database.");
        }

        var (events, blobs) = (0L, 0);
        foreach (var id in ids)
        {
            // Blobs first: a journal must not name what is not there.
            blobs += CopyBlobs(from.Blobs(long.MaxValue, time), target.Blobs(quotaBytes, time), id);
            events += from.Read(0L, rows => PostgresErrors.Told(target, () => CopyJournal(rows, target, id)));
        }

        return new Result(ids.Count, events, blobs);
    }

    private static int CopyBlobs(IBlobStore from, IBlobStore to, string id)
    {
        var owned = from.OwnedBy(id);
        foreach (var blob in owned)
        {
            to.Put(id, from.Get(blob));
        }

        return owned.Count;
    }

    private static long CopyJournal(DbConnection from, PostgresLocation target, string id)
    {
        using var query = from.Command($"SELECT {Columns} FROM journal WHERE persistence_id = @id ORDER BY sequence_number", ("@id", StudyId.PersistenceId(id)));
        using var rows = query.ExecuteReader();
        using var connection = target.Source.OpenConnection();
        // All or nothing: what is not completed is rolled back.
        using var import = connection.BeginBinaryImport($"COPY journal ({Columns}) FROM STDIN (FORMAT BINARY)");
        var count = 0L;
        for (; rows.Read(); count++)
        {
            import.StartRow();
            import.Write(rows.GetString(0), NpgsqlDbType.Text);
            import.Write(rows.GetInt64(1), NpgsqlDbType.Bigint);
            import.Write(rows.GetInt64(2), NpgsqlDbType.Bigint);
            import.Write(rows.GetBoolean(3), NpgsqlDbType.Boolean);
            import.Write(rows.GetFieldValue<byte[]>(4), NpgsqlDbType.Bytea);
            WriteText(import, rows, 5);
            WriteText(import, rows, 6);
            import.Write(rows.GetInt32(7), NpgsqlDbType.Integer);
            WriteText(import, rows, 8);
        }

        import.Complete();
        return count;
    }

    private static void WriteText(NpgsqlBinaryImporter import, DbDataReader rows, int column)
    {
        if (rows.IsDBNull(column))
        {
            import.WriteNull();
        }
        else
        {
            import.Write(rows.GetString(column), NpgsqlDbType.Text);
        }
    }
}
