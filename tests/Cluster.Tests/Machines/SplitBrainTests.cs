using System.Diagnostics;
using TuningCluster.Cluster.Tests.Processes;
using TuningCluster.Cluster.Tests.Studies;

namespace TuningCluster.Cluster.Tests.Machines;

/// <summary>Coordinators that lose sight of each other, and all see the database.</summary>
public sealed class SplitBrainTests : ProcessTests
{
    [Fact]
    [Trait("Lane", "Long")]
    public async Task The_one_that_is_cut_off_ends_and_the_two_go_on()
    {
        await using var cluster = await ThreeMachines.Start(NewWorkspace);
        var (_, worker) = await cluster.Worker("w");
        (await cluster.Tuning("submit", StudyFiles.Network(cluster.Home, 1000, 300), "--to", cluster.Url(0))).MustEndWith(0);
        var minority = await cluster.Active();
        var majority = Enumerable.Range(0, 3).Where(i => i != minority).ToList();
        var watch = cluster.Start("watch", "rings", "--to", cluster.Url(majority[0]));
        await watch.Line(" complete", 3);

        // It reaches the database, and its worker; the other two it does not.
        var clock = Stopwatch.StartNew();
        await Network.Part(cluster.Machines[minority], [.. majority.Select(i => cluster.Machines[i])]);
        var ended = await cluster[minority].Ended();
        TestContext.Current.SendDiagnosticMessage($"The minority ended {clock.Elapsed.TotalSeconds:0.0} s after the cut");
        ended.MustEndWith(4);
        Assert.Contains("This coordinator ends, and may be started again", ended.Error, StringComparison.Ordinal);
        var active = await cluster.Active();
        TestContext.Current.SendDiagnosticMessage($"The majority went on {clock.Elapsed.TotalSeconds:0.0} s after the cut");
        Assert.Contains(active, majority);

        var told = watch.Error.All.Count(line => line.Contains(" complete", StringComparison.Ordinal));
        await watch.Line(" complete", told + 3);
        Assert.False(worker.HasEnded);
        Assert.False(cluster[majority[0]].HasEnded || cluster[majority[1]].HasEnded);
        (await cluster.Tuning("stop", "rings", "--to", cluster.Url(active))).MustEndWith(0);
        (await cluster.Tuning("audit", "rings", "--to", cluster.Url(active))).MustEndWith(0);
        Assert.Equal("0", await cluster.SecondWriters());
    }
}
