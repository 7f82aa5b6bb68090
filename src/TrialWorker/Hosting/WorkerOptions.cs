using TuningCluster.Shared.Hosting;

namespace TuningCluster.TrialWorker.Hosting;

/// <summary>How a worker node is started.</summary>
/// <param name="SeedNodes">host:port of coordinators.</param>
/// <param name="Hostname">Where this node listens; loopback only in this release.</param>
/// <param name="Port">0 takes a free one.</param>
/// <param name="Slots">Trials at a time.</param>
/// <param name="Blobs">Directory of the coordinator's blobs, on this machine; null to fetch them over HTTP.</param>
/// <param name="Cache">Folder for what is fetched and for unfinished trainings; need not exist.</param>
/// <param name="Name">Stable over restarts.</param>
public sealed record WorkerOptions(IReadOnlyList<string> SeedNodes, string Hostname, int Port, int Slots, string? Blobs, string Cache, string Name)
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
        if (!NodeAddress.IsLoopback(Hostname))
        {
            faults.Add($"--hostname: '{Hostname}' is not loopback, and this release has no TLS to protect another. Write 127.0.0.1.");
        }

        faults.AddRange(SeedNodes
            .Where(seed => NodeAddress.IsHostAndPort(seed) && !NodeAddress.IsLoopback(seed[..seed.LastIndexOf(':')]))
            .Select(seed => $"--seed-node: '{seed}' is on another machine; workers on other machines are not in this release."));
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
