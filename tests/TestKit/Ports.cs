using System.Net;
using System.Net.Sockets;

namespace TuningCluster.TestKit;

/// <summary>Ports for processes that tests and benchmarks start.</summary>
public static class Ports
{
    /// <summary>A port of loopback that nobody listens at now.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
