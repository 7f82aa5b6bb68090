using Microsoft.Extensions.Time.Testing;
using TuningCluster.Shared.Blobs;
using TuningCluster.TrialWorker.Objectives;
using TuningCluster.TrialWorker.Training;

namespace TuningCluster.TrialWorker.Tests.Objectives;

/// <summary>Two workers that share nothing but the coordinator's blobs.</summary>
public sealed class SharedCheckpointsTests
{
    private const string Study = "s.1.abcd1234";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider _time = new();
    private readonly SignallingBlobs _blobs = new();
    private readonly MemoryCheckpointStore _own = new();
    private readonly SharedCheckpoints _here;
    private readonly SharedCheckpoints _there;
    private bool _isServed = true;

    public SharedCheckpointsTests()
    {
        _here = new SharedCheckpoints(_own, _blobs, () => _isServed, _time);
        _there = new SharedCheckpoints(new MemoryCheckpointStore(), _blobs, () => _isServed, _time);
    }

    private static string Owner(int number) => new CheckpointOwner(Study, number, IsLeft: false).ToString();

    [Fact]
    public void What_is_shared_is_found_elsewhere()
    {
        _here.Keep(Study, 4, Checkpoint(epoch: 7));
        Assert.Null(_there.Find(Study, 4));
        _here.Share(Study, 4);
        Assert.Equal(Checkpoint(7), _there.Find(Study, 4));
        Assert.Null(_there.Find(Study, 5));

        // Nothing kept, nothing shared.
        _here.Share(Study, 6);
        Assert.Empty(_blobs.OwnedBy(Owner(6)));
    }

    [Fact]
    public async Task Of_a_long_training_one_is_sent_every_half_minute()
    {
        for (var seconds = 5; seconds <= 95; seconds += 5)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            _here.Keep(Study, 0, Checkpoint(seconds));
            if (seconds is 35 or 65 or 95)
            {
                Assert.True(await _blobs.Kept.WaitAsync(Patience, TestContext.Current.CancellationToken));
                await Eventually(() => _there.Find(Study, 0)?.Length > 0 && CheckpointFormat.EpochOf(_there.Find(Study, 0)!) == seconds);
            }
        }

        Assert.Equal(0, _blobs.Kept.CurrentCount);
    }

    [Fact]
    public void The_one_that_came_further_is_gone_on_from()
    {
        _here.Keep(Study, 1, Checkpoint(3));
        _here.Share(Study, 1);
        // The other went on from there, and handed the trial back.
        _there.Keep(Study, 1, Checkpoint(9));
        _there.Share(Study, 1);
        Assert.Equal(9, CheckpointFormat.EpochOf(_here.Find(Study, 1)!));

        _here.Keep(Study, 1, Checkpoint(11));
        Assert.Equal(11, CheckpointFormat.EpochOf(_here.Find(Study, 1)!));
        Assert.Equal(9, CheckpointFormat.EpochOf(_there.Find(Study, 1)!));
    }

    [Fact]
    public async Task At_a_trials_end_the_coordinator_lets_go_of_it_too()
    {
        _here.Keep(Study, 2, Checkpoint(3));
        _here.Share(Study, 2);
        // Whoever ends it is the one that knows.
        _there.Find(Study, 2);
        _there.Remove(Study, 2);
        await Eventually(() => _blobs.OwnedBy(Owner(2)).Count == 0);
        Assert.Null(_there.Find(Study, 2));
    }

    [Fact]
    public async Task An_attempt_that_begins_meanwhile_keeps_its_own()
    {
        _here.Keep(Study, 2, Checkpoint(3));
        _here.Share(Study, 2);
        for (var i = 0; i < 200; i++)
        {
            _here.Remove(Study, 2);
            _here.Keep(Study, 2, Checkpoint(4));
            _here.Share(Study, 2);
            Assert.Equal(4, CheckpointFormat.EpochOf(_own.Find(Study, 2)!));
        }

        _here.Remove(Study, 2);
        await Eventually(() => _blobs.OwnedBy(Owner(2)).Count == 0);
    }

    [Fact]
    public void What_a_complete_trial_left_is_found_elsewhere()
    {
        _here.Leave(Study, 8, [1, 2, 3]);
        Assert.Equal([1, 2, 3], _there.FindLeft(Study, 8));
        Assert.Equal([1, 2, 3], _here.FindLeft(Study, 8));
        Assert.Null(_there.FindLeft(Study, 9));

        // The coordinator lets go of its own by itself.
        _here.SweepLeft(Study, 9);
        Assert.Null(_own.FindLeft(Study, 8));
        Assert.NotNull(_there.FindLeft(Study, 8));
    }

    [Fact]
    public void Without_a_coordinator_that_serves_blobs_there_is_one_place()
    {
        _isServed = false;
        _here.Keep(Study, 0, Checkpoint(3));
        _here.Share(Study, 0);
        _here.Leave(Study, 1, [1]);
        Assert.Empty(_blobs.Owners());
        Assert.Equal(3, CheckpointFormat.EpochOf(_here.Find(Study, 0)!));
        Assert.NotNull(_here.FindLeft(Study, 1));
        _here.Remove(Study, 0);
        Assert.Null(_here.Find(Study, 0));
    }

    [Theory]
    [InlineData("")]
    [InlineData("TCCHECK2")]
    [InlineData("something else altogether")]
    public void What_is_no_checkpoint_is_of_no_epoch(string text) => Assert.Equal(0, CheckpointFormat.EpochOf(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>As a training writes it, up to the epoch.</summary>
    private static byte[] Checkpoint(int epoch)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(CheckpointFormat.Magic);
        writer.Write(42L);
        writer.Write(0);
        writer.Write("network");
        writer.Write("chosen");
        writer.Write(0L);
        writer.Write(epoch);
        writer.Flush();
        return stream.ToArray();
    }

    private static async Task Eventually(Func<bool> isSo)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!isSo())
        {
            await Task.Delay(5, limit.Token);
        }
    }

    /// <summary>Releases <see cref="Kept"/> once a blob, and replaces checkpoints as the coordinator does.</summary>
    private sealed class SignallingBlobs : IBlobStore
    {
        private readonly MemoryBlobStore _blobs = new();

        public SemaphoreSlim Kept { get; } = new(0);

        public string Put(string owner, ReadOnlySpan<byte> content)
        {
            _blobs.Replace(CheckpointOwner.Parse(owner)!.Value, content);
            Kept.Release();
            return _blobs.OwnedBy(owner)[0];
        }

        public byte[] Get(string sha256) => _blobs.Get(sha256);

        public bool Contains(string sha256) => _blobs.Contains(sha256);

        public void Release(string owner, string sha256) => _blobs.Release(owner, sha256);

        public IReadOnlyList<string> OwnedBy(string owner) => _blobs.OwnedBy(owner);

        public IReadOnlyList<string> Owners() => _blobs.Owners();
    }
}
