using TuningCluster.Coordinator.Views;

namespace TuningCluster.Coordinator.Persistence;

/// <summary>The right to write a store. One holder at a time; the operating system releases it when the holder dies.</summary>
public sealed class StoreLock : IDisposable
{
    private readonly FileStream _file;

    private StoreLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, before anything in the store is opened for writing; creates the store's folder.</summary>
    /// <param name="command">What the user typed: told to whoever comes second.</param>
    /// <exception cref="StoreException">Another process holds it, or nothing can be written there.</exception>
    public static StoreLock Acquire(StoreLocation location, string command, TimeProvider time)
    {
        var held = new StoreLock(Open(location));
        try
        {
            var owner = new StoreOwner(Environment.ProcessId, Environment.MachineName, command, time.GetUtcNow());
            File.WriteAllText(location.LockOwnerPath, owner.ToText());
            return held;
        }
        catch (Exception failed)
        {
            held.Dispose();
            throw failed is IOException or UnauthorizedAccessException ? StoreErrors.NotWritable(location, failed) : failed;
        }
    }

    /// <summary>Gives the lock back. The file stays: removing it could remove a successor's.</summary>
    public void Dispose() => _file.Dispose();

    private static FileStream Open(StoreLocation location)
    {
        try
        {
            Directory.CreateDirectory(location.Directory);

            // On Unix this is flock(LOCK_EX): bound to the open file, so it ends with the process, however that ends.
            return new FileStream(location.LockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (IOException taken) when (IsSharingViolation(taken))
        {
            var owner = Owner(location) is { } known ? known.ToString() : "another process";
            throw new StoreException(
                $"The store {location.DatabasePath} is being written by {owner}.",
                "Wait until it ends or stop it. 'tuning studies', 'show', 'trials' and 'best' read while it runs.",
                taken);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw StoreErrors.NotWritable(location, failed);
        }
    }

    /// <summary>EWOULDBLOCK on Linux and on macOS and BSD; ERROR_SHARING_VIOLATION on Windows.</summary>
    private static bool IsSharingViolation(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);

    private static StoreOwner? Owner(StoreLocation location)
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
