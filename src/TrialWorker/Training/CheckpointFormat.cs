using System.Runtime.InteropServices;
using TuningCluster.Shared.Randomness;

namespace TuningCluster.TrialWorker.Training;

/// <summary>Pieces of a checkpoint that several rooms write.</summary>
internal static class CheckpointFormat
{
    public static void Write(BinaryWriter writer, Rng rng)
    {
        foreach (var word in rng.State)
        {
            writer.Write(word);
        }
    }

    public static Rng ReadRng(BinaryReader reader) =>
        new([reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt64()]);

    public static void Write<T>(BinaryWriter writer, Span<T> values)
        where T : unmanaged => writer.Write(MemoryMarshal.AsBytes(values));

    /// <summary>Passes over what <see cref="Write{T}"/> wrote of so many values.</summary>
    public static void Skip<T>(BinaryReader reader, int count)
        where T : unmanaged => Read(reader, new T[count].AsSpan());

    public static void Read<T>(BinaryReader reader, Span<T> values)
        where T : unmanaged => reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values));
}
