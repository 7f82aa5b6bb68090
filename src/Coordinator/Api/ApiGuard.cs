using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Serilog;
using TuningCluster.Shared.Security;

namespace TuningCluster.Coordinator.Api;

/// <summary>Lets in whom the listener is for.</summary>
internal sealed class ApiGuard(ApiListener listener)
{
    private readonly ConcurrentDictionary<IPAddress, byte> _told = new();

    /// <summary>Refuses what a browser was tricked into: a foreign name that points here, and unsafe requests from another page. Programs send no Origin.</summary>
    public Task OnlyOwnHost(HttpContext context, RequestDelegate next)
    {
        if (!listener.IsOwn(context.Request.Host.Host))
        {
            return Problems.Write(context, StatusCodes.Status421MisdirectedRequest, $"This server is not '{context.Request.Host.Host}'.", "Use localhost, or the address it listens at.");
        }

        var origin = context.Request.Headers.Origin.ToString();
        var isSafe = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) || HttpMethods.IsOptions(context.Request.Method);
        return isSafe || origin.Length == 0 || origin == $"{context.Request.Scheme}://{context.Request.Host}"
            ? next(context)
            : Problems.Write(context, StatusCodes.Status403Forbidden, $"A page of '{origin}' may not change anything here.", "Open the dashboard from this server's own address.");
    }

    /// <summary>Users show the token; workers show who they are, and get no further than blobs; whoever watches over the process sees whether it lives.</summary>
    public Task OnlyKnown(HttpContext context, RequestDelegate next)
    {
        if (listener.Token is not { } token || context.Request.Path.StartsWithSegments("/healthz") || token.IsShownIn(context.Request.Headers.Authorization.ToString()) || IsWorkerAtBlobs(context))
        {
            return next(context);
        }

        if (context.Connection.RemoteIpAddress is { } from && _told.TryAdd(from, 0))
        {
            Log.Warning("Refused {Method} {Path} from {Peer}: it does not show the token. Said once of a peer", context.Request.Method, context.Request.Path.Value, from);
        }

        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.Write(context, StatusCodes.Status401Unauthorized, "This API is for those who show its token.", "Set TUNING__TokenFile (or TUNING__Token); other programs send 'Authorization: Bearer TOKEN'.");
    }

    /// <summary>What a client shows in the handshake is of this cluster, or the connection ends.</summary>
    public bool Accepts(X509Certificate2 client) => listener.Certificates!.Refuse(client, NodeRole.Worker, NodeRole.Coordinator) is null;

    private static bool IsWorkerAtBlobs(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/api/v1/blobs") && context.Connection.ClientCertificate is { } shown && NodeIdentity.RoleOf(shown) is not null;
}
