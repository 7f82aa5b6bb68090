using TuningCluster.Shared.Hosting;
using TuningCluster.Shared.Security;

namespace TuningCluster.TrialWorker.Hosting;

/// <summary>How a worker node is started.</summary>
/// <param name="SeedNodes">host:port of coordinators.</param>
/// <param name="Hostname">Where this node listens, and its coordinators reach it.</param>
/// <param name="Port">0 takes a free one.</param>
/// <param name="Slots">Trials at a time.</param>
/// <param name="Blobs">Directory of the coordinator's blobs, on this machine; null to fetch them over HTTP.</param>
/// <param name="Cache">Folder for what is fetched and for unfinished trainings; need not exist.</param>
/// <param name="Name">Stable over restarts.</param>
/// <param name="Certificates">Of mutual TLS with coordinators; null for plain TCP.</param>
/// <param name="AllowAnonymous">Whether plain TCP to other machines is welcome.</param>
public sealed record WorkerOptions(
    IReadOnlyList<string> SeedNodes, string Hostname, int Port, int Slots, string? Blobs, string Cache, string Name, NodeCertificates? Certificates = null, bool AllowAnonymous = false)
{
    /// <summary>Every fault, as "what: why. What to type instead".</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        if (SeedNodes.Count == 0)
        {
            faults.Add("--seed-node: none is given. Name the coordinator, e.g. --seed-node 127.0.0.1:4053 (a run writes its address into .tuning/logs).");
        }

        faults.AddRange(SeedNodes
            .Where(seed => !NodeAddress.IsHostAndPort(seed))
            .Select(seed => $"--seed-node: '{seed}' is not host:port. Write e.g. 127.0.0.1:4053."));
        var isOpen = Certificates is null && !AllowAnonymous;
        if (isOpen && !NodeAddress.IsLoopback(Hostname))
        {
            faults.Add($"--hostname: '{Hostname}' is not loopback, and anybody could say what this worker trains. Give --certs DIR ('tuning certs create' makes them), or write 127.0.0.1.");
        }

        faults.AddRange(SeedNodes
            .Where(seed => isOpen && NodeAddress.IsHostAndPort(seed) && !NodeAddress.IsLoopback(NodeAddress.HostOf(seed)))
            .Select(seed => $"--seed-node: '{seed}' is on another machine, and nothing would prove that it is the coordinator. Give --certs DIR ('tuning certs create' makes them)."));
        if (NodeAddress.IsLoopback(Hostname) && SeedNodes.FirstOrDefault(seed => NodeAddress.IsHostAndPort(seed) && !NodeAddress.IsLoopback(NodeAddress.HostOf(seed))) is { } far)
        {
            faults.Add($"--hostname: {Hostname} is loopback, where {far} does not reach this worker. Write the name or address of this machine.");
        }

        if (Port is < 0 or > 65535)
        {
            faults.Add($"--port: {Port} is outside 0 to 65535. Write 0 for a free one.");
        }

        if (Slots < 1)
        {
            faults.Add($"--slots: {Slots} is less than 1. Leave it out for one a core.");
        }

        if (Blobs is not null && !Directory.Exists(Blobs))
        {
            faults.Add($"--blobs: there is no directory '{Blobs}'. Name the blobs folder of the coordinator's store, or leave it out to fetch them.");
        }

        return faults;
    }
}
