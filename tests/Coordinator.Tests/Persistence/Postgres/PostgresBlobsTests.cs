using TuningCluster.Coordinator.Persistence;
using TuningCluster.Coordinator.Persistence.Postgres;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Blobs;
using TuningCluster.Shared.Tests.Blobs;

namespace TuningCluster.Coordinator.Tests.Persistence.Postgres;

public sealed class PostgresBlobsTests(Server server) : BlobStoreSuite, IAsyncLifetime
{
    private PostgresLocation _location = null!;

    public async ValueTask InitializeAsync() => _location = await server.Store();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected override IBlobStore Open(long quotaBytes) => _location.Blobs(quotaBytes, TimeProvider.System);

    protected override void Damage(string sha256, byte[] content)
    {
        using var connection = _location.Source.OpenConnection();
        Assert.Equal(1, connection.Execute("UPDATE tuning_blob_chunk SET bytes = @bytes WHERE sha256 = @sha256", ("@bytes", content), ("@sha256", sha256)));
    }

    [Fact]
    public void A_database_that_is_not_there_is_told()
    {
        var gone = (PostgresLocation)StoreLocation.Parse("postgres://tuning@127.0.0.1:1/none", "/");
        Assert.Contains("is not reachable", Assert.Throws<StoreException>(() => gone.Blobs(1, TimeProvider.System).Contains(new string('0', 64))).Message, StringComparison.Ordinal);
    }
}
