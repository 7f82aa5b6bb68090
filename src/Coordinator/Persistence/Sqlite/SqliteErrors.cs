using Microsoft.Data.Sqlite;
using TuningCluster.Coordinator.Views;

namespace TuningCluster.Coordinator.Persistence.Sqlite;

/// <summary>What SQLite and the file system say, in words a user can act on.</summary>
internal static class SqliteErrors
{
    // https://sqlite.org/rescode.html
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    public static bool IsNotOpenable(SqliteException e) => e.SqliteErrorCode is ReadOnly or CannotOpen;

    public static StoreException NotWritable(SqliteLocation location, Exception cause) => new(
        $"The store {location.DatabasePath} cannot be written: its folder or file is read-only or not reachable ({cause.Message.TrimEnd('.')}).",
        "Make the folder writable, or name another store with --storage sqlite:PATH.",
        cause);

    /// <summary>For whoever opened the store to write.</summary>
    public static StoreException Writing(SqliteLocation location, SqliteException e) =>
        IsNotOpenable(e) ? NotWritable(location, e) : Any(location, e);

    /// <summary>For whoever opened the store to read.</summary>
    public static StoreException Reading(SqliteLocation location, SqliteException e) => IsNotOpenable(e)
        ? new StoreException(
            $"The store {location.DatabasePath} cannot be read ({e.Message.TrimEnd('.')}).",
            "Check its permissions. A store whose last writer was killed needs a writable folder to be read; copy it, with its -wal file, to one.",
            e)
        : Any(location, e);

    private static StoreException Any(SqliteLocation location, SqliteException e) => e.SqliteErrorCode switch
    {
        Busy or Locked => new StoreException(
            $"The store {location.DatabasePath} stayed locked by another program.", "Close the program that has it open and try again.", e),
        Corrupt => new StoreException(
            $"The store {location.DatabasePath} is damaged ({e.Message.TrimEnd('.')}).", "Restore it from a copy, or move it away to begin anew.", e),
        Full => new StoreException($"The disk of {location.DatabasePath} is full.", "Make room and run the same command again.", e),
        NotADatabase => new StoreException(
            $"{location.DatabasePath} is not a database.", "Name another file with --storage sqlite:PATH.", e),
        _ => new StoreException($"The store {location.DatabasePath} failed ({e.Message.TrimEnd('.')}).", "Run the same command again.", e),
    };
}
