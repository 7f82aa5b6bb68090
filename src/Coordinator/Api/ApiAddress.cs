using System.Net;
using TuningCluster.Shared.Hosting;

namespace TuningCluster.Coordinator.Api;

/// <summary>Where the HTTP API listens, as a user writes it: a URL or host:port.</summary>
public static class ApiAddress
{
    /// <summary>What keeps strangers out.</summary>
    /// <param name="Certificates">Whether it can speak https.</param>
    /// <param name="Token">Whether users must show one.</param>
    /// <param name="Anonymous">Whether strangers were spelled out to be welcome.</param>
    public readonly record struct Protection(bool Certificates, bool Token, bool Anonymous);

    /// <summary>Why it is none; null when it is one.</summary>
    public static string? Fault(string text, Protection protection)
    {
        if (Parse(text, protection.Certificates) is not { } uri)
        {
            return $"'{text}' is no address. Write a URL or host:port, e.g. 127.0.0.1:8080.";
        }

        if (uri.Scheme == Uri.UriSchemeHttps && !protection.Certificates)
        {
            return $"'{text}' asks for https, and there are no certificates. Write http://127.0.0.1:{uri.Port}, or start 'tuning coordinator' with --certs DIR ('tuning certs create --out DIR' makes them).";
        }

        if (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
        {
            return $"'{text}' asks for {uri.Scheme}. Write http:// or https://.";
        }

        if (NodeAddress.IsLoopback(uri.Host.Trim('[', ']')) || protection.Anonymous)
        {
            return null;
        }

        return (uri.Scheme == Uri.UriSchemeHttps, protection.Token) switch
        {
            (true, true) => null,
            (true, false) => $"'{text}' is not loopback, and anybody could steer the studies. Give --token-file FILE, or --allow-anonymous where everybody may.",
            _ => $"'{text}' is not loopback, and http is read and changed on its way. Start 'tuning coordinator' with --certs DIR and --token-file FILE, or write 127.0.0.1:{uri.Port} and reach it through a tunnel.",
        };
    }

    /// <param name="secure">Whether host:port means https.</param>
    /// <returns>Null when it is no address.</returns>
    public static Uri? Parse(string text, bool secure = false) =>
        Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : $"{(secure ? "https" : "http")}://{text}", UriKind.Absolute, out var uri) && uri.AbsolutePath == "/" && uri.Host.Length > 0
            ? uri
            : null;

    /// <summary>Whether it stands for all addresses of the machine.</summary>
    public static bool IsAny(Uri address) => IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any));
}
