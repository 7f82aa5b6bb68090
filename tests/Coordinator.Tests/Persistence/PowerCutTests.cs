using TuningCluster.Coordinator.Persistence;
using TuningCluster.Golden;

namespace TuningCluster.Coordinator.Tests.Persistence;

/// <summary>A power cut leaves the write-ahead log short or its end garbled: what opens afterwards is a prefix of what was written.</summary>
public sealed class PowerCutTests : IDisposable
{
    private const string Id = "digits.1.0a1b2c3d";

    private readonly TestStore _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task What_is_left_is_always_a_prefix()
    {
        using var store = StudyStore.OpenForWriting(_test.Location);
        var system = TestStore.StartSystem(store);
        var events = TestStore.Events(30);
        await TestStore.Persist(system, Id, events);
        var database = ReadShared(_test.Location.DatabasePath);
        var log = ReadShared(_test.Location.DatabasePath + "-wal");
        await system.Terminate();

        var written = events.Select(Shape.Of).ToList();
        Assert.Equal(written.Count, Survivors(database, log, written));
        var random = new Random(1);
        var lengths = new HashSet<int>();
        for (var round = 0; round < 30; round++)
        {
            var cut = log.AsSpan(0, random.Next(log.Length)).ToArray();
            if (round % 2 == 1)
            {
                // The last page was being written: anything may stand in it.
                random.NextBytes(cut.AsSpan(Math.Max(0, cut.Length - 4096)));
            }

            lengths.Add(Survivors(database, cut, written));
        }

        Assert.True(lengths.Count > 3, "The cuts should fall between many different events.");
    }

    /// <summary>Opens a store of these bytes, first as a reader, then as a writer.</summary>
    /// <returns>How many events are left.</returns>
    private int Survivors(byte[] database, byte[] log, List<string> written)
    {
        var location = _test.Beside("cut");
        Directory.CreateDirectory(location.Directory);
        File.WriteAllBytes(location.DatabasePath, database);
        File.WriteAllBytes(location.DatabasePath + "-wal", log);
        var read = new JournalReader(location).Read(Id).Select(Shape.Of).ToList();
        Assert.Equal(written.Take(read.Count), read);

        StudyStore.OpenForWriting(location).Dispose();
        Assert.Equal(read.Count, new JournalReader(location).Read(Id).Count());
        Directory.Delete(location.Directory, recursive: true);
        return read.Count;
    }

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
