using System.Collections.Concurrent;
using System.Security.Cryptography;
using TuningCluster.Shared.Blobs;

namespace TuningCluster.Coordinator.Tests.Actors;

/// <summary>Blobs in memory; a test can keep a writer waiting.</summary>
internal sealed class MemoryBlobs : IBlobStore
{
    private readonly ConcurrentDictionary<string, byte[]> _blobs = new();

    /// <summary>Set while nobody waits.</summary>
    public ManualResetEventSlim Door { get; } = new(true);

    /// <summary>Released once a blob.</summary>
    public SemaphoreSlim Kept { get; } = new(0);

    public string Put(string owner, ReadOnlySpan<byte> content)
    {
        Door.Wait(TimeSpan.FromSeconds(20));
        var id = Convert.ToHexStringLower(SHA256.HashData(content));
        _blobs[id] = content.ToArray();
        Kept.Release();
        return id;
    }

    public byte[] Get(string sha256) => _blobs.TryGetValue(sha256, out var content) ? content : throw new BlobMissingException(sha256, "is not there");

    public bool Contains(string sha256) => _blobs.ContainsKey(sha256);

    public void Release(string owner, string sha256) => _blobs.TryRemove(sha256, out _);

    public IReadOnlyList<string> OwnedBy(string owner) => [.. _blobs.Keys];

    public IReadOnlyList<string> Owners() => [];
}
