using System.IO.Compression;

namespace TuningCluster.TrialWorker.Data;

/// <summary>The bytes of a data file, plain or gzip, told apart by their first bytes, never by the name.</summary>
internal static class SourceBytes
{
    public static bool IsGzip(ReadOnlySpan<byte> content) => content.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]);

    /// <summary>Reads the bytes, decompressed where they are gzip.</summary>
    public static Stream Open(byte[] content)
    {
        var bytes = new MemoryStream(content, writable: false);
        return IsGzip(content) ? new GZipStream(bytes, CompressionMode.Decompress) : bytes;
    }

    /// <summary>The first bytes, decompressed, by which a format is recognised; fewer than four when there are not more or gzip data are damaged.</summary>
    public static byte[] Head(byte[] content)
    {
        var head = new byte[4];
        try
        {
            using var stream = Open(content);
            return head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        }
        catch (InvalidDataException)
        {
            // Whoever reads on tells what is wrong with the file.
            return [];
        }
    }
}
