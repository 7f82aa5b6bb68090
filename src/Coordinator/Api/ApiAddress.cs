using TuningCluster.Shared.Hosting;

namespace TuningCluster.Coordinator.Api;

/// <summary>Where the HTTP API listens, as a user writes it: a URL or host:port.</summary>
public static class ApiAddress
{
    /// <summary>Why it is none; null when it is one. Port 0 takes a free one.</summary>
    public static string? Fault(string text) =>
        Parse(text) is not { } uri ? $"'{text}' is no address. Write a URL or host:port, e.g. 127.0.0.1:8080."
        : uri.Scheme != Uri.UriSchemeHttp ? $"'{text}' asks for {uri.Scheme}, which is not in this release. Write http://127.0.0.1:8080, and let a proxy do the rest."
        : !IsOwn(uri.Host) ? $"'{text}' is not loopback, and this release has no tokens to protect another. Write 127.0.0.1:{uri.Port}, and reach it through a tunnel."
        : null;

    /// <summary>Null when it is no address.</summary>
    public static Uri? Parse(string text) =>
        Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}", UriKind.Absolute, out var uri) && uri.AbsolutePath == "/" && uri.Host.Length > 0
            ? uri
            : null;

    /// <summary>Whether a request's Host header may be this server's: a page whose name was made to point here (DNS rebinding) bears a foreign one.</summary>
    public static bool IsOwn(string host) => NodeAddress.IsLoopback(host.Trim('[', ']'));
}
