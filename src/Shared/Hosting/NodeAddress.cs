using System.Net;

namespace TuningCluster.Shared.Hosting;

/// <summary>Addresses as users write them.</summary>
public static class NodeAddress
{
    /// <summary>Whether it is a host, a colon and a port from 1 on.</summary>
    public static bool IsHostAndPort(string text) =>
        text.LastIndexOf(':') is > 0 and var colon && int.TryParse(text.AsSpan(colon + 1), out var port) && port is > 0 and <= 65535;

    /// <summary>The host of a host:port.</summary>
    public static string HostOf(string hostAndPort) => hostAndPort[..hostAndPort.LastIndexOf(':')];

    /// <summary>Whether only this machine can reach it.</summary>
    public static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
