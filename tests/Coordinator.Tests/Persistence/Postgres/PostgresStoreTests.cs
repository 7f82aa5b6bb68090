using TuningCluster.Coordinator.Persistence;
using TuningCluster.Coordinator.Persistence.Postgres;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Views;
using TuningCluster.Golden;
using TuningCluster.Shared.Blobs;

namespace TuningCluster.Coordinator.Tests.Persistence.Postgres;

public sealed class PostgresStoreTests(Server server)
{
    private const string Id = JournalExamples.StudyIdText;

    [Fact]
    public async Task What_is_written_is_read_in_order_page_by_page()
    {
        var location = await server.Store();
        var events = TestStore.Events(1200);
        await Write(location, Id, events);
        await Write(location, "other.1.00000000", TestStore.Events(1));

        var reader = new JournalReader(location);
        Assert.Equal([Id, "other.1.00000000"], reader.StudyIds());
        AssertSame(events, reader.Read(Id));
        AssertSame(events.Skip(1000), reader.Read(Id, from: 1001));
        Assert.Empty(reader.Read("none.1.00000000"));
    }

    [Fact]
    public async Task Snapshots_are_recovered()
    {
        var location = await server.Store();
        using var store = StudyStore.OpenForWriting(location);
        var system = TestStore.StartSystem(store);
        var events = TestStore.Events(3);
        var writer = await TestStore.Persist(system, Id, events);
        var snapshot = (StudySnapshot)JournalExamples.All.First(e => e is StudySnapshot);
        await Akka.Actor.Futures.Ask<object>(writer, snapshot, TimeSpan.FromSeconds(30));
        await system.Terminate();

        var again = TestStore.StartSystem(store);
        var recovered = await Akka.Actor.Futures.Ask<TestStore.Recovered>(await TestStore.Persist(again, Id, []), "read", TimeSpan.FromSeconds(30));
        await again.Terminate();
        Assert.NotNull(recovered.Snapshot);
        Assert.Empty(recovered.Events);
    }

    [Fact]
    public async Task No_event_is_lost_where_writers_took_turns()
    {
        using var store = StudyStore.OpenForWriting(await server.Store());
        var events = TestStore.Events(10);
        AssertSame(events, await TestStore.TakeTurns(store, Id, events));
    }

    [Fact]
    public async Task Deleting_removes_a_study_and_no_other()
    {
        var location = await server.Store();
        await Write(location, Id, TestStore.Events(3));
        await Write(location, "other.1.00000000", TestStore.Events(1));
        using var store = StudyStore.OpenForWriting(location);
        store.Delete([Id, "none.1.00000000"]);

        Assert.Equal(["other.1.00000000"], new JournalReader(location).StudyIds());
    }

    [Fact]
    public async Task Tables_are_made_by_an_explicit_step_alone()
    {
        var location = await server.Store(migrated: false);
        foreach (var use in (Action[])[() => StudyStore.OpenForWriting(location), () => new JournalReader(location).StudyIds(), () => StoreLock.Acquire(location, "test", TimeProvider.System)])
        {
            var refused = Assert.Throws<StoreException>(use);
            Assert.Contains("has no tables of ours", refused.Message, StringComparison.Ordinal);
            Assert.Equal($"Make them: tuning storage migrate --storage {location.Name}", refused.Hint);
        }

        Assert.True(location.Migrate());
        Assert.False(location.Migrate());
        Assert.Empty(new JournalReader(location).StudyIds());
    }

    [Fact]
    public async Task Another_programs_tables_and_a_newer_ones_are_left_alone()
    {
        var foreign = await server.Store(migrated: false);
        Execute(foreign, "CREATE TABLE journal (entry text)");
        Assert.Contains("a table 'journal' of another program", Assert.Throws<StoreException>(() => foreign.Migrate()).Message, StringComparison.Ordinal);

        var newer = await server.Store();
        Execute(newer, "UPDATE tuning_store SET format = 99");
        Assert.Contains("was written by a newer program (format 99, this one knows 1)", Assert.Throws<StoreException>(() => newer.Migrate()).Message, StringComparison.Ordinal);
        Assert.Throws<StoreException>(() => StudyStore.OpenForWriting(newer));
    }

