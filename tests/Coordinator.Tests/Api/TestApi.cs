using System.Text;
using System.Text.Json;
using TuningCluster.Coordinator.Api;
using TuningCluster.Coordinator.Hosting;
using TuningCluster.Coordinator.Persistence;
using TuningCluster.Shared.Blobs;

namespace TuningCluster.Coordinator.Tests.Api;

/// <summary>The API over real HTTP on loopback, before a real node with a worker of two slots.</summary>
public sealed class TestApi : IAsyncDisposable
{
    private readonly StoreLock _lock;
    private readonly StudyStore _store;
    private readonly LocalNode _node;
    private readonly LiveGateway _gateway;
    private readonly ApiServer _api;

    private TestApi(StoreLock held, StudyStore store, LocalNode node, LiveGateway gateway, ApiServer api)
    {
        (_lock, _store, _node, _gateway, _api) = (held, store, node, gateway, api);
        Http = new HttpClient { BaseAddress = new Uri(api.Address, "api/v1/") };
    }

    public HttpClient Http { get; }

    public Uri Address => _api.Address;

    /// <param name="root">Folder of its store; its unfinished studies go on.</param>
    /// <param name="listener">Where and to whom; on loopback to everybody when null.</param>
    public static async Task<TestApi> Start(string root, CancellationToken cancel, ApiListener? listener = null)
    {
        var location = StoreLocation.Parse(null, root);
        var held = StoreLock.Acquire(location, "test", TimeProvider.System);
        var store = StudyStore.OpenForWriting(location);
        var node = LocalNode.Create(store);
        var blobs = location.Blobs(FileBlobStore.DefaultQuotaBytes, TimeProvider.System);
        node.Start(blobs, location.CheckpointsDirectory, 2, TimeProvider.System);
        var gateway = new LiveGateway(node, location, new StoreJournals(location, "test", TimeProvider.System), blobs, LocalNode.CreateInspector(), TimeProvider.System);
        gateway.OpenUnfinished();
        return new TestApi(held, store, node, gateway, await ApiServer.Start(listener ?? ApiListener.Local("127.0.0.1:0"), gateway, cancel));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _api.DisposeAsync();
        _gateway.Dispose();
        await _node.DisposeAsync();
        _store.Dispose();
        _lock.Dispose();
    }

    public static StringContent Yaml(string text) => new(text, Encoding.UTF8, "application/yaml");

    public static async Task<JsonElement> Json(HttpResponseMessage response)
    {
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return json.RootElement.Clone();
    }
}
