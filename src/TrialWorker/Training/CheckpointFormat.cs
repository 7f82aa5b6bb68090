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

    public static void Write(BinaryWriter writer, Span<float> values) =>
        writer.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values));

    public static void Read(BinaryReader reader, Span<float> values) =>
        reader.BaseStream.ReadExactly(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values));

    public static void Write(BinaryWriter writer, Span<int> values) =>
        writer.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values));

    public static void Read(BinaryReader reader, Span<int> values) =>
        reader.BaseStream.ReadExactly(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values));
}
