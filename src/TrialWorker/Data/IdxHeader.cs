using System.Buffers.Binary;
using TuningCluster.Shared.Studies;

namespace TuningCluster.TrialWorker.Data;

/// <summary>The head of an IDX array: two zeros, the type of its values, the number of its dimensions, and each as a 32-bit big-endian number.</summary>
/// <remarks>Format: the MNIST database's page, "the IDX file format".</remarks>
/// <param name="Dimensions">Each at least one; their product is what the array holds.</param>
internal sealed record IdxHeader(int[] Dimensions)
{
    private const byte UnsignedBytes = 0x08;
    private const int MostDimensions = 4;

    public long Length => Dimensions.Aggregate(1L, (product, d) => product * d);

    /// <summary>By the first four bytes, after decompression.</summary>
    public static bool IsIdx(ReadOnlySpan<byte> head) =>
        head.Length >= 4 && head[0] == 0 && head[1] == 0 && head[2] is UnsignedBytes or 0x09 or (>= 0x0B and <= 0x0E) && head[3] is >= 1 and <= MostDimensions;

    /// <summary>Reads a head and leaves the stream at the first value.</summary>
    /// <param name="file">Name of the file in messages.</param>
    /// <param name="what">What the array holds, for messages.</param>
    /// <exception cref="SpecException">No head, or an array of something else than bytes; <c>data.source</c>.</exception>
    public static IdxHeader Read(Stream stream, string file, string what)
    {
        Span<byte> head = stackalloc byte[4 + (4 * MostDimensions)];
        if (stream.ReadAtLeast(head[..4], 4, throwOnEndOfStream: false) < 4 || !IsIdx(head))
        {
            throw SourceText.Fault($"the idx pair '{file}' has no {what}", "Copy both files again.");
        }

        if (head[2] != UnsignedBytes)
        {
            throw SourceText.Fault($"the {what} of '{file}' are not unsigned bytes (idx type 0x{head[2]:X2})", "Write the values as csv or parquet.");
        }

        var sizes = head.Slice(4, 4 * head[3]);
        if (stream.ReadAtLeast(sizes, sizes.Length, throwOnEndOfStream: false) < sizes.Length)
        {
            throw SourceText.Fault($"the {what} of '{file}' are cut off", "Copy the file again.");
        }

        var dimensions = new int[head[3]];
        for (var i = 0; i < dimensions.Length; i++)
        {
            dimensions[i] = BinaryPrimitives.ReadInt32BigEndian(sizes[(4 * i)..]);
        }

        return Array.TrueForAll(dimensions, d => d > 0)
            ? new IdxHeader(dimensions)
            : throw SourceText.Fault($"the {what} of '{file}' are an empty or damaged array ({string.Join(" × ", dimensions)})", "Copy the file again.");
    }
}
