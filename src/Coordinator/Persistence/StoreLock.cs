using TuningCluster.Coordinator.Views;

namespace TuningCluster.Coordinator.Persistence;

/// <summary>The right to write a store. One holder at a time; it ends with the process of its holder, however that ends.</summary>
public abstract class StoreLock : IDisposable
{
    /// <summary>Cancelled when the right is lost while it is held: another process may be writing.</summary>
    public virtual CancellationToken Lost => CancellationToken.None;

    /// <summary>Takes the lock, before anything in the store is opened for writing.</summary>
    /// <param name="command">What the user typed: told to whoever comes second.</param>
    /// <exception cref="StoreException">Another process holds it, or nothing can be written there.</exception>
    public static StoreLock Acquire(StoreLocation location, string command, TimeProvider time) => location.Lock(command, time);

    /// <summary>Gives the lock back.</summary>
    public abstract void Dispose();

    private protected static StoreException Held(StoreLocation location, StoreOwner? owner, Exception? cause) => new(
        $"The store {location.Name} is being written by {owner?.ToString() ?? "another process"}.",
        "Wait until it ends or stop it. 'tuning studies', 'show', 'trials' and 'best' read while it runs.",
        cause);
}
