using TuningCluster.Coordinator.Persistence;
using TuningCluster.Coordinator.Persistence.Postgres;
using TuningCluster.TestKit.Postgres;

[assembly: AssemblyFixture(typeof(TuningCluster.Coordinator.Tests.Persistence.Postgres.Server))]

namespace TuningCluster.Coordinator.Tests.Persistence.Postgres;

/// <summary>One server for all tests, started by the first that needs it; each has a database of its own.</summary>
public sealed class Server : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> _server = new(() => PostgresServer.Start());

    /// <summary>Skips the test, saying why, where there is no PostgreSQL.</summary>
    public async Task<PostgresServer> Get()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        return await _server.Value;
    }

    /// <summary>A store that nobody has used.</summary>
    public async Task<PostgresLocation> Store(bool migrated = true)
    {
        var location = (PostgresLocation)StoreLocation.Parse(await (await Get()).CreateDatabase(), Path.GetTempPath());
        Assert.True(!migrated || location.Migrate());
        return location;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
