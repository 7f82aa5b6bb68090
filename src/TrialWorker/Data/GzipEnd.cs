using System.IO.Compression;

namespace TuningCluster.TrialWorker.Data;

/// <summary>Finds out whether gzip data are all there.</summary>
/// <remarks>
/// The framework reads a file that was cut off as one that simply ends, which would train on half of the rows in silence. The length in
/// the file's last bytes is no proof, since a file may have several members and tells the last one's only. So a member of our own
/// is put behind: only when everything before it was whole is it read as such.
/// </remarks>
internal static class GzipEnd
{
    private static readonly byte[] Mark = "<end of the data>"u8.ToArray();
    private static readonly byte[] MarkMember = Compress(Mark);

    /// <exception cref="InvalidDataException">The data are damaged or cut off.</exception>
    public static void Check(byte[] content)
    {
        using var all = new Concatenation(content, MarkMember);
        using var gzip = new GZipStream(all, CompressionMode.Decompress);
        var buffer = new byte[1 << 16];
        var last = new byte[Mark.Length];
        for (var read = gzip.Read(buffer); read > 0; read = gzip.Read(buffer))
        {
            var fresh = Math.Min(read, last.Length);
            last.AsSpan(fresh).CopyTo(last);
            buffer.AsSpan(read - fresh, fresh).CopyTo(last.AsSpan(last.Length - fresh));
        }

        if (!last.AsSpan().SequenceEqual(Mark))
        {
            throw new InvalidDataException("it is cut off, or something else follows the data.");
        }
    }

    private static byte[] Compress(byte[] content)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return bytes.ToArray();
    }

    /// <summary>Two arrays, read one after the other.</summary>
    private sealed class Concatenation(byte[] first, byte[] second) : Stream
    {
        private int _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            var rest = _position < first.Length ? first.AsSpan(_position) : second.AsSpan(_position - first.Length);
            var count = Math.Min(rest.Length, buffer.Length);
            rest[..count].CopyTo(buffer);
            _position += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
