using TuningCluster.Coordinator.Views;

namespace TuningCluster.Coordinator.Persistence.Sqlite;

/// <summary>A locked file beside the database; the operating system releases it when its holder dies.</summary>
internal sealed class SqliteLock : StoreLock
{
    private readonly FileStream _file;

    private SqliteLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, before anything in the store is opened for writing; creates the store's folder.</summary>
    /// <param name="command">What the user typed: told to whoever comes second.</param>
    /// <exception cref="StoreException">Another process holds it, or nothing can be written there.</exception>
    public static SqliteLock Acquire(SqliteLocation location, string command, TimeProvider time)
    {
        var held = new SqliteLock(Open(location));
        try
        {
            var owner = new StoreOwner(Environment.ProcessId, Environment.MachineName, command, time.GetUtcNow());
            File.WriteAllText(location.LockOwnerPath, owner.ToText());
            return held;
        }
        catch (Exception failed)
        {
            held.Dispose();
            throw failed is IOException or UnauthorizedAccessException ? SqliteErrors.NotWritable(location, failed) : failed;
        }
    }

    /// <summary>Gives the lock back. The file stays: removing it could remove a successor's.</summary>
    public override void Dispose() => _file.Dispose();

    private static FileStream Open(SqliteLocation location)
    {
        try
        {
            Directory.CreateDirectory(location.Directory);

            // On Unix this is flock(LOCK_EX): bound to the open file, so it ends with the process, however that ends.
            return new FileStream(location.LockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (IOException taken) when (IsSharingViolation(taken))
        {
            throw Held(location, Owner(location), taken);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw SqliteErrors.NotWritable(location, failed);
        }
    }

    /// <summary>EWOULDBLOCK on Linux and on macOS and BSD; ERROR_SHARING_VIOLATION on Windows.</summary>
    private static bool IsSharingViolation(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);

    private static StoreOwner? Owner(SqliteLocation location)
    {
        try
        {
            return StoreOwner.TryParse(File.ReadAllText(location.LockOwnerPath));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
