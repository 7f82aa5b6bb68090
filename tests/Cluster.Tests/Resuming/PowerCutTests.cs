using TuningCluster.Cluster.Tests.Processes;
using TuningCluster.Cluster.Tests.Studies;

namespace TuningCluster.Cluster.Tests.Resuming;

/// <summary>A power cut may cost the last commits: the tail of the write-ahead log never reached the disk, or only in part.</summary>
public sealed class PowerCutTests : ProcessTests
{
    private const int Trials = 12;

    [Theory]
    [InlineData(Damage.LastFrameCutInTwo)]
    [InlineData(Damage.HalfOfTheLogGarbled)]
    [InlineData(Damage.LogEmpty)]
    public Task The_study_goes_on_from_what_reached_the_disk(Damage damage) => Cut(damage);

    [Theory]
    [Trait("Lane", "Long")]
    [InlineData(Damage.LastFrameGarbled)]
    [InlineData(Damage.TailCutMidway)]
    [InlineData(Damage.HeaderCut)]
    public Task The_study_goes_on_from_what_reached_the_disk_in_other_ways(Damage damage) => Cut(damage);

    private async Task Cut(Damage damage)
    {
        var workspace = NewWorkspace();
        var file = StudyFiles.Network(workspace, Trials, epochs: 60);
        var process = workspace.Start("run", file);
        await process.Line("complete", 4);
        await process.Kill();
        var before = (await workspace.Trials("rings")).Where(r => r.IsFinal).ToList();

        WriteAheadLog.Damage(workspace.WriteAheadLogPath, damage);

        (await workspace.Tuning("run", file)).MustEndWith(0);
        var after = await FinishedStudy.MustBeWhole(workspace, "rings", Trials);
        // The seed was fixed: what was lost comes again, to the bit.
        Assert.Equal(before.Select(r => r.Result), before.Select(r => after[r.Number].Result));
    }
}
