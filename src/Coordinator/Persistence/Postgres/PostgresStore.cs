using LinqToDB;
using LinqToDB.DataProvider.PostgreSQL;
using TuningCluster.Coordinator.Studies;

namespace TuningCluster.Coordinator.Persistence.Postgres;

/// <summary>A PostgreSQL database of studies, open for writing.</summary>
public sealed class PostgresStore : StudyStore
{
    private readonly PostgresLocation _location;

    internal PostgresStore(PostgresLocation location)
    {
        _location = location;
        DataOptions = new DataOptions()
            .UsePostgreSQL("", PostgreSQLVersion.v15)
            .UseProvider(ProviderName.PostgreSQL15)
            .UseConnectionFactory(_ => location.Source.CreateConnection());
    }

    /// <inheritdoc/>
    public override StoreLocation Location => _location;

    /// <inheritdoc/>
    public override DataOptions DataOptions { get; }

    /// <inheritdoc/>
    /// <remarks>Of a batch all rows share a transaction; other studies' batches are written beside it.</remarks>
    public override string Hocon { get; } = HoconOf(
        """
        provider-name = "PostgreSQL.15"
        write-isolation-level = read-committed
        auto-initialize = off
        """,
        "parallelism = 3");

    /// <summary>PostgreSQL acknowledges what it has flushed.</summary>
    public override Durability Durability
    {
        get => Durability.Shared;
        set { }
    }

    /// <inheritdoc/>
    public override void Open() => PostgresErrors.Told(_location, () =>
    {
        using var connection = _location.Source.OpenConnection();
        PostgresSchema.Check(connection, _location);
        return true;
    });

    /// <inheritdoc/>
    public override void Delete(IReadOnlyCollection<string> studyIds) => PostgresErrors.Told(_location, () =>
    {
        using var connection = _location.Source.OpenConnection();
        using var transaction = connection.BeginTransaction();
        foreach (var id in studyIds.Select(StudyId.PersistenceId))
        {
            connection.Execute("DELETE FROM journal WHERE persistence_id = @id", ("@id", id));
            connection.Execute("DELETE FROM snapshot WHERE persistence_id = @id", ("@id", id));
        }

        transaction.Commit();
        return true;
    });

    /// <summary>Connections are the process's (<see cref="PostgresLocation.Source"/>).</summary>
    public override void Dispose()
    {
    }
}
