using System.Data.Common;
using Microsoft.Data.Sqlite;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Blobs;

namespace TuningCluster.Coordinator.Persistence.Sqlite;

/// <summary>A SQLite database and, in the folder that holds it, <c>blobs/</c>, <c>logs/</c> and <c>lock</c>.</summary>
/// <param name="DatabasePath">Absolute.</param>
public sealed record SqliteLocation(string DatabasePath) : StoreLocation(Path.GetDirectoryName(DatabasePath)!)
{
    /// <summary>The store of a working directory that names no other.</summary>
    public const string DefaultPath = ".tuning/studies.db";

    public string BlobsDirectory => Path.Combine(Directory, "blobs");

    public string LockPath => Path.Combine(Directory, "lock");

    /// <summary>Names the holder of the lock: the lock itself cannot be read while it is held.</summary>
    public string LockOwnerPath => Path.Combine(Directory, "lock.owner");

    public override string Name => $"sqlite:{DatabasePath}";

    public override string Place => Directory;

    /// <param name="path">Relative to <paramref name="workingDirectory"/>.</param>
    /// <param name="typed">As the user wrote it, when that is not the path alone.</param>
    /// <exception cref="StoreException">It is no file's.</exception>
    public static SqliteLocation OfPath(string path, string workingDirectory, string? typed = null)
    {
        if (string.IsNullOrWhiteSpace(path) || Path.EndsInDirectorySeparator(path))
        {
            throw new StoreException($"'{typed ?? path}' names no database file.", Hint);
        }

        path = Path.GetFullPath(path, workingDirectory);
        if (System.IO.Directory.Exists(path))
        {
            throw new StoreException($"The store '{path}' is a directory.", $"Name a file in it, e.g. sqlite:{Path.Combine(path, "studies.db")}.");
        }

        // One lock a database, also when it is reached through a link.
        return new SqliteLocation(Target(path));
    }

    public override IBlobStore Blobs(long quotaBytes, TimeProvider time) => new FileBlobStore(BlobsDirectory, quotaBytes, time);

    public override bool Migrate()
    {
        var isNew = !File.Exists(DatabasePath);
        using var held = SqliteLock.Acquire(this, "tuning storage migrate", TimeProvider.System);
        StudyStore.OpenForWriting(this).Dispose();
        return isNew;
    }

    internal override StudyStore Store() => new SqliteStore(this);

    internal override StoreLock Lock(string command, TimeProvider time) => SqliteLock.Acquire(this, command, time);

    internal override T Read<T>(T absent, Func<DbConnection, T> query)
    {
        if (!File.Exists(DatabasePath))
        {
            return absent;
        }

        try
        {
            return Read(ReadOnly(DatabasePath), absent, query);
        }
        catch (SqliteException failed) when (SqliteErrors.IsNotOpenable(failed) && !HasUnmergedLog())
        {
            // A store in a folder that cannot be written: SQLite lacks its shared-memory file, and needs none since nobody can be writing.
            try
            {
                return Read(ReadOnly($"file:{Uri.EscapeDataString(DatabasePath)}?immutable=1"), absent, query);
            }
            catch (SqliteException)
            {
                throw SqliteErrors.Reading(this, failed);
            }
        }
        catch (SqliteException failed)
        {
            throw SqliteErrors.Reading(this, failed);
        }
    }

    private T Read<T>(string connectionString, T absent, Func<SqliteConnection, T> query)
    {
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        return SqliteFormat.Check(connection, this) && SqliteFormat.HasTable(connection, "journal") ? query(connection) : absent;
    }

    private bool HasUnmergedLog() => new FileInfo(DatabasePath + "-wal") is { Exists: true, Length: > 0 };

    private static string ReadOnly(string source) => new SqliteConnectionStringBuilder
    {
        DataSource = source,
        Mode = SqliteOpenMode.ReadOnly,
        DefaultTimeout = 10,
        Pooling = false,
    }.ToString();

    private static string Target(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (IOException)
        {
            // Not there yet, or not readable: whoever opens it says so.
            return path;
        }
    }
}
