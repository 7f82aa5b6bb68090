using System.Buffers.Binary;
using System.IO.Compression;

namespace TuningCluster.TrialWorker.Tests.Data;

/// <summary>Small IDX arrays of bytes.</summary>
internal static class IdxFiles
{
    public static byte[] Write(int[] dimensions, byte[] values, byte type = 8)
    {
        var bytes = new byte[4 + (4 * dimensions.Length) + values.Length];
        (bytes[2], bytes[3]) = (type, (byte)dimensions.Length);
        for (var i = 0; i < dimensions.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 + (4 * i)), dimensions[i]);
        }

        values.CopyTo(bytes, bytes.Length - values.Length);
        return bytes;
    }

    /// <summary>Images of 2 × 3 pixels: pixel p of image i is 10·i + p, the last is 0 in all.</summary>
    public static byte[] Images(int count) =>
        Write([count, 2, 3], [.. Enumerable.Range(0, count).SelectMany(i => Enumerable.Range(0, 6).Select(p => p == 5 ? (byte)0 : (byte)((10 * i) + p)))]);

    /// <summary>Image i is of class i mod 3.</summary>
    public static byte[] Labels(int count) => Write([count], [.. Enumerable.Range(0, count).Select(i => (byte)(i % 3))]);

    public static byte[] Gzip(byte[] content)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return bytes.ToArray();
    }
}
