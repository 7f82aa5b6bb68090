using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Authentication;
using TuningCluster.Coordinator.Api;
using TuningCluster.Coordinator.Security;
using TuningCluster.Coordinator.Tests.Security;
using TuningCluster.Shared.Security;

namespace TuningCluster.Coordinator.Tests.Api;

public sealed class ApiGuardTests : IAsyncLifetime
{
    private const string Secret = "0123456789abcdef";

    private readonly string _root = Directory.CreateTempSubdirectory("tuning-guard-").FullName;
    private readonly string _authority;
    private readonly NodeCertificates _coordinator;
    private TestApi _api = null!;

    public ApiGuardTests()
    {
        _authority = Path.Combine(_root, "ca");
        _coordinator = TestCertificates.Sign(_authority, NodeRole.Coordinator, "127.0.0.1", "node1");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _api = await TestApi.Start(_root, Cancel, new ApiListener(new Uri("https://127.0.0.1:0"), "node1", _coordinator, ApiToken.Of(Secret)));

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("fedcba9876543210", HttpStatusCode.Unauthorized)]
    [InlineData(Secret, HttpStatusCode.OK)]
    public async Task Users_show_the_token(string? token, HttpStatusCode expected)
    {
        using var client = Client(null, token);
        foreach (var path in (string[])["api/v1/studies", "api/v1/workers", "openapi/v1.json"])
        {
            var answer = await client.GetAsync(path, Cancel);
            Assert.Equal(expected, answer.StatusCode);
            Assert.Equal(expected == HttpStatusCode.Unauthorized ? "Bearer" : "", answer.Headers.WwwAuthenticate.ToString());
        }

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("healthz/live", Cancel)).StatusCode);
    }

    [Fact]
    public async Task Workers_show_who_they_are_and_get_blobs_alone()
    {
        using var client = Client(TestCertificates.Sign(_authority, NodeRole.Worker), null);
        var sha256 = new string('0', 64);

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"api/v1/blobs/{sha256}", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("api/v1/studies", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.PostAsync("api/v1/workers/x/drain", null, Cancel)).StatusCode);
    }

    [Fact]
    public async Task Whoever_shows_another_authoritys_is_cut_off()
    {
        var foreign = TestCertificates.Sign(Path.Combine(_root, "other"), NodeRole.Worker);
        // It believes us: the refusal is ours.
        using var handler = new SocketsHttpHandler { SslOptions = _coordinator.ForClients() };
        handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => foreign.Own;
        using var client = new HttpClient(handler) { BaseAddress = _api.Address };

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("healthz/live", Cancel));
    }

    [Fact]
    public async Task A_client_that_believes_another_authority_turns_away()
    {
        using var client = Client(TestCertificates.Sign(Path.Combine(_root, "other"), NodeRole.Worker), Secret);

        Assert.IsType<AuthenticationException>((await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("healthz/live", Cancel))).GetBaseException());
    }

    [Theory]
    [InlineData("node1", HttpStatusCode.OK)]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("10.0.0.9", HttpStatusCode.OK)]
    [InlineData("evil.example", HttpStatusCode.MisdirectedRequest)]
    public async Task Only_names_of_its_own_are_answered(string host, HttpStatusCode expected)
    {
        // A browser that was tricked would turn away from the certificate already; the server does not count on it.
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new()
            {
                CertificateChainPolicy = NodeCertificates.Trust(_coordinator.Authority),
                RemoteCertificateValidationCallback = (_, _, _, errors) => (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None,
            },
        };
        using var client = new HttpClient(handler) { BaseAddress = _api.Address, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Secret), Host = host } };

        Assert.Equal(expected, (await client.GetAsync("api/v1/studies", Cancel)).StatusCode);
    }

    private HttpClient Client(NodeCertificates? own, string? token)
    {
        var handler = new SocketsHttpHandler { SslOptions = own?.ForClients() ?? new() { CertificateChainPolicy = NodeCertificates.Trust(_coordinator.Authority) } };
        return new HttpClient(handler) { BaseAddress = _api.Address, DefaultRequestHeaders = { Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token) } };
    }
}
