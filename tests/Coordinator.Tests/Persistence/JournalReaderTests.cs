using Akka.Actor;
using Microsoft.Data.Sqlite;
using TuningCluster.Coordinator.Persistence;
using TuningCluster.Coordinator.Persistence.Sqlite;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Views;
using TuningCluster.Golden;

namespace TuningCluster.Coordinator.Tests.Persistence;

public sealed class JournalReaderTests : IDisposable
{
    private const string Id = "digits.1.0a1b2c3d";

    private readonly TestStore _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public void Where_there_is_no_store_there_are_no_studies_and_none_is_created()
    {
        var reader = new JournalReader(_test.Location);
        Assert.Empty(reader.StudyIds());
        Assert.Empty(reader.Read(Id));
        Assert.Empty(Directory.GetFileSystemEntries(_test.Folder));
    }

    [Fact]
    public void A_store_without_a_journal_has_no_studies()
    {
        StudyStore.OpenForWriting(_test.Location).Dispose();
        Assert.Empty(new JournalReader(_test.Location).StudyIds());
        Assert.Empty(new JournalReader(_test.Location).Read(Id));
    }

    [Fact]
    public void An_empty_file_has_no_studies()
    {
        Directory.CreateDirectory(_test.Location.Directory);
        File.WriteAllBytes(_test.Location.DatabasePath, []);
        Assert.Empty(new JournalReader(_test.Location).StudyIds());
    }

    [Fact]
    public async Task It_reads_every_event_while_the_writer_is_at_work()
    {
        using var store = StudyStore.OpenForWriting(_test.Location);
        var system = TestStore.StartSystem(store);
        var reader = new JournalReader(_test.Location);
        var events = JournalExamples.All.OfType<StudyEvent>().ToList();
        var writer = await TestStore.Persist(system, Id, events);
        AssertSame(events, reader.Read(Id));
        AssertSame(events.Skip(4), reader.Read(Id, from: 5));
        Assert.Empty(reader.Read(Id, from: events.Count + 1));
        Assert.Empty(reader.Read("digits.2.00000000"));

        Assert.Equal("persisted", await writer.Ask<object>(new StudyEvent[] { events[^1] }, TimeSpan.FromSeconds(30)));
        AssertSame([.. events, events[^1]], reader.Read(Id));

        await TestStore.Persist(system, "another.1.00000000", events);
        Assert.Equal(["another.1.00000000", Id], reader.StudyIds());
        await system.Terminate();
        AssertSame([.. events, events[^1]], reader.Read(Id));
    }

    [Fact]
    public async Task It_reads_a_long_journal_page_by_page()
    {
        using var store = StudyStore.OpenForWriting(_test.Location);
        var events = TestStore.Events(600);
        await TestStore.Write(store, Id, events);
        AssertSame(events, new JournalReader(_test.Location).Read(Id));
    }

    [Fact]
    public async Task It_reads_what_a_killed_writer_left_in_the_log()
    {
        using var store = StudyStore.OpenForWriting(_test.Location);
        var system = TestStore.StartSystem(store);
        var events = TestStore.Events(20);
        await TestStore.Persist(system, Id, events);

        // Files as they stand while the writer lives are the files it leaves when killed.
        var left = CopyTo("left");
        Assert.True(new FileInfo(left.DatabasePath + "-wal").Length > 0);
        AssertSame(events, new JournalReader(left).Read(Id));
        await system.Terminate();
    }

    [Fact]
    public async Task A_missing_event_is_noticed()
    {
        await Spoil("DELETE FROM journal WHERE sequence_number = 3");
        var refused = Assert.Throws<StoreException>(() => new JournalReader(_test.Location).Read(Id).Count());
        Assert.Contains("event 3 is missing", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_of_a_newer_program_is_named()
    {
        await Spoil("UPDATE journal SET manifest = 'j:promoted' WHERE sequence_number = 3");
        var refused = Assert.Throws<StoreException>(() => new JournalReader(_test.Location).Read(Id).Count());
        Assert.Contains("'j:promoted'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_of_another_serializer_is_refused()
    {
        await Spoil("UPDATE journal SET identifier = 1 WHERE sequence_number = 3");
        var refused = Assert.Throws<StoreException>(() => new JournalReader(_test.Location).Read(Id).Count());
        Assert.Contains("another serializer", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_event_is_refused()
    {
        await Spoil("UPDATE journal SET message = x'ffffff' WHERE sequence_number = 3");
        var refused = Assert.Throws<StoreException>(() => new JournalReader(_test.Location).Read(Id).Count());
        Assert.Contains("event 3 cannot be decoded", refused.Message, StringComparison.Ordinal);
    }

    private async Task Spoil(string sql)
    {
        using (var store = StudyStore.OpenForWriting(_test.Location))
        {
            await TestStore.Write(store, Id, TestStore.Events(3));
        }

        using var connection = new SqliteConnection($"Data Source={_test.Location.DatabasePath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.Equal(1, command.ExecuteNonQuery());
    }

    private SqliteLocation CopyTo(string name)
    {
        var copy = _test.Beside(name);
        Directory.CreateDirectory(copy.Directory);
        foreach (var file in Directory.GetFiles(_test.Location.Directory, "studies.db*"))
        {
            File.Copy(file, Path.Combine(copy.Directory, Path.GetFileName(file)));
        }

        return copy;
    }

    private static void AssertSame(IEnumerable<StudyEvent> expected, IEnumerable<StudyEvent> actual) =>
        Assert.Equal(expected.Select(Shape.Of), actual.Select(Shape.Of));
}
