using TuningCluster.Cluster.Tests.Processes;
using TuningCluster.TestKit;

namespace TuningCluster.Cluster.Tests.FailingOver;

/// <summary>Three coordinators on this machine, on one database.</summary>
/// <param name="storage">A database that has been migrated.</param>
/// <param name="newWorkspace">A folder for each of them: they share nothing.</param>
internal sealed class Coordinators(string storage, Func<Workspace> newWorkspace)
{
    private readonly int[] _ports = [Ports.Free(), Ports.Free(), Ports.Free()];
    private readonly int[] _http = [Ports.Free(), Ports.Free(), Ports.Free()];
    private readonly TuningProcess?[] _processes = new TuningProcess?[3];

    /// <summary>As <c>--seed-node</c> takes them.</summary>
    public IReadOnlyList<string> Seeds => [.. _ports.Select(port => $"127.0.0.1:{port}")];

    public string Url(int index) => $"http://127.0.0.1:{_http[index]}";

    public TuningProcess this[int index] => _processes[index] ?? throw new InvalidOperationException($"Coordinator {index} was not started.");

    public TuningProcess Start(int index) => _processes[index] = newWorkspace().Start(
        ["coordinator", "--port", $"{_ports[index]}", "--http", $"127.0.0.1:{_http[index]}", "--storage", storage, .. Seeds.SelectMany(seed => (string[])["--seed-node", seed])]);

    public void StartAll()
    {
        for (var i = 0; i < _processes.Length; i++)
        {
            Start(i);
        }
    }

    /// <summary>Each knows that all are up, awaited: until then one more may not be missing.</summary>
    public async Task AllUp()
    {
        foreach (var process in _processes)
        {
            await process!.Line("\"Up\":3");
        }
    }

    /// <summary>Which of those that run decides, awaited.</summary>
    public async Task<int> Active()
    {
        var active = await Patience.Until(
            "active coordinator",
            () => Task.FromResult(_processes.Index().Where(p => p.Item is { HasEnded: false } running && running.Error.Text.Contains("Coordinator at", StringComparison.Ordinal)).Select(p => $"{p.Index}").FirstOrDefault()));
        return int.Parse(active, null);
    }
}
