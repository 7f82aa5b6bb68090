using TuningCluster.Shared.Blobs;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Hosting;

/// <summary>How much the blob store may hold: <c>TUNING__BlobQuota</c>, e.g. <c>20GiB</c>.</summary>
public static class BlobQuota
{
    /// <exception cref="SpecException">The variable is no size.</exception>
    public static long FromEnvironment()
    {
        var text = Environment.GetEnvironmentVariable("TUNING__BlobQuota");
        return string.IsNullOrEmpty(text) ? FileBlobStore.DefaultQuotaBytes
            : ByteSize.TryParse(text, out var bytes) ? bytes
            : throw new SpecException([new SpecError("", $"TUNING__BlobQuota is '{text}', which is no size", "Write a number with a unit, e.g. 20GiB.")]);
    }
}
