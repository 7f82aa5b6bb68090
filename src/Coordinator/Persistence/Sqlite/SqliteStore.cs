using LinqToDB;
using LinqToDB.DataProvider.SQLite;
using Microsoft.Data.Sqlite;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Views;

namespace TuningCluster.Coordinator.Persistence.Sqlite;

/// <summary>The database of studies, open for writing. Its opener holds the <see cref="StoreLock"/>.</summary>
public sealed class SqliteStore : StudyStore
{
    private static readonly string[] Tables = ["journal", "journal_metadata", "tags", "snapshot"];

    private readonly ConnectionPragmas _pragmas = new();

    private readonly SqliteLocation _location;

    internal SqliteStore(SqliteLocation location)
    {
        _location = location;
        ConnectionString = new SqliteConnectionStringBuilder
        {
            DataSource = location.DatabasePath,
            Mode = SqliteOpenMode.ReadWriteCreate,
            DefaultTimeout = 10,
        }.ToString();
        DataOptions = Options(ConnectionString).UseInterceptor(_pragmas);
    }

    /// <summary>A database that is no file and is gone when its connection closes.</summary>
    public static DataOptions InMemory { get; } = Options("Data Source=:memory:");

    /// <inheritdoc/>
    public override StoreLocation Location => _location;

    public string ConnectionString { get; }

    /// <inheritdoc/>
    /// <remarks>Carries the interceptor that makes <see cref="Durability"/> hold.</remarks>
    public override DataOptions DataOptions { get; }

    /// <inheritdoc/>
    public override Durability Durability
    {
        get => _pragmas.Durability;
        set => _pragmas.Durability = value;
    }

    /// <inheritdoc/>
    public override string Hocon => JournalHocon;

    /// <inheritdoc cref="Hocon"/>
    public static string JournalHocon { get; } = HoconOf(
        """
        provider-name = "SQLite.MS"
        write-isolation-level = serializable
        auto-initialize = on
        """,
        "parallelism = 1");

    /// <summary>Opens the store, creating folder and database when there are none. The caller holds the <see cref="StoreLock"/>.</summary>
    /// <exception cref="StoreException">Read-only, damaged, newer than this program, or not a store.</exception>
    public override void Open()
    {
        var location = _location;
        try
        {
            Directory.CreateDirectory(location.Directory);
            using var connection = new SqliteConnection(ConnectionString);
            connection.Open();
            if (!SqliteFormat.Check(connection, location))
            {
                SqliteFormat.Mark(connection);
            }

            SetWriteAheadLog(connection, location);

            // SQLite opens a read-only file without a word and complains at the first write.
            Execute(connection, "BEGIN IMMEDIATE; ROLLBACK;");
        }
        catch (SqliteException failed)
        {
            throw SqliteErrors.Writing(location, failed);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw SqliteErrors.NotWritable(location, failed);
        }
    }

    /// <inheritdoc/>
    public override void Delete(IReadOnlyCollection<string> studyIds)
    {
        try
        {
            using var connection = new SqliteConnection(ConnectionString);
            connection.Open();
            using var transaction = connection.BeginTransaction();
            foreach (var table in Tables.Where(table => SqliteFormat.HasTable(connection, table)))
            {
                foreach (var id in studyIds)
                {
                    using var command = connection.CreateCommand();
                    command.Transaction = transaction;
                    command.CommandText = $"DELETE FROM {table} WHERE persistence_id = $id";
                    command.Parameters.AddWithValue("$id", StudyId.PersistenceId(id));
                    command.ExecuteNonQuery();
                }
            }

            transaction.Commit();
        }
        catch (SqliteException failed)
        {
            throw SqliteErrors.Writing(_location, failed);
        }
    }

    /// <summary>Closes idle connections; the last one to close moves the write-ahead log into the database.</summary>
    public override void Dispose()
    {
        using var connection = new SqliteConnection(ConnectionString);
        SqliteConnection.ClearPool(connection);
    }

    private static DataOptions Options(string connectionString) => new DataOptions()
        .UseSQLite(connectionString, SQLiteProvider.Microsoft)
        .UseProvider(ProviderName.SQLiteMS); // Without it Akka.Persistence.Sql fails with a bare NullReferenceException.

    private static void SetWriteAheadLog(SqliteConnection connection, SqliteLocation location)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = wal";
        var mode = command.ExecuteScalar() as string;
        if (mode != "wal")
        {
            throw new StoreException(
                $"The store {location.DatabasePath} cannot keep a write-ahead log (its journal mode stays '{mode}').",
                "Put it on a local disk: network file systems cannot hold it.");
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
