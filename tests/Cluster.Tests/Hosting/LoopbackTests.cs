using System.Net;
using TuningCluster.Cluster.Tests.Processes;
using TuningCluster.Cluster.Tests.Studies;

namespace TuningCluster.Cluster.Tests.Hosting;

/// <summary>Nothing of a run can be reached from another machine.</summary>
public sealed class LoopbackTests : ProcessTests
{
    [Fact]
    public async Task A_run_listens_on_loopback_only()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        var workspace = NewWorkspace();
        var run = workspace.Start("run", StudyFiles.Network(workspace, trials: 500, epochs: 100));
        await run.Line("complete");

        var listeners = Listeners.Of(run.Id);
        Assert.NotEmpty(listeners);
        Assert.All(listeners, l => Assert.True(IPAddress.IsLoopback(l.Address.IsIPv4MappedToIPv6 ? l.Address.MapToIPv4() : l.Address), $"It listens on {l}."));
        await run.Kill();
    }
}
