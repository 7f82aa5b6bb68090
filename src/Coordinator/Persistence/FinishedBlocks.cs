using System.Runtime.Serialization;
using Google.Protobuf;
using TuningCluster.Coordinator.Studies;

namespace TuningCluster.Coordinator.Persistence;

/// <summary>Finished trials in immutable blocks, each written once: what keeps snapshots small.</summary>
public static class FinishedBlocks
{
    /// <summary>Trials in a block. Part of the format.</summary>
    public const int Size = 4096;

    /// <summary>The whole blocks of finished trials that <see cref="StudyState.Blocks"/> does not cover yet, oldest first; most often none.</summary>
    /// <remarks>The caller keeps each by its content and appends its id to <see cref="StudyState.Blocks"/>, in this order.</remarks>
    public static IReadOnlyList<byte[]> Cut(StudyState state)
    {
        var blocks = new List<byte[]>();
        for (var start = state.Blocks.Count * Size; start + Size <= state.Finished.Count; start += Size)
        {
            var block = new Stored.FinishedBlock();
            block.Trials.Add(state.Finished.GetRange(start, Size).Select(number => StoredTrial.Write(state.Trials[number])));
            blocks.Add(block.ToByteArray());
        }

        return blocks;
    }

    /// <summary>The trials of a block, in journal order.</summary>
    /// <exception cref="SerializationException">The bytes are no block.</exception>
    internal static IReadOnlyList<Trial> Read(string id, byte[] bytes)
    {
        try
        {
            var block = Stored.FinishedBlock.Parser.ParseFrom(bytes);
            return block.Trials.Count == Size
                ? [.. block.Trials.Select(StoredTrial.Read)]
                : throw new SerializationException($"Block {id} holds {block.Trials.Count} trials instead of {Size}.");
        }
        catch (InvalidProtocolBufferException damaged)
        {
            throw new SerializationException($"The bytes of {id} are no block of trials: {damaged.Message}", damaged);
        }
    }
}
