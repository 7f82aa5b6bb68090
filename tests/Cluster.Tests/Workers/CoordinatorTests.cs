using System.Text.Json;
using TuningCluster.Cluster.Tests.Processes;
using TuningCluster.Cluster.Tests.Resuming;
using TuningCluster.Cluster.Tests.Studies;
using TuningCluster.TestKit;

namespace TuningCluster.Cluster.Tests.Workers;

/// <summary>A coordinator, workers in folders of their own, and a user elsewhere: nothing is shared but sockets.</summary>
public sealed class CoordinatorTests : ProcessTests
{
    private const int Trials = 24;
    private const int Epochs = 1500;

    private readonly string _http = $"127.0.0.1:{Ports.Free()}";
    private readonly string _port = $"{Ports.Free()}";

    [Fact]
    public async Task A_submitted_study_survives_the_coordinator_and_a_worker_killed()
    {
        var (node, user) = (NewWorkspace(), NewWorkspace());
        var coordinator = await Coordinator(node);
        var first = Worker(NewWorkspace(), "first");
        var second = Worker(NewWorkspace(), "second");
        var file = StudyFiles.Network(user, Trials, Epochs);
        var submitted = (await user.Tuning("submit", file, "--to", _http)).MustEndWith(0);
        Assert.Contains("Study 'rings' is created and runs. Its data set of", submitted.Error, StringComparison.Ordinal);
        var watch = user.Start("watch", "rings", "--to", $"http://{_http}");

        await Running(user, "second");
        await second.Kill();
        await watch.Line("complete");
        await coordinator.Kill();
        await watch.Line("trying again");
        Assert.Contains("No coordinator answers", (await user.Tuning("best", "rings", "--to", _http)).MustEndWith(4).Error, StringComparison.Ordinal);
        await Coordinator(node);
        Worker(NewWorkspace(), "third");
        (await watch.Ended()).MustEndWith(0);

        // The same to whoever asks, over HTTP and in the store.
        Assert.Equal((await user.Tuning("trials", "rings", "--to", _http, "-o", "json")).MustEndWith(0).Out, (await node.Tuning("trials", "rings", "-o", "json")).MustEndWith(0).Out);
        Assert.Equal((await user.Tuning("best", "rings", "--to", _http)).MustEndWith(0).Out, (await node.Tuning("best", "rings")).MustEndWith(0).Out);
        await FinishedStudy.MustBeWhole(node, "rings", Trials);
        Assert.Contains("test_loss", (await node.Json("best", "rings")).GetProperty("metrics").ToString(), StringComparison.Ordinal);
        Assert.Contains("has ended already", (await user.Tuning("submit", file, "--to", _http)).MustEndWith(0).Error, StringComparison.Ordinal);

        // A drained worker ends by itself.
        Assert.Equal(["first", "third"], (await user.Json("worker", "list", "--to", _http)).EnumerateArray().Select(w => w.GetProperty("name").GetString()));
        Assert.Contains("there is no worker 'frist'", (await user.Tuning("worker", "drain", "frist", "--to", _http)).MustEndWith(2).Error, StringComparison.Ordinal);
        (await user.Tuning("worker", "drain", "first", "--to", _http)).MustEndWith(0);
        (await first.Ended()).MustEndWith(0);
    }

