using System.Globalization;
using Microsoft.Data.Sqlite;
using TuningCluster.Coordinator.Views;

namespace TuningCluster.Coordinator.Persistence.Sqlite;

/// <summary>The mark a store's database bears, so that neither another program's database nor a newer store is taken for ours.</summary>
internal static class SqliteFormat
{
    /// <summary><c>PRAGMA user_version</c>. Raised when older programs must not open the store.</summary>
    public const int Version = 1;

    /// <summary><c>PRAGMA application_id</c>: "Tune".</summary>
    private const int Application = 0x54756E65;

    /// <returns>True when it bears our mark; false when it is empty.</returns>
    /// <exception cref="StoreException">Another program's, or a newer one's.</exception>
    public static bool Check(SqliteConnection connection, SqliteLocation location)
    {
        var version = Number(connection, "PRAGMA user_version");
        var application = Number(connection, "PRAGMA application_id");
        if (version == 0 && application == 0 && Number(connection, "SELECT count(*) FROM sqlite_master") == 0)
        {
            return false;
        }

        if (application != Application)
        {
            throw new StoreException(
                $"{location.DatabasePath} is another program's database.", "Name another file with --storage sqlite:PATH.");
        }

        return version <= Version
            ? true
            : throw new StoreException(
                $"The store {location.DatabasePath} was written by a newer program (format {version}, this one knows {Version}).",
                "Use the newer program, or name another store with --storage sqlite:PATH.");
    }

    /// <summary>Marks an empty database; both marks or none.</summary>
    public static void Mark(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = string.Create(
            CultureInfo.InvariantCulture, $"PRAGMA application_id = {Application}; PRAGMA user_version = {Version};");
        command.ExecuteNonQuery();
        transaction.Commit();
    }

    public static bool HasTable(SqliteConnection connection, string table)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = $name";
        command.Parameters.AddWithValue("$name", table);
        return (long)command.ExecuteScalar()! > 0;
    }

    private static long Number(SqliteConnection connection, string query)
    {
        using var command = connection.CreateCommand();
        command.CommandText = query;
        return (long)command.ExecuteScalar()!;
    }
}
