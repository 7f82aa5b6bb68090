using System.ComponentModel;
using TuningCluster.Cluster.Tests.Hosting;
using TuningCluster.Cluster.Tests.Processes;

namespace TuningCluster.Cluster.Tests.Deploying;

public sealed class SystemdTests : ProcessTests
{
    [Theory]
    [InlineData("tuning-coordinator.service")]
    [InlineData("trial-worker.service")]
    public async Task A_unit_has_nothing_that_systemd_would_not_know(string unit)
    {
        var text = await File.ReadAllTextAsync(RepositoryRoot.FolderOf("deploy", "systemd", unit), TestContext.Current.CancellationToken);
        var workspace = NewWorkspace();
        // It looks for the program too.
        workspace.Write(unit, text.Replace("/opt/tuning/", Path.GetDirectoryName(Programs.Tuning) + "/", StringComparison.Ordinal));
        try
        {
            var verified = (await workspace.StartProgram("systemd-analyze", "verify", "--man=no", unit).Ended()).MustEndWith(0);
            Assert.DoesNotContain(unit, verified.Error, StringComparison.Ordinal);
        }
        catch (Win32Exception)
        {
            Assert.Skip("systemd-analyze is not on the PATH.");
        }
    }
}
