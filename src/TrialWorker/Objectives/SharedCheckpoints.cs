using System.Collections.Concurrent;
using Serilog;
using TuningCluster.Shared.Blobs;
using TuningCluster.TrialWorker.Training;

namespace TuningCluster.TrialWorker.Objectives;

/// <summary>Checkpoints that other workers find: at once in a place of this worker's own, and from time to time among the coordinator's blobs.</summary>
/// <param name="own">Survives this process.</param>
/// <param name="blobs">The coordinator's.</param>
/// <param name="isServed">Whether the coordinator serves its blobs; where it does not, all workers share <paramref name="own"/>.</param>
public sealed class SharedCheckpoints(ICheckpointStore own, IBlobStore blobs, Func<bool> isServed, TimeProvider time) : ICheckpointStore
{
    /// <summary>How much training the loss of a machine may cost, besides what passes until it is noticed.</summary>
    private static readonly TimeSpan SendEvery = TimeSpan.FromSeconds(30);

    /// <summary>Large checkpoints are sent less often: of the time, sending takes at most a twentieth.</summary>
    private const int RestPerSending = 20;

    private readonly ConcurrentDictionary<(string Study, int Number), Sent> _sent = new();

    /// <inheritdoc/>
    public byte[]? Find(string study, int number)
    {
        var here = own.Find(study, number);
        if (!isServed() || Fetch(new CheckpointOwner(study, number, IsLeft: false)) is not { } there)
        {
            return here;
        }

        Of(study, number).IsThere = true;
        // Another worker may have gone on from where this one was.
        return here is not null && CheckpointFormat.EpochOf(here) >= CheckpointFormat.EpochOf(there) ? here : there;
    }

    /// <inheritdoc/>
    public void Keep(string study, int number, byte[] checkpoint)
    {
        own.Keep(study, number, checkpoint);
        if (!isServed())
        {
            return;
        }

        var sent = Of(study, number);
        if (sent.IsSending || time.GetElapsedTime(sent.LastAt) < Max(SendEvery, sent.Took * RestPerSending))
        {
            return;
        }

        sent.IsSending = true;
        Task.Run(() =>
        {
            try
            {
                Send(study, number, checkpoint);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                Log.Warning("Study {Study}: the checkpoint of trial {Trial} stays on this machine for now: {Reason}", study, number, e.Message);
            }
            finally
            {
                sent.LastAt = time.GetTimestamp();
                sent.IsSending = false;
            }
        });
    }

    /// <inheritdoc/>
    public void Share(string study, int number)
    {
        if (isServed() && own.Find(study, number) is { } checkpoint)
        {
            Send(study, number, checkpoint);
        }
    }

    /// <inheritdoc/>
    public void Remove(string study, int number)
    {
        own.Remove(study, number);
        if (!_sent.TryGetValue((study, number), out var sent))
        {
            return;
        }

        if (!sent.IsThere && !sent.IsSending)
        {
            _sent.TryRemove(new((study, number), sent));
            return;
        }

        // Not on the caller's thread: the coordinator may be away. What is missed then goes with the study.
        var turn = sent.Renew();
        Task.Run(() =>
        {
            lock (sent.Gate)
            {
                if (!sent.IsNewerThan(turn))
                {
                    Release(new CheckpointOwner(study, number, IsLeft: false).ToString());
                    sent.IsOver = true;
                    _sent.TryRemove(new((study, number), sent));
                }
            }
        });
    }

    /// <inheritdoc/>
    public byte[]? FindLeft(string study, int number) =>
        own.FindLeft(study, number) ?? (isServed() ? Fetch(new CheckpointOwner(study, number, IsLeft: true)) : null);

    /// <inheritdoc/>
    /// <exception cref="IOException">It could not be brought to the coordinator.</exception>
    public void Leave(string study, int number, byte[] state)
    {
        own.Leave(study, number, state);
        if (isServed())
        {
            blobs.Put(new CheckpointOwner(study, number, IsLeft: true).ToString(), state);
        }
    }

    /// <summary>Those of this worker's own place; the coordinator lets go of its blobs by itself.</summary>
    public void SweepLeft(string study, int below) => own.SweepLeft(study, below);

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private Sent Of(string study, int number) => _sent.GetOrAdd((study, number), _ => new Sent(time.GetTimestamp()));

    private void Send(string study, int number, byte[] checkpoint)
    {
        for (var isDone = false; !isDone;)
        {
            var sent = Of(study, number);
            // What was to be let go of is replaced by this one, and stays.
            sent.Renew();
            lock (sent.Gate)
            {
                if (!sent.IsOver)
                {
                    var start = time.GetTimestamp();
                    blobs.Put(new CheckpointOwner(study, number, IsLeft: false).ToString(), checkpoint);
                    sent.IsThere = isDone = true;
                    sent.Took = time.GetElapsedTime(start);
                }
            }
        }
    }

    private void Release(string owner)
    {
        try
        {
            foreach (var sha in blobs.OwnedBy(owner))
            {
                blobs.Release(owner, sha);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            Log.Debug("{Owner} stays with the coordinator until the study is deleted: {Reason}", owner, e.Message);
        }
    }

    private byte[]? Fetch(CheckpointOwner owner)
    {
        try
        {
            return blobs.OwnedBy(owner.ToString()) is [.., var sha] ? blobs.Get(sha) : null;
        }
        catch (BlobMissingException)
        {
            // Let go of since it was named.
            return null;
        }
    }

    /// <summary>What the coordinator has of one trial.</summary>
    private sealed class Sent(long first)
    {
        private long _turn;
        private long _lastAt = first;
        private volatile bool _isSending;
        private volatile bool _isThere;

        /// <summary>Held while something is sent or let go of.</summary>
        public Lock Gate { get; } = new();

        /// <summary>Let go of: whoever comes now begins anew. Under the gate.</summary>
        public bool IsOver { get; set; }

        public TimeSpan Took { get; set; }

        public long LastAt { get => Volatile.Read(ref _lastAt); set => Volatile.Write(ref _lastAt, value); }

        public bool IsSending { get => _isSending; set => _isSending = value; }

        public bool IsThere { get => _isThere; set => _isThere = value; }

        public long Renew() => Interlocked.Increment(ref _turn);

        public bool IsNewerThan(long turn) => Volatile.Read(ref _turn) != turn;
    }
}
