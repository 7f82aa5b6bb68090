using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TuningCluster.Coordinator.Views;

namespace TuningCluster.Coordinator.Api;

/// <summary>The HTTP API of a coordinator: JSON under <c>/api/v1</c>, described at <c>/openapi/v1.json</c>.</summary>
public sealed class ApiServer : IAsyncDisposable
{
    /// <summary>A data set is one body.</summary>
    private const long LargestBody = 2L << 30;

    private readonly WebApplication _app;
    private readonly Forwarding? _forwarding;

    private ApiServer(WebApplication app, Uri address, Forwarding? forwarding) => (_app, Address, _forwarding) = (app, address, forwarding);

    /// <summary>Where it is reached, the port filled in.</summary>
    public Uri Address { get; }

    /// <param name="standby">Of a coordinator that may have to wait for its turn; null where <paramref name="host"/> answers from the start.</param>
    /// <exception cref="StoreException">Somebody else listens there, or it is no place of this machine.</exception>
    public static async Task<ApiServer> Start(ApiListener listener, IStudyHost host, CancellationToken cancel, IStandby? standby = null)
    {
        var places = listener.Resolve();
        var guard = new ApiGuard(listener);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            foreach (var place in places)
            {
                kestrel.Listen(place, listener.Address.Port, listen =>
                {
                    listen.Protocols = HttpProtocols.Http1AndHttp2;
                    if (listener.IsSecure)
                    {
                        listen.UseHttps(https =>
                        {
                            https.ServerCertificate = listener.Certificates!.Own;
                            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                            https.ClientCertificateValidation = (client, _, _) => guard.Accepts(client);
                        });
                    }
                });
            }
        });
        builder.Services.AddProblemDetails();
        builder.Services.AddOpenApi();
        builder.Services.AddSingleton(host);
        builder.Services.AddHttpForwarder();
        var app = builder.Build();
        app.Use(Problems.Catch);
        app.Use(guard.OnlyOwnHost);
        app.Use(guard.OnlyKnown);
        app.UseStatusCodePages();
        var forwarding = standby is null ? null : new Forwarding(standby, listener.Certificates);
        if (forwarding is not null)
        {
            app.Use(forwarding.Answer);
        }

        app.MapOpenApi();
        StudyEndpoints.Map(app);
        AskTellEndpoints.Map(app);
        WorkerEndpoints.Map(app);
        BlobEndpoints.Map(app);
        HealthEndpoints.Map(app);
        MetricsEndpoint.Map(app);
        try
        {
            await app.StartAsync(cancel).ConfigureAwait(false);
        }
        catch (IOException taken)
        {
            forwarding?.Dispose();
            await app.DisposeAsync().ConfigureAwait(false);
            throw new StoreException($"The HTTP API cannot listen at {listener.Address.Authority}: {taken.Message}", "Name another port with --http, or 0 for a free one.", taken);
        }

        return new ApiServer(app, listener.Public(new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port), forwarding);
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(patience.Token).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        _forwarding?.Dispose();
    }
}
