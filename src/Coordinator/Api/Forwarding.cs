using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Security;
using Yarp.ReverseProxy.Forwarder;

namespace TuningCluster.Coordinator.Api;

/// <summary>Coordinators that stand by answer all the same: what only the active one knows they ask it for.</summary>
internal sealed class Forwarding(IStandby standby, NodeCertificates? certificates) : IDisposable
{
    private const string NotActive = "# HELP tuning_coordinator_active Whether this coordinator is the one that decides.\n# TYPE tuning_coordinator_active gauge\ntuning_coordinator_active 0\n";

    /// <summary>A replay takes its time.</summary>
    private static readonly ForwarderRequestConfig Patience = new() { ActivityTimeout = TimeSpan.FromMinutes(10) };

    /// <summary>What is silent for longer comes from one that cannot be heard any more.</summary>
    private static readonly ForwarderRequestConfig PatienceWithEvents = new() { ActivityTimeout = EventStream.Silence };

    private static readonly WithoutOrigin Transformer = new();

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(3),
        SslOptions = certificates is null ? new SslClientAuthenticationOptions() : new SslClientAuthenticationOptions { CertificateChainPolicy = NodeCertificates.Trust(certificates.Authority) },
    });

    public async Task Answer(HttpContext context, RequestDelegate next)
    {
        // Blobs are in the database, and a process lives or not whoever is active.
        if (standby.IsActive || IsOwn(context.Request.Path))
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        if (context.Request.Path == "/metrics")
        {
            context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
            await context.Response.WriteAsync(NotActive, context.RequestAborted).ConfigureAwait(false);
            return;
        }

        if (await standby.FindActive(context.RequestAborted).ConfigureAwait(false) is not { } active)
        {
            await Refuse(context, "No coordinator is active: they are choosing one.").ConfigureAwait(false);
            return;
        }

        var forwarder = context.RequestServices.GetRequiredService<IHttpForwarder>();
        var fault = await forwarder.SendAsync(context, active.ToString(), _client, IsEvents(context.Request.Path) ? PatienceWithEvents : Patience, Transformer).ConfigureAwait(false);
        if (fault != ForwarderError.None && !context.Response.HasStarted)
        {
            await Refuse(context, $"The active coordinator at {active} does not answer ({fault}).").ConfigureAwait(false);
        }
    }

    public void Dispose() => _client.Dispose();

    private static bool IsOwn(PathString path) => path.StartsWithSegments("/api/v1/blobs") || path.StartsWithSegments("/openapi") || path == "/healthz/live";

    private static bool IsEvents(PathString path) => path.Value!.EndsWith("/events", StringComparison.Ordinal);

    private static Task Refuse(HttpContext context, string what)
    {
        context.Response.Headers.RetryAfter = "2";
        return Problems.Write(context, StatusCodes.Status503ServiceUnavailable, what, "Send it again; another follows within half a minute.");
    }

    /// <summary>This server has judged where the request came from; to the active one, of another address, its own page would be a stranger.</summary>
    private sealed class WithoutOrigin : HttpTransformer
    {
        public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken).ConfigureAwait(false);
            proxyRequest.Headers.Remove("Origin");
            // Else it would be this server's.
            proxyRequest.Headers.Host = null;
        }
    }
}
