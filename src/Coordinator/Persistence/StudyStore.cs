using Akka.Persistence.Sql.Config;
using LinqToDB;
using LinqToDB.DataProvider.SQLite;
using Microsoft.Data.Sqlite;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Views;

namespace TuningCluster.Coordinator.Persistence;

/// <summary>The database of studies, open for writing. Its opener holds the <see cref="StoreLock"/>.</summary>
public sealed class StudyStore : IDisposable
{
    private static readonly string[] Tables = ["journal", "journal_metadata", "tags", "snapshot"];

    private readonly ConnectionPragmas _pragmas = new();

    private StudyStore(StoreLocation location)
    {
        Location = location;
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

    public StoreLocation Location { get; }

    public string ConnectionString { get; }

    /// <summary>For everything that opens connections, the journal first: carries the interceptor that makes <see cref="Durability"/> hold.</summary>
    public DataOptions DataOptions { get; }

    /// <summary>Takes effect with the next connection, that is with the next write.</summary>
    public Durability Durability
    {
        get => _pragmas.Durability;
        set => _pragmas.Durability = value;
    }

    /// <summary>Hands <see cref="DataOptions"/> to journal and snapshot store, so that no connection string is in the configuration.</summary>
    public DataOptionsSetup Setup => new(DataOptions);

    /// <summary>Journal and snapshot store of an actor system; to be followed by <c>SqlPersistence.DefaultConfiguration</c> as its fallback.</summary>
    /// <remarks>
    /// <c>replay-filter</c>: its default silently drops acknowledged events when two incarnations of a writer took turns.
    /// <c>tag-write-mode</c> fixes the tables' layout for ever.
    /// </remarks>
    public static string Hocon { get; } =
        """
        akka.persistence {
          journal {
            plugin = "akka.persistence.journal.sql"
            auto-start-journals = ["akka.persistence.journal.sql"]
            sql {
              provider-name = "SQLite.MS"
              parallelism = 1
              write-isolation-level = serializable
              tag-write-mode = Csv
              auto-initialize = on
              circuit-breaker { max-failures = 10, call-timeout = 20s, reset-timeout = 5s }
            }
          }
          journal-plugin-fallback.replay-filter.mode = warn
          snapshot-store {
            plugin = "akka.persistence.snapshot-store.sql"
            auto-start-snapshot-stores = ["akka.persistence.snapshot-store.sql"]
            sql {
              provider-name = "SQLite.MS"
              write-isolation-level = serializable
              auto-initialize = on
              circuit-breaker { max-failures = 10, call-timeout = 20s, reset-timeout = 5s }
            }
          }
          # A snapshot only saves time: events are never deleted.
          snapshot-store-plugin-fallback.snapshot-is-optional = true
          query.journal.sql.write-plugin = "akka.persistence.journal.sql"
        }
        """;

    /// <summary>A store that nobody has touched yet: says how it will be reached, so that a node can be made while it is being opened.</summary>
    public static StudyStore At(StoreLocation location) => new(location);

    /// <inheritdoc cref="Open"/>
    public static StudyStore OpenForWriting(StoreLocation location)
    {
        var store = At(location);
        store.Open();
        return store;
    }

    /// <summary>Opens the store, creating folder and database when there are none. The caller holds the <see cref="StoreLock"/>.</summary>
    /// <exception cref="StoreException">Read-only, damaged, newer than this program, or not a store.</exception>
    public void Open()
    {
        var location = Location;
        try
        {
            Directory.CreateDirectory(location.Directory);
            using var connection = new SqliteConnection(ConnectionString);
            connection.Open();
            if (!StoreFormat.Check(connection, location))
            {
                StoreFormat.Mark(connection);
            }

            SetWriteAheadLog(connection, location);

            // SQLite opens a read-only file without a word and complains at the first write.
            Execute(connection, "BEGIN IMMEDIATE; ROLLBACK;");
        }
        catch (SqliteException failed)
        {
            throw StoreErrors.Writing(location, failed);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw StoreErrors.NotWritable(location, failed);
        }
    }

    /// <summary>Removes journal and snapshots of these studies; all or nothing. Studies that are not there are no error.</summary>
    /// <param name="studyIds">Internal ids; none of them may have a living actor.</param>
    /// <exception cref="StoreException">The store failed.</exception>
    public void Delete(IReadOnlyCollection<string> studyIds)
    {
        try
        {
            using var connection = new SqliteConnection(ConnectionString);
            connection.Open();
            using var transaction = connection.BeginTransaction();
            foreach (var table in Tables.Where(table => StoreFormat.HasTable(connection, table)))
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
            throw StoreErrors.Writing(Location, failed);
        }
    }

    /// <summary>Closes idle connections; the last one to close moves the write-ahead log into the database.</summary>
    public void Dispose()
    {
        using var connection = new SqliteConnection(ConnectionString);
        SqliteConnection.ClearPool(connection);
    }

    private static DataOptions Options(string connectionString) => new DataOptions()
        .UseSQLite(connectionString, SQLiteProvider.Microsoft)
        .UseProvider(ProviderName.SQLiteMS); // Without it Akka.Persistence.Sql fails with a bare NullReferenceException.

    private static void SetWriteAheadLog(SqliteConnection connection, StoreLocation location)
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
