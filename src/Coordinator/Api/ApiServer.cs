using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
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

    private ApiServer(WebApplication app, Uri address) => (_app, Address) = (app, address);

    /// <summary>Where it listens, the port filled in.</summary>
    public Uri Address { get; }

    /// <param name="address">One without a fault (<see cref="ApiAddress.Fault"/>).</param>
    /// <exception cref="StoreException">Somebody else listens there.</exception>
    public static async Task<ApiServer> Start(string address, IStudyHost host, CancellationToken cancel)
    {
        var wanted = ApiAddress.Parse(address) ?? throw new ArgumentException(ApiAddress.Fault(address), nameof(address));
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Listen(System.Net.IPAddress.TryParse(wanted.Host.Trim('[', ']'), out var ip) ? ip : System.Net.IPAddress.Loopback, wanted.Port, listen => listen.Protocols = HttpProtocols.Http1AndHttp2);
        });
        builder.Services.AddProblemDetails();
        builder.Services.AddOpenApi();
        builder.Services.AddSingleton(host);
        var app = builder.Build();
        app.Use(Problems.Catch);
        app.Use(OnlyOwnHost);
        app.UseStatusCodePages();
        app.MapOpenApi();
        StudyEndpoints.Map(app);
        AskTellEndpoints.Map(app);
        WorkerEndpoints.Map(app);
        BlobEndpoints.Map(app);
        HealthEndpoints.Map(app);
        try
        {
            await app.StartAsync(cancel).ConfigureAwait(false);
        }
        catch (IOException taken)
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw new StoreException($"The HTTP API cannot listen at {wanted.Authority}: {taken.Message}", "Name another port with --http, or 0 for a free one.", taken);
        }

        return new ApiServer(app, new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()));
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(patience.Token).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Refuses what a browser was tricked into: a foreign name that points here, and unsafe requests from another page. Programs send no Origin.</summary>
    private static Task OnlyOwnHost(HttpContext context, RequestDelegate next)
    {
        if (!ApiAddress.IsOwn(context.Request.Host.Host))
        {
            return Problems.Write(context, StatusCodes.Status421MisdirectedRequest, $"This server is not '{context.Request.Host.Host}'.", "Use localhost, or the address it listens at.");
        }

        var origin = context.Request.Headers.Origin.ToString();
        var isSafe = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) || HttpMethods.IsOptions(context.Request.Method);
        return isSafe || origin.Length == 0 || origin == $"{context.Request.Scheme}://{context.Request.Host}"
            ? next(context)
            : Problems.Write(context, StatusCodes.Status403Forbidden, $"A page of '{origin}' may not change anything here.", "Open the dashboard from this server's own address.");
    }
}
