using Serilog;
using TuningCluster.Coordinator.Persistence;
using TuningCluster.Coordinator.Views;

namespace TuningCluster.Coordinator.Hosting;

/// <summary>When this node is the one that decides: once the cluster chose it and the store is its own. Then until it ends.</summary>
internal sealed class Succession : IDisposable
{
    /// <summary>Between two looks at a store that is another's, or not there.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private readonly StoreLocation _location;
    private readonly string _command;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource _chosen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StoreLock? _lock;

    private Succession(StoreLocation location, string command, TimeProvider time, StoreLock? held) =>
        (_location, _command, _time, _lock) = (location, command, time, held);

    /// <summary>The only coordinator there is: a store that is another's is a fault.</summary>
    /// <exception cref="StoreException">It is, or cannot be written.</exception>
    public static Succession Settled(StoreLocation location, string command, TimeProvider time) =>
        new(location, command, time, StoreLock.Acquire(location, command, time));

    /// <summary>One of several: its turn may come, and not before the predecessor let go.</summary>
    public static Succession Open(StoreLocation location, string command, TimeProvider time) => new(location, command, time, held: null);

    /// <summary>The cluster's singleton has started here.</summary>
    public void Choose() => _chosen.TrySetResult();

    /// <summary>Returns once this node may write; the token is cancelled when it may no longer.</summary>
    /// <exception cref="OperationCanceledException">It is not to be.</exception>
    public async Task<CancellationToken> Turn(CancellationToken cancel)
    {
        await _chosen.Task.WaitAsync(cancel).ConfigureAwait(false);
        for (var told = ""; _lock is null;)
        {
            try
            {
                _lock = StoreLock.Acquire(_location, _command, _time);
            }
            catch (StoreException notYet)
            {
                if (notYet.Message != told)
                {
                    Log.Warning("This coordinator takes over and waits for its store: {Reason}", notYet.Message);
                    told = notYet.Message;
                }

                await Task.Delay(LookEvery, _time, cancel).ConfigureAwait(false);
            }
        }

        return _lock.Lost;
    }

    /// <summary>Lets go of the store: the node has ended.</summary>
    public void Dispose() => _lock?.Dispose();
}
