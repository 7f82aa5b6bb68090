using System.Buffers.Binary;

namespace TuningCluster.Cluster.Tests.Resuming;

/// <summary>What a power cut may leave of a write-ahead log.</summary>
public enum Damage
{
    LastFrameCutInTwo,
    LastFrameGarbled,
    HalfOfTheLogGarbled,
    TailCutMidway,
    HeaderCut,
    LogEmpty,
}

/// <summary>SQLite's write-ahead log as a file: a header of 32 bytes, then frames of 24 bytes and a page. https://sqlite.org/fileformat2.html#walformat</summary>
internal static class WriteAheadLog
{
    private const int Header = 32;
    private const int FrameHeader = 24;

    /// <summary>From so many frames on SQLite moves them into the database, synced first: a cut before that point is none that can happen.</summary>
    private const int FramesUntilMoved = 1000;

    public static void Damage(string path, Damage damage)
    {
        var bytes = File.ReadAllBytes(path);
        var frame = FrameHeader + (int)BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(8));
        var frames = (bytes.Length - Header) / frame;
        Assert.InRange(frames, 4, FramesUntilMoved - 1);
        var last = Header + ((frames - 1) * frame);
        var middle = Header + (frames / 2 * frame);
        bytes = damage switch
        {
            Resuming.Damage.LastFrameCutInTwo => bytes[..(last + (frame / 2))],
            Resuming.Damage.LastFrameGarbled => Garbled(bytes, last),
            Resuming.Damage.HalfOfTheLogGarbled => Garbled(bytes, middle),
            Resuming.Damage.TailCutMidway => bytes[..(middle + FrameHeader + 100)],
            Resuming.Damage.HeaderCut => bytes[..(Header / 2)],
            _ => [],
        };
        File.WriteAllBytes(path, bytes);
    }

    // Sectors that were never written hold whatever was there before.
    private static byte[] Garbled(byte[] bytes, int from)
    {
        new Random(77).NextBytes(bytes.AsSpan(from));
        return bytes;
    }
}
