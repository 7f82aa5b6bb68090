using System.Text.RegularExpressions;
using TuningCluster.Cluster.Tests.Processes;

namespace TuningCluster.Cluster.Tests.Workers;

/// <summary>Starts <c>trial-worker</c> beside a run, as a user would: by the address the run logs.</summary>
internal static partial class WorkerProcess
{
    public static async Task<TuningProcess> Join(Workspace workspace, TuningProcess run, string name, int slots = 1)
    {
        await run.Line("study ");
        var address = await Patience.Until("address in the log", () => Task.FromResult(AddressIn(workspace.Log)));
        return workspace.StartProgram(
            Programs.TrialWorker, "--seed-node", address, "--blobs", ".tuning/blobs", "--name", name, "--slots", $"{slots}");
    }

    /// <summary>A trial the worker holds now.</summary>
    public static Task<TrialRow> Holds(Workspace workspace, string study, string name) => Patience.Until(
        $"trial running on {name}",
        async () => (await workspace.Trials(study)).FirstOrDefault(r => r.State == "running" && r.Worker == name));

    // The last run's, when there were several.
    private static string? AddressIn(string log) => Address().Matches(log).LastOrDefault()?.Groups[1].Value;

    [GeneratedRegex(@"Remoting now listens on addresses: \[akka\.tcp://tuning@([0-9.]+:[0-9]+)\]")]
    private static partial Regex Address();
}
