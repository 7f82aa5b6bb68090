using System.Runtime.InteropServices;
using TuningCluster.Shared.Randomness;

namespace TuningCluster.TrialWorker.Training;

/// <summary>Pieces of a checkpoint that several rooms write.</summary>
public static class CheckpointFormat
{
    /// <summary>How one begins; another release's begins otherwise.</summary>
    public static ReadOnlySpan<byte> Magic => "TCCHECK2"u8;

    public static bool Begins(BinaryReader reader) => reader.ReadBytes(Magic.Length).AsSpan().SequenceEqual(Magic);

    /// <summary>The epoch that a checkpoint goes on with; 0 when it is none.</summary>
    public static int EpochOf(byte[] checkpoint)
    {
        using var reader = new BinaryReader(new MemoryStream(checkpoint));
        try
        {
            if (!Begins(reader))
            {
                return 0;
            }

            (_, _, _, _, _) = (reader.ReadInt64(), reader.ReadInt32(), reader.ReadString(), reader.ReadString(), reader.ReadInt64());
            return reader.ReadInt32();
        }
        catch (EndOfStreamException)
        {
            return 0;
        }
    }

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
