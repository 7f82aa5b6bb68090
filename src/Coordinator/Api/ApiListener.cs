using System.Net;
using TuningCluster.Coordinator.Security;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Hosting;
using TuningCluster.Shared.Security;

namespace TuningCluster.Coordinator.Api;

/// <summary>Where the HTTP API listens, and to whom.</summary>
/// <param name="Address">One without a fault (<see cref="ApiAddress.Fault"/>).</param>
/// <param name="Hostname">The name other machines know this one by.</param>
/// <param name="Certificates">For https; null where only http is spoken.</param>
/// <param name="Token">What users show; null where nobody needs one.</param>
public sealed record ApiListener(Uri Address, string Hostname, NodeCertificates? Certificates, ApiToken? Token)
{
    /// <summary>For this machine alone.</summary>
    /// <param name="address">A URL or host:port without a fault.</param>
    public static ApiListener Local(string address) =>
        new(ApiAddress.Parse(address) ?? throw new ArgumentException($"'{address}' is no address.", nameof(address)), "127.0.0.1", null, null);

    public bool IsSecure => Address.Scheme == Uri.UriSchemeHttps;

    /// <summary>The address as workers and users reach it.</summary>
    /// <param name="port">The one it got.</param>
    public Uri Public(int port) => new UriBuilder(Address.Scheme, ApiAddress.IsAny(Address) ? Hostname : Address.Host, port).Uri;

    /// <summary>Whether a request's Host header may be this server's: a page whose name was made to point here (DNS rebinding) bears a foreign one. An address is no name.</summary>
    public bool IsOwn(string host)
    {
        var name = host.Trim('[', ']');
        return NodeAddress.IsLoopback(name) || IPAddress.TryParse(name, out _) || string.Equals(name, Hostname, StringComparison.OrdinalIgnoreCase)
            || string.Equals(name, Address.Host, StringComparison.OrdinalIgnoreCase) || Certificates?.Own.MatchesHostname(name) == true;
    }

    /// <exception cref="StoreException">The machine knows no such host.</exception>
    public IReadOnlyList<IPAddress> Resolve()
    {
        var host = Address.Host.Trim('[', ']');
        if (IPAddress.TryParse(host, out var ip))
        {
            return [ip];
        }

        try
        {
            return host == "localhost" ? [IPAddress.Loopback] : Dns.GetHostAddresses(host);
        }
        catch (System.Net.Sockets.SocketException unknown)
        {
            throw new StoreException($"The HTTP API cannot listen at {Address.Authority}: {unknown.Message}", "Name an address of this machine with --http, or 0.0.0.0 for all of them.", unknown);
        }
    }
}
