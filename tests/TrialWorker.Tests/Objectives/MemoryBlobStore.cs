using System.Security.Cryptography;
using TuningCluster.Shared.Blobs;

namespace TuningCluster.TrialWorker.Tests.Objectives;

internal sealed class MemoryBlobStore : IBlobStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, byte[]> _blobs = [];
    private readonly HashSet<(string Owner, string Sha256)> _owners = [];

    public string Put(string owner, ReadOnlySpan<byte> content)
    {
        lock (_lock)
        {
            var sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
            _blobs[sha256] = content.ToArray();
            _owners.Add((owner, sha256));
            return sha256;
        }
    }

    public byte[] Get(string sha256)
    {
        lock (_lock)
        {
            return _blobs.TryGetValue(sha256, out var content) ? content : throw new BlobMissingException(sha256, "is not there");
        }
    }

    public bool Contains(string sha256)
    {
        lock (_lock)
        {
            return _blobs.ContainsKey(sha256);
        }
    }

    public void Release(string owner, string sha256)
    {
        lock (_lock)
        {
            _owners.Remove((owner, sha256));
        }
    }

    public IReadOnlyList<string> OwnedBy(string owner)
    {
        lock (_lock)
        {
            return _owners.Where(o => o.Owner == owner).Select(o => o.Sha256).ToArray();
        }
    }

    public IReadOnlyList<string> Owners()
    {
        lock (_lock)
        {
            return _owners.Select(o => o.Owner).Distinct().ToArray();
        }
    }
}
