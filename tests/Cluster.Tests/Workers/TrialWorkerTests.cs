using System.Net;
using TuningCluster.Cluster.Tests.Hosting;
using TuningCluster.Cluster.Tests.Processes;
using TuningCluster.Cluster.Tests.Studies;

namespace TuningCluster.Cluster.Tests.Workers;

/// <summary>A worker in a process of its own helps a running study, and its end, however sudden, costs the study nothing.</summary>
public sealed class TrialWorkerTests : ProcessTests
{
    private const int Trials = 24;

    // Long enough for a look at a trial while it runs.
    private const int Epochs = 2500;

    [Fact]
    public async Task A_worker_killed_in_the_middle_of_a_trial_and_started_again_costs_the_study_nothing()
    {
        var workspace = NewWorkspace();
        var run = workspace.Start("run", StudyFiles.Network(workspace, Trials, Epochs, parallel: 1));
        var helper = await WorkerProcess.Join(workspace, run, "helper");
        var held = await WorkerProcess.Holds(workspace, "rings", "helper");
        await helper.Kill();
        // Its next incarnation ends its leases at once.
        await WorkerProcess.Join(workspace, run, "helper");
        (await run.Ended()).MustEndWith(0);

        var rows = await FinishedStudy.MustBeWhole(workspace, "rings", Trials);
        Assert.Contains(rows, r => r.Worker == "helper" && r.State == "complete");
        Assert.Contains(rows, r => r.Worker == "local" && r.State == "complete");
        Assert.All(rows, r => Assert.Equal("complete", r.State));
        Assert.InRange(rows[held.Number].Attempts, 1, 2);
    }

    [Fact]
    public async Task A_worker_told_to_end_hands_its_trial_back_and_ends_with_0()
    {
        var workspace = NewWorkspace();
        var run = workspace.Start("run", StudyFiles.Network(workspace, Trials, Epochs, parallel: 1));
        var helper = await WorkerProcess.Join(workspace, run, "helper");
        await WorkerProcess.Holds(workspace, "rings", "helper");
        helper.Send(Signal.Terminate);
        var ended = (await helper.Ended()).MustEndWith(0);
        Assert.Equal("", ended.Out);
        Assert.DoesNotContain(await workspace.Trials("rings"), r => r.State == "running" && r.Worker == "helper");

        (await run.Ended()).MustEndWith(0);
        await FinishedStudy.MustBeWhole(workspace, "rings", Trials);
    }

    [Fact]
    [Trait("Lane", "Long")]
    public async Task The_lease_of_a_worker_that_never_comes_back_lapses_and_its_trial_runs_elsewhere()
    {
        var workspace = NewWorkspace();
        var run = workspace.Start("run", StudyFiles.Network(workspace, Trials, Epochs, parallel: 1));
        var helper = await WorkerProcess.Join(workspace, run, "helper");
        var held = await WorkerProcess.Holds(workspace, "rings", "helper");
        await helper.Kill();
        (await run.Ended()).MustEndWith(0);

        var rows = await FinishedStudy.MustBeWhole(workspace, "rings", Trials);
        Assert.All(rows, r => Assert.Equal("complete", r.State));
        Assert.InRange(rows[held.Number].Attempts, 1, 2);
    }

    [Fact]
    public async Task A_worker_listens_on_loopback_only()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        var workspace = NewWorkspace();
        var run = workspace.Start("run", StudyFiles.Network(workspace, trials: 500, Epochs, parallel: 1));
        var helper = await WorkerProcess.Join(workspace, run, "helper");
        await WorkerProcess.Holds(workspace, "rings", "helper");
        var listeners = Listeners.Of(helper.Id);
        Assert.NotEmpty(listeners);
        Assert.All(listeners, l => Assert.True(IPAddress.IsLoopback(l.Address.IsIPv4MappedToIPv6 ? l.Address.MapToIPv4() : l.Address), $"It listens on {l}."));
        await helper.Kill();
        await run.Kill();
    }

    [Fact]
    public async Task Bad_options_are_told_all_at_once_with_exit_2()
    {
        var workspace = NewWorkspace();
        var worker = workspace.StartProgram(
            Programs.TrialWorker, "--seed-node", "nowhere", "--hostname", "0.0.0.0", "--slots", "0", "--blobs", "missing", "--port", "70000");
        var ended = (await worker.Ended()).MustEndWith(2);
        foreach (var option in (string[])["--seed-node", "--hostname", "--slots", "--blobs", "--port"])
        {
            Assert.Contains($"{option}: ", ended.Error, StringComparison.Ordinal);
        }

        (await workspace.StartProgram(Programs.TrialWorker, "--slot", "1").Ended()).MustEndWith(2);
        (await workspace.StartProgram(Programs.TrialWorker).Ended()).MustEndWith(2);
        Assert.Empty(Directory.EnumerateFileSystemEntries(workspace.Directory));
    }
}
