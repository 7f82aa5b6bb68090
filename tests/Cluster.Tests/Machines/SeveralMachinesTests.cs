using System.Text.Json;
using TuningCluster.Cluster.Tests.Processes;
using TuningCluster.Cluster.Tests.Studies;

namespace TuningCluster.Cluster.Tests.Machines;

/// <summary>A coordinator, workers and a user on machines of their own, which share a network and nothing else.</summary>
public sealed class SeveralMachinesTests : ProcessTests
{
    private const int Trials = 12;
    private const int Epochs = 300;

    [Fact]
    public async Task A_study_is_trained_on_machines_that_are_not_the_coordinators()
    {
        await using var network = await Network.Create();
        var (node, coordinator, user, far) = await Cluster(network);
        var first = await Worker(network, node, coordinator, "first");
        var second = await Worker(network, node, coordinator, "second");
        (await OnMachine(user, far, Programs.Tuning, "submit", StudyFiles.Network(user, Trials, Epochs), "--to", Url(coordinator)).Ended()).MustEndWith(0);
        (await OnMachine(user, far, Programs.Tuning, "watch", "rings", "--to", Url(coordinator)).Ended()).MustEndWith(0);

        Assert.Equal(["first", "second"], (await node.Trials("rings")).Select(row => row.Worker).Distinct().Order(StringComparer.Ordinal));
        await FinishedStudy.MustBeWhole(node, "rings", Trials);
        // What was trained there is here.
        Assert.Contains("test_loss", (await node.Json("best", "rings")).GetProperty("metrics").ToString(), StringComparison.Ordinal);
        foreach (var worker in (TuningProcess[])[first.Process, second.Process])
        {
            worker.Send(Signal.Terminate);
            (await worker.Ended()).MustEndWith(0);
        }
    }

    [Fact]
    [Trait("Lane", "Long")]
    public async Task A_cut_longer_than_a_lease_loses_no_trial_and_counts_none_twice()
    {
        await using var network = await Network.Create();
        var (node, coordinator, user, far) = await Cluster(network);
        await Worker(network, node, coordinator, "steady");
        var (machine, cut) = await Worker(network, node, coordinator, "cut");
        (await OnMachine(user, far, Programs.Tuning, "submit", StudyFiles.Network(user, 1000, Epochs, large: true), "--to", Url(coordinator)).Ended()).MustEndWith(0);
        var watch = OnMachine(user, far, Programs.Tuning, "watch", "rings", "--to", Url(coordinator));
        await watch.Line("starts on cut");

        await network.Cut(machine);
        // The trial it held then goes to the other worker.
        await watch.Line("is handed back");
        var before = watch.Error.All.Count(line => line.Contains("starts on cut", StringComparison.Ordinal));
        await network.Mend(machine);
        // It is back by itself, and is given trials again.
        await watch.Line("starts on cut", before + 1);
        Assert.False(cut.HasEnded);
        (await OnMachine(user, far, Programs.Tuning, "stop", "rings", "--to", Url(coordinator)).Ended()).MustEndWith(0);
        (await node.Tuning("audit", "rings")).MustEndWith(0);
    }

    private static string Url(Machine coordinator) => $"https://{coordinator.Address}:8443";

    private async Task<(Workspace Node, Machine Coordinator, Workspace User, Machine Far)> Cluster(Network network)
    {
        var (node, user) = (NewWorkspace(), NewWorkspace());
        var (coordinator, far) = (await network.AddMachine(), await network.AddMachine());
        (await node.Tuning("certs", "create", "--out", "certs", "--hostname", coordinator.Address)).MustEndWith(0);
        user.Write("appsettings.json", JsonSerializer.Serialize(new { Tuning = new { Certs = node.PathOf("certs"), TokenFile = node.PathOf("certs/token") } }));
        var process = OnMachine(
            node, coordinator, Programs.Tuning, "coordinator", "--hostname", coordinator.Address, "--http", $"{coordinator.Address}:8443", "--certs", "certs/coordinator", "--token-file", "certs/token");
        await process.Line("Coordinator at");
        return (node, coordinator, user, far);
    }

    private async Task<(Machine Machine, TuningProcess Process)> Worker(Network network, Workspace node, Machine coordinator, string name)
    {
        var machine = await network.AddMachine();
        var process = OnMachine(
            NewWorkspace(), machine, Programs.TrialWorker, "--seed-node", $"{coordinator.Address}:4053", "--hostname", machine.Address, "--certs", node.PathOf("certs/worker"), "--name", name, "--slots", "1");
        await process.Line("Connected to");
        return (machine, process);
    }

    private static TuningProcess OnMachine(Workspace workspace, Machine machine, string program, params string[] arguments) =>
        workspace.StartProgram("ip", ["netns", "exec", machine.Namespace, program, .. arguments]);
}