    [Fact]
    public async Task One_process_at_a_time_writes()
    {
        var location = await server.Store();
        using (StoreLock.Acquire(location, "tuning run first.yaml", TimeProvider.System))
        {
            var refused = Assert.Throws<StoreException>(() => StoreLock.Acquire(location, "tuning run second.yaml", TimeProvider.System));
            Assert.Contains($"The store {location.Name} is being written by 'tuning run first.yaml' (process {Environment.ProcessId} on ", refused.Message, StringComparison.Ordinal);
            // Another database of the same server is another store.
            StoreLock.Acquire(await server.Store(), "third", TimeProvider.System).Dispose();
        }

        StoreLock.Acquire(location, "again", TimeProvider.System).Dispose();
    }

    [Fact]
    public async Task The_right_to_write_is_taken_again_when_the_database_is_back_and_lost_to_who_was_faster()
    {
        var location = await server.Store();
        using var held = StoreLock.Acquire(location, "first", TimeProvider.System);
        // The database drops everybody; the holder is back within its next looks, before anybody else asks.
        Execute(location, "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
        await Until(() => Holders(location) == 1);
        Assert.False(held.Lost.IsCancellationRequested);

        // And then somebody else is faster.
        using var faster = new ManualResetEventSlim();
        var other = Task.Run(() =>
        {
            for (StoreLock? taken = null; ; taken?.Dispose())
            {
                Execute(location, "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
                if ((taken = TryAcquire(location)) is not null)
                {
                    return taken;
                }
            }
        });
        using var winner = await other;
        await Until(() => held.Lost.IsCancellationRequested);
        Assert.False(winner.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task Studies_move_from_SQLite_whole()
    {
        using var from = new TestStore();
        var target = await server.Store();
        var events = TestStore.Events(1500);
        using (var store = StudyStore.OpenForWriting(from.Location))
        {
            await TestStore.Write(store, Id, events);
        }

        var blob = from.Location.Blobs(FileBlobStore.DefaultQuotaBytes, TimeProvider.System).Put(Id, [1, 2, 3]);
        Assert.Equal(new StoreCopy.Result(1, events.Count, 1), Copy());

        AssertSame(events, new JournalReader(target).Read(Id));
        Assert.Equal([blob], target.Blobs(1000, TimeProvider.System).OwnedBy(Id));
        // The copy goes on as the original would.
        using (var store = StudyStore.OpenForWriting(target))
        {
            await TestStore.Write(store, Id, [events[1]]);
        }

        Assert.Equal(events.Count + 1, new JournalReader(target).Read(Id).Count());
        Assert.Contains($"({Id}) is in {target.Name} already", Assert.Throws<StoreException>(() => Copy()).Message, StringComparison.Ordinal);

        StoreCopy.Result Copy() => StoreCopy.Copy(from.Location, target, "test", FileBlobStore.DefaultQuotaBytes, TimeProvider.System);
    }

    [Fact]
    public void Studies_move_to_PostgreSQL_alone()
    {
        using var from = new TestStore();
        Assert.Contains("copied to PostgreSQL", Assert.Throws<StoreException>(() => StoreCopy.Copy(from.Location, from.Beside("x"), "test", 1, TimeProvider.System)).Message, StringComparison.Ordinal);
    }

    private static void AssertSame(IEnumerable<StudyEvent> expected, IEnumerable<StudyEvent> actual) => Assert.Equal(expected.Select(Shape.Of), actual.Select(Shape.Of));

    private static async Task Write(PostgresLocation location, string id, IReadOnlyList<StudyEvent> events)
    {
        using var store = StudyStore.OpenForWriting(location);
        await TestStore.Write(store, id, events);
    }

    private static StoreLock? TryAcquire(PostgresLocation location)
    {
        try
        {
            return StoreLock.Acquire(location, "other", TimeProvider.System);
        }
        catch (StoreException)
        {
            return null;
        }
    }

    private static async Task Until(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!condition())
        {
            await Task.Delay(50, limit.Token);
        }
    }

    private static long Holders(PostgresLocation location)
    {
        using var connection = location.Source.OpenConnection();
        return (long)connection.Scalar("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")!;
    }

    private static void Execute(PostgresLocation location, string sql)
    {
        using var connection = location.Source.OpenConnection();
        connection.Execute(sql);
    }
}
