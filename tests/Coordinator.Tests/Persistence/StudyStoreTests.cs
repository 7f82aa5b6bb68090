using System.Collections.Concurrent;
using System.Data.Common;
using Akka.Actor;
using Akka.Persistence.Sql.Config;
using LinqToDB;
using LinqToDB.Data;
using LinqToDB.Interceptors;
using Microsoft.Data.Sqlite;
using TuningCluster.Coordinator.Persistence;
using TuningCluster.Coordinator.Persistence.Sqlite;
using TuningCluster.Coordinator.Views;

namespace TuningCluster.Coordinator.Tests.Persistence;

public sealed class StudyStoreTests : IDisposable
{
    private readonly TestStore _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public void Opening_creates_folder_and_database_and_marks_it()
    {
        StudyStore.OpenForWriting(_test.Location).Dispose();
        StudyStore.OpenForWriting(_test.Location).Dispose();
        Assert.Equal(1L, Scalar(_test.Location, "PRAGMA user_version"));
        Assert.Equal("wal", Scalar(_test.Location, "PRAGMA journal_mode"));
    }

    [Fact]
    public async Task Every_connection_is_as_durable_as_asked()
    {
        using var store = StudyStore.OpenForWriting(_test.Location);
        Assert.Equal(Durability.Local, store.Durability);
        using (var local = new DataConnection(store.DataOptions))
        {
            Assert.Equal("wal", local.Execute<string>("PRAGMA journal_mode"));
            Assert.Equal(1, local.Execute<long>("PRAGMA synchronous"));
            Assert.Equal(10_000, local.Execute<long>("PRAGMA busy_timeout"));
        }

        store.Durability = Durability.Shared;
        using (var shared = new DataConnection(store.DataOptions))
        {
            Assert.Equal(2, shared.Execute<long>("PRAGMA synchronous"));
        }

        await using var asynchronous = new DataConnection(store.DataOptions);
        Assert.Equal(2, await asynchronous.ExecuteAsync<long>("PRAGMA synchronous", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_journals_own_connections_take_a_change_at_once()
    {
        using var store = StudyStore.OpenForWriting(_test.Location);
        var witness = new Witness();
        var system = TestStore.StartSystem(new DataOptionsSetup(store.DataOptions.UseInterceptor(witness)), store.Hocon);
        await TestStore.Persist(system, "a.1.00000000", TestStore.Events(3));
        Assert.NotEmpty(witness.Seen);
        Assert.All(witness.Seen, level => Assert.Equal(1, level));

        store.Durability = Durability.Shared;
        witness.Seen.Clear();
        await TestStore.Persist(system, "b.1.00000000", TestStore.Events(3));
        Assert.NotEmpty(witness.Seen);
        Assert.All(witness.Seen, level => Assert.Equal(2, level));
        await system.Terminate();
    }

    /// <summary>Asks each connection, once it is open, how durable its commits are.</summary>
    private sealed class Witness : ConnectionInterceptor
    {
        public ConcurrentQueue<long> Seen { get; } = [];

        public override void ConnectionOpened(ConnectionEventData eventData, DbConnection connection)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA synchronous";
            Seen.Enqueue((long)command.ExecuteScalar()!);
        }

        public override Task ConnectionOpenedAsync(ConnectionEventData eventData, DbConnection connection, CancellationToken cancellationToken)
        {
            ConnectionOpened(eventData, connection);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public void A_newer_store_is_refused_by_writer_and_reader()
    {
        StudyStore.OpenForWriting(_test.Location).Dispose();
        Scalar(_test.Location, "PRAGMA user_version = 2");
        Assert.Contains("newer program", Refusal(), StringComparison.Ordinal);
        Assert.Contains("newer program", Assert.Throws<StoreException>(() => new JournalReader(_test.Location).StudyIds()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_programs_database_is_left_alone()
    {
        Directory.CreateDirectory(_test.Location.Directory);
        Scalar(_test.Location, "CREATE TABLE customers (id INTEGER)");
        var before = File.ReadAllBytes(_test.Location.DatabasePath);
        Assert.Contains("another program", Refusal(), StringComparison.Ordinal);
        Assert.Contains("another program", Assert.Throws<StoreException>(() => new JournalReader(_test.Location).StudyIds()).Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_test.Location.DatabasePath));
    }

    [Fact]
    public void What_is_no_database_is_refused_and_left_alone()
    {
        Directory.CreateDirectory(_test.Location.Directory);
        var text = string.Concat(Enumerable.Repeat("number,value\n", 100));
        File.WriteAllText(_test.Location.DatabasePath, text);
        Assert.Contains("not a database", Refusal(), StringComparison.Ordinal);
        Assert.Contains("not a database", Assert.Throws<StoreException>(() => new JournalReader(_test.Location).StudyIds()).Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(_test.Location.DatabasePath));
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_said_to_be_read_only()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs a folder nobody may write.");
        var refused = Assert.Throws<StoreException>(() => StudyStore.OpenForWriting(StoreLocation.Parse("sqlite:/proc/studies.db", "/")));
        Assert.Contains("read-only", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleting_takes_a_studys_events_and_snapshots_and_no_others()
    {
        using var store = StudyStore.OpenForWriting(_test.Location);
        store.Delete(["nothing.1.00000000"]);
        var system = TestStore.StartSystem(store);
        foreach (var id in new[] { "a.1.00000000", "b.1.00000000", "b.2.00000000" })
        {
            var writer = await TestStore.Persist(system, id, TestStore.Events(3));
            await writer.Ask<object>(JournalExamples.All.OfType<StudySnapshot>().First(), TimeSpan.FromSeconds(30));
        }

        await system.Terminate();
        store.Delete(["b.1.00000000", "b.2.00000000"]);
        Assert.Equal(["a.1.00000000"], new JournalReader(_test.Location).StudyIds());
        Assert.Equal(1L, Scalar(_test.Location, "SELECT count(*) FROM snapshot"));
        Assert.Equal(7L, Scalar(_test.Location, "SELECT count(*) FROM journal"));
    }

    [Fact]
    public async Task A_persistent_actor_recovers_its_snapshot_and_events()
    {
        using var store = StudyStore.OpenForWriting(_test.Location);
        var events = TestStore.Events(3);
        var snapshot = JournalExamples.All.OfType<StudySnapshot>().First();
        var system = TestStore.StartSystem(store);
        var writer = await TestStore.Persist(system, "a.1.00000000", events);
        await writer.Ask<object>(snapshot, TimeSpan.FromSeconds(30));
        await system.Terminate();

        system = TestStore.StartSystem(store);
        var again = await TestStore.Persist(system, "a.1.00000000", []);
        var recovered = await again.Ask<TestStore.Recovered>("read", TimeSpan.FromSeconds(30));
        Assert.Equal(Golden.Shape.Of(snapshot), Golden.Shape.Of(recovered.Snapshot));
        Assert.Empty(recovered.Events);
        await system.Terminate();
    }

    // Akka's default drops what the first wrote last, and says so in a warning alone.
    [Fact]
    public async Task No_event_is_lost_where_writers_took_turns()
    {
        using var store = StudyStore.OpenForWriting(_test.Location);
        var events = TestStore.Events(10);
        Assert.Equal(Golden.Shape.Of(events), Golden.Shape.Of(await TestStore.TakeTurns(store, "a.1.00000000", events)));
    }

    private string Refusal() => Assert.Throws<StoreException>(() => StudyStore.OpenForWriting(_test.Location)).Message;

    private static object? Scalar(SqliteLocation location, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={location.DatabasePath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
