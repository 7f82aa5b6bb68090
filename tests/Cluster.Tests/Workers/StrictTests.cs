using TuningCluster.Cluster.Tests.Processes;
using TuningCluster.Cluster.Tests.Studies;
using TuningCluster.TestKit;

namespace TuningCluster.Cluster.Tests.Workers;

/// <summary>A strict study does not know how many workers it has.</summary>
public sealed class StrictTests : ProcessTests
{
    private const int Trials = 32;
    private const int Window = 8;

    [Fact]
    [Trait("Lane", "Long")]
    public async Task One_two_and_four_workers_find_the_same_to_the_bit()
    {
        var one = await Run(1);
        Assert.Contains(one, row => row.State == "pruned");
        Assert.Equal(one.Select(row => row.Result), (await Run(2)).Select(row => row.Result));
        Assert.Equal(one.Select(row => row.Result), (await Run(4)).Select(row => row.Result));
    }

    private async Task<IReadOnlyList<TrialRow>> Run(int workers)
    {
        var (node, user) = (NewWorkspace(), NewWorkspace());
        var (http, port) = ($"127.0.0.1:{Ports.Free()}", $"{Ports.Free()}");
        var coordinator = node.Start("coordinator", "--http", http, "--port", port);
        await coordinator.Line("Coordinator at");
        for (var i = 0; i < workers; i++)
        {
            await NewWorkspace().StartProgram(Programs.TrialWorker, "--seed-node", $"127.0.0.1:{port}", "--name", $"w{i}", "--slots", "1").Line("Connected to");
        }

        (await user.Tuning("submit", StudyFiles.Strict(user, Trials, epochs: 400, Window), "--to", http)).MustEndWith(0);
        (await user.Tuning("watch", "strict", "--to", http)).MustEndWith(0);
        var rows = await FinishedStudy.MustHaveEndedOnce(node, "strict", Trials);
        Assert.Equal(workers, rows.Select(row => row.Worker).Distinct().Count());
        return rows;
    }
}