    [Fact]
    public async Task A_study_is_paused_resumed_and_stopped_from_elsewhere()
    {
        var (node, user) = (NewWorkspace(), NewWorkspace());
        await Coordinator(node);
        Worker(NewWorkspace(), "only");
        (await user.Tuning("submit", StudyFiles.Network(user, 1000, Epochs), "--to", _http)).MustEndWith(0);
        await Running(user, "only");
        (await user.Tuning("pause", "rings", "--to", _http)).MustEndWith(0);
        Assert.Equal("paused", (await user.Json("show", "rings", "--to", _http)).GetProperty("state").GetString());
        (await user.Tuning("resume", "rings", "--to", _http)).MustEndWith(0);
        Assert.Equal("running", (await user.Json("show", "rings", "--to", _http)).GetProperty("state").GetString());
        // The store is the coordinator's, and says so.
        Assert.Contains("is being written by", (await node.Tuning("stop", "rings")).MustEndWith(4).Error, StringComparison.Ordinal);
        (await user.Tuning("stop", "rings", "--to", _http)).MustEndWith(0);
        Assert.Equal("stopped", (await user.Json("show", "rings", "--to", _http)).GetProperty("state").GetString());
        (await user.Tuning("audit", "rings", "--to", _http)).MustEndWith(0);
        Assert.Contains("has ended", (await user.Tuning("pause", "rings", "--to", _http)).MustEndWith(2).Error, StringComparison.Ordinal);
        (await user.Tuning("delete", "rings", "--yes", "--to", _http)).MustEndWith(0);
        Assert.Contains("there is no study 'rings'", (await user.Tuning("show", "rings", "--to", _http)).MustEndWith(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_studies_share_one_slot()
    {
        var (node, user) = (NewWorkspace(), NewWorkspace());
        await Coordinator(node);
        Worker(NewWorkspace(), "only");
        (await user.Tuning("submit", StudyFiles.Network(user, 1000, Epochs), "--to", _http)).MustEndWith(0);
        await Running(user, "only");
        (await user.Tuning("submit", StudyFiles.Network(user, 3, Epochs, name: "late"), "--to", _http)).MustEndWith(0);

        // The first has more than enough to do for itself, and the second comes to its end all the same.
        (await user.Tuning("watch", "late", "--to", _http)).MustEndWith(0);
        var done = (await user.Json("show", "rings", "--to", _http)).GetProperty("counts").GetProperty("complete").GetInt32();
        Assert.InRange(done, 1, 999);
        (await user.Tuning("stop", "rings", "--to", _http)).MustEndWith(0);
        (await node.Tuning("audit", "rings")).MustEndWith(0);
        (await node.Tuning("audit", "late")).MustEndWith(0);
    }

    [Fact]
    public async Task A_drained_trial_goes_on_elsewhere_from_where_it_was()
    {
        const int LongEpochs = 5000;
        var (node, user, home) = (NewWorkspace(), NewWorkspace(), NewWorkspace());
        await Coordinator(node);
        var first = Worker(home, "first");
        (await user.Tuning("submit", StudyFiles.Network(user, 1, LongEpochs, large: true), "--to", _http)).MustEndWith(0);
        await Patience.Until("first checkpoint", () => Task.FromResult(Directory.Exists(home.PathOf(".tuning-worker/checkpoints")) ? Directory.GetFiles(home.PathOf(".tuning-worker/checkpoints"), "0.checkpoint", SearchOption.AllDirectories).FirstOrDefault() : null));
        first.Send(Signal.Terminate);
        (await first.Ended()).MustEndWith(0);

        var second = Worker(NewWorkspace(), "second");
        using var taken = JsonDocument.Parse(await second.Line("goes on with epoch"));
        Assert.InRange(taken.RootElement.GetProperty("Epoch").GetInt32(), 2, LongEpochs);
        (await user.Tuning("watch", "rings", "--to", _http)).MustEndWith(0);
        var trial = Assert.Single(await FinishedStudy.MustBeWhole(node, "rings", 1));
        Assert.Equal(("complete", 2, "second"), (trial.State, trial.Attempts, trial.Worker));
        Assert.Equal(LongEpochs, JsonDocument.Parse(trial.Curve).RootElement.GetArrayLength());
        await Patience.Until("checkpoint let go of", () => Task.FromResult(Directory.GetDirectories(Path.Combine(node.StoreDirectory, "blobs", "owners")).Any(owner => owner.EndsWith(".checkpoint", StringComparison.Ordinal)) ? null : "gone"));
    }

    [Fact]
    public async Task A_population_goes_on_from_weights_that_other_machines_trained()
    {
        var (node, user) = (NewWorkspace(), NewWorkspace());
        await Coordinator(node);
        Worker(NewWorkspace(), "first");
        Worker(NewWorkspace(), "second");
        (await user.Tuning("submit", StudyFiles.Population(user, epochs: 1600), "--to", _http)).MustEndWith(0);
        (await user.Tuning("watch", "ring-population", "--to", _http)).MustEndWith(0);
        var rows = await FinishedStudy.MustBeWhole(node, "ring-population", StudyFiles.Members * StudyFiles.Turns);
        Assert.All(rows, row => Assert.Equal(("complete", 1), (row.State, row.Attempts)));
        Assert.Equal(2, rows.Select(row => row.Worker).Distinct().Count());
    }

    [Fact]
    public async Task A_local_run_serves_the_API_when_asked_to()
    {
        var (node, user) = (NewWorkspace(), NewWorkspace());
        var run = node.Start("run", StudyFiles.Network(node, 1000, Epochs, parallel: 1), "--http", _http);
        await run.Line("HTTP API at");
        await Running(user, "local");
        (await user.Tuning("stop", "rings", "--to", _http)).MustEndWith(0);
        var ended = await run.Ended();
        Assert.Contains("It was stopped.", ended.Error, StringComparison.Ordinal);
        (await node.Tuning("audit", "rings")).MustEndWith(0);
        var coordinator = await Coordinator(NewWorkspace());
        var second = await NewWorkspace().Tuning("coordinator", "--http", "127.0.0.1:0", "--port", _port);
        Assert.Contains($"Workers cannot be listened for at 127.0.0.1:{_port}: Address already in use.", second.MustEndWith(4).Error, StringComparison.Ordinal);
        Assert.Contains("The HTTP API cannot listen at", (await NewWorkspace().Tuning("coordinator", "--http", _http, "--port", "0")).MustEndWith(4).Error, StringComparison.Ordinal);
        await coordinator.Kill();
        foreach (var wrong in (string[])["0.0.0.0:80", "here"])
        {
            Assert.Contains("--http: ", (await node.Tuning("run", "demo", "--http", wrong)).MustEndWith(2).Error, StringComparison.Ordinal);
        }
    }

    private async Task<TuningProcess> Coordinator(Workspace workspace)
    {
        var coordinator = workspace.Start("coordinator", "--http", _http, "--port", _port);
        await coordinator.Line("Coordinator at");
        return coordinator;
    }

    private TuningProcess Worker(Workspace workspace, string name) =>
        workspace.StartProgram(Programs.TrialWorker, "--seed-node", $"127.0.0.1:{_port}", "--name", name, "--slots", "1");

    private Task<TrialRow> Running(Workspace user, string worker) => Patience.Until(
        $"trial running on {worker}",
        async () => TrialRow.Read(await user.Json("trials", "rings", "--to", _http)).FirstOrDefault(r => r.State == "running" && r.Worker == worker));
}
