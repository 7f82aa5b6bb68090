using System.Globalization;
using Npgsql;
using TuningCluster.Coordinator.Views;

namespace TuningCluster.Coordinator.Persistence.Postgres;

/// <summary>The tables, and the mark that they are ours. Made by an explicit step, so that a coordinator's user need not be able to.</summary>
internal static class PostgresSchema
{
    /// <summary>Raised when older programs must not open the store.</summary>
    public const int Version = 1;

    /// <summary>Journal and snapshot as Akka.Persistence.Sql 1.5 lays them out with <c>tag-write-mode = Csv</c>; the others are our own.</summary>
    private const string Tables =
        """
        CREATE TABLE journal (
          ordering bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          created bigint NOT NULL,
          deleted boolean NOT NULL,
          persistence_id text NOT NULL,
          sequence_number bigint NOT NULL,
          message bytea NOT NULL,
          tags text,
          manifest text,
          identifier integer,
          writer_uuid text,
          -- Of two writers of a study one ends here.
          CONSTRAINT journal_uq UNIQUE (persistence_id, sequence_number)
        );
        CREATE TABLE snapshot (
          persistence_id text NOT NULL,
          sequence_number bigint NOT NULL,
          created bigint NOT NULL,
          snapshot bytea,
          manifest text,
          serializer_id integer,
          PRIMARY KEY (persistence_id, sequence_number)
        );
        CREATE TABLE tuning_blob (
          sha256 text PRIMARY KEY,
          length bigint NOT NULL,
          created timestamptz NOT NULL DEFAULT now()
        );
        CREATE TABLE tuning_blob_chunk (
          sha256 text NOT NULL REFERENCES tuning_blob ON DELETE CASCADE,
          number integer NOT NULL,
          bytes bytea NOT NULL,
          PRIMARY KEY (sha256, number)
        );
        -- Weights and data sets do not become smaller.
        ALTER TABLE tuning_blob_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;
        CREATE TABLE tuning_blob_owner (
          owner text NOT NULL,
          sha256 text NOT NULL REFERENCES tuning_blob,
          PRIMARY KEY (owner, sha256)
        );
        CREATE INDEX tuning_blob_owner_sha256 ON tuning_blob_owner (sha256);
        CREATE TABLE tuning_store (
          format integer NOT NULL,
          owner text
        );
        """;

    /// <exception cref="StoreException">There are none, or a newer program's.</exception>
    public static void Check(NpgsqlConnection connection, PostgresLocation location)
    {
        if (Format(connection) is not { } format)
        {
            throw PostgresErrors.NotMigrated(location);
        }

        if (format > Version)
        {
            throw new StoreException($"The store {location.Name} was written by a newer program (format {format}, this one knows {Version}).", "Use the newer program, or name another store.");
        }
    }

    /// <summary>Makes what is missing; all or nothing.</summary>
    /// <returns>The format before; null when there was none.</returns>
    /// <exception cref="StoreException">Another program's tables are there, or a newer one's.</exception>
    public static int? Migrate(NpgsqlConnection connection, PostgresLocation location)
    {
        using var transaction = connection.BeginTransaction();
        if (Format(connection) is { } format)
        {
            Check(connection, location);
            return format;
        }

        if (connection.Scalar("SELECT to_regclass('journal')::text") is not null)
        {
            throw new StoreException($"The database {location.Name} has a table 'journal' of another program.", "Name a database of its own, or another schema: ?search%20path=tuning.");
        }

        connection.Execute(Tables);
        connection.Execute("INSERT INTO tuning_store (format) VALUES (@format)", ("@format", Version));
        transaction.Commit();
        return null;
    }

    private static int? Format(NpgsqlConnection connection) =>
        connection.Scalar("SELECT to_regclass('tuning_store')::text") is null ? null
        : Convert.ToInt32(connection.Scalar("SELECT format FROM tuning_store"), CultureInfo.InvariantCulture);
}
