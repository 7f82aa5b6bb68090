using TuningCluster.Coordinator.Api;
using TuningCluster.Shared.Hosting;

namespace TuningCluster.Coordinator.Hosting;

/// <summary>How a coordinator node is started.</summary>
/// <param name="Hostname">Where workers reach it; loopback in this release.</param>
/// <param name="Port">For workers; 0 takes a free one.</param>
/// <param name="SeedNodes">host:port of the coordinators; none, or this one.</param>
/// <param name="Storage">URL of the store; null for the default one.</param>
/// <param name="Http">URL or host:port of the HTTP API.</param>
public sealed record CoordinatorOptions(string Hostname, int Port, IReadOnlyList<string> SeedNodes, string? Storage, string Http)
{
    public const int DefaultPort = 4053;
    public const string DefaultHttp = "127.0.0.1:8080";

    /// <summary>Every fault, as "what: why. What to type instead".</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        if (!NodeAddress.IsLoopback(Hostname))
        {
            faults.Add($"--hostname: '{Hostname}' is not loopback, and this release has no TLS to protect another. Write 127.0.0.1.");
        }

        if (Port is < 0 or > 65535)
        {
            faults.Add($"--port: {Port} is outside 0 to 65535. Write 0 for a free one.");
        }

        faults.AddRange(SeedNodes.Where(seed => !NodeAddress.IsHostAndPort(seed)).Select(seed => $"--seed-node: '{seed}' is not host:port. Write e.g. 127.0.0.1:{DefaultPort}."));
        if (SeedNodes.Where(NodeAddress.IsHostAndPort).Any(seed => seed != $"{Hostname}:{Port}"))
        {
            faults.Add($"--seed-node: several coordinators are not in this release. Leave it out, or name this node: {Hostname}:{Port}.");
        }

        if (ApiAddress.Fault(Http) is { } fault)
        {
            faults.Add($"--http: {fault}");
        }

        return faults;
    }
}
