using TuningCluster.Coordinator.Api;
using TuningCluster.Coordinator.Persistence;
using TuningCluster.Coordinator.Security;
using TuningCluster.Shared.Hosting;
using TuningCluster.Shared.Security;

namespace TuningCluster.Coordinator.Hosting;

/// <summary>How a coordinator node is started.</summary>
/// <param name="Hostname">Where workers reach it.</param>
/// <param name="Port">For workers; 0 takes a free one.</param>
/// <param name="SeedNodes">host:port of the coordinators, this one among them; none where it is the only one.</param>
/// <param name="Storage">URL of the store; null for the default one.</param>
/// <param name="Http">URL or host:port of the HTTP API.</param>
/// <param name="Certificates">Of mutual TLS with workers, and of the API's https; null where neither is spoken.</param>
/// <param name="Token">What users of the API show; null where nobody needs one.</param>
/// <param name="AllowAnonymous">Whether anybody may be a worker or a user, over plain TCP.</param>
public sealed record CoordinatorOptions(
    string Hostname, int Port, IReadOnlyList<string> SeedNodes, string? Storage, string Http, NodeCertificates? Certificates = null, ApiToken? Token = null, bool AllowAnonymous = false)
{
    public const int DefaultPort = 4053;
    public const string DefaultHttp = "127.0.0.1:8080";

    /// <summary>Of how many it is one; only without faults.</summary>
    public Membership Membership => Coordinators.Count > 1 ? Membership.Of(Coordinators) : Membership.Alone;

    /// <summary>Where the API listens; only without faults.</summary>
    public ApiListener Listener => new(ApiAddress.Parse(Http, Certificates is not null)!, Hostname, Certificates, Token);

    /// <summary>Every fault, as "what: why. What to type instead".</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        if (!NodeAddress.IsLoopback(Hostname) && Certificates is null && !AllowAnonymous)
        {
            faults.Add($"--hostname: '{Hostname}' is not loopback, and anybody could come as a worker. Give --certs DIR ('tuning certs create --out DIR --hostname {Hostname}' makes them), or write 127.0.0.1.");
        }

        if (Certificates is not null && !Certificates.Own.MatchesHostname(Hostname))
        {
            faults.Add($"--hostname: '{Hostname}' is not in the certificate, which is for {string.Join(", ", NodeIdentity.NamesOf(Certificates.Own))}. Sign another: tuning certs create --out DIR --hostname {Hostname}.");
        }

        if (Port is < 0 or > 65535)
        {
            faults.Add($"--port: {Port} is outside 0 to 65535. Write 0 for a free one.");
        }

        faults.AddRange(SeedNodes.Where(seed => !NodeAddress.IsHostAndPort(seed)).Select(seed => $"--seed-node: '{seed}' is not host:port. Write e.g. 127.0.0.1:{DefaultPort}."));
        if (Coordinators.Count > 0 && !Coordinators.Contains($"{Hostname}:{Port}"))
        {
            faults.Add($"--seed-node: this node, {Hostname}:{Port}, is none of {string.Join(", ", Coordinators)}. Name all coordinators, this one too, at each of them.");
        }

        if (Coordinators.Count is not (0 or 1 or Membership.Several))
        {
            faults.Add($"--seed-node: {Coordinators.Count} coordinators cannot outvote one that is cut off. Name one, or three.");
        }
        else if (Coordinators.Count > 1 && !IsShared(Storage))
        {
            faults.Add("--storage: three coordinators need a store that each of them reaches. Write --storage postgres://USER@HOST/DATABASE.");
        }

        if (ApiAddress.Fault(Http, new ApiAddress.Protection(Certificates is not null, Token is not null, AllowAnonymous)) is { } fault)
        {
            faults.Add($"--http: {fault}");
        }
        else if (!NodeAddress.IsLoopback(Hostname) && NodeAddress.IsLoopback(Listener.Address.Host.Trim('[', ']')))
        {
            faults.Add($"--http: '{Http}' is loopback, and workers that come to {Hostname} fetch their data there. Write {Hostname}:{Listener.Address.Port}.");
        }

        return faults;
    }

    private List<string> Coordinators => [.. SeedNodes.Where(NodeAddress.IsHostAndPort).Distinct()];

    private static bool IsShared(string? storage) =>
        (storage ?? Environment.GetEnvironmentVariable(StoreLocation.Variable))?.StartsWith("postgres", StringComparison.OrdinalIgnoreCase) == true;
}
