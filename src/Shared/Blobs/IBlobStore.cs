namespace TuningCluster.Shared.Blobs;

/// <summary>Large things by content: data sets, weights, blocks of finished trials, addressed by SHA-256 (lower-case hexadecimal).</summary>
/// <remarks>A blob lives while at least one owner (a study's id, or a <see cref="CheckpointOwner"/>) holds it. All members are safe to call from several threads.</remarks>
public interface IBlobStore
{
    /// <summary>Keeps <paramref name="content"/> for <paramref name="owner"/>; durable once this returns.</summary>
    /// <returns>Its SHA-256.</returns>
    /// <exception cref="BlobQuotaException">The store's quota would be passed.</exception>
    string Put(string owner, ReadOnlySpan<byte> content);

    /// <summary>The bytes of a blob, verified against its address.</summary>
    /// <exception cref="BlobMissingException">It is not there, or its bytes are damaged.</exception>
    byte[] Get(string sha256);

    bool Contains(string sha256);

    /// <summary>The owner lets go of a blob; it is deleted when it was the last. Unknown blobs are no error.</summary>
    void Release(string owner, string sha256);

    /// <summary>The blobs an owner holds.</summary>
    IReadOnlyList<string> OwnedBy(string owner);

    /// <summary>Everyone who holds a blob.</summary>
    IReadOnlyList<string> Owners();
}

/// <summary>A blob is not in the store, or its bytes do not match its address.</summary>
public sealed class BlobMissingException(string sha256, string why)
    : Exception($"Blob {sha256} {why}.")
{
    public string Sha256 { get; } = sha256;
}

/// <summary>The store is full.</summary>
public sealed class BlobQuotaException(long wanted, long used, long quota)
    : Exception($"The blob store holds {used:N0} of {quota:N0} bytes; {wanted:N0} more do not fit. Delete studies with 'tuning delete NAME' or raise TUNING__BlobQuota.");
