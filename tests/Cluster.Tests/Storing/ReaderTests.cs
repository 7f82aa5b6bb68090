using System.Text.Json;
using TuningCluster.Cluster.Tests.Processes;
using TuningCluster.Cluster.Tests.Studies;

namespace TuningCluster.Cluster.Tests.Storing;

/// <summary>Verbs that only read: at any time, and without leaving a trace.</summary>
public sealed class ReaderTests : ProcessTests
{
    private static readonly string[][] Verbs = [["best", "rings"], ["trials", "rings"], ["show", "rings"], ["studies"], ["audit", "rings"]];

    [Fact]
    public async Task Every_verb_reads_while_a_run_writes_and_sees_it_advance()
    {
        var workspace = NewWorkspace();
        var run = workspace.Start("run", StudyFiles.Network(workspace, trials: 40, epochs: 150));
        await run.Line("complete");
        var rounds = 0;
        var seen = new List<int>();
        while (rounds < 2 || (!run.HasEnded && rounds < 3))
        {
            foreach (var verb in Verbs)
            {
                var json = await workspace.Json(verb);
                if (verb[0] == "trials")
                {
                    seen.Add(TrialRow.Read(json).Count(r => r.IsFinal));
                }
                else if (verb[0] == "studies")
                {
                    Assert.Equal("rings", Assert.Single(json.EnumerateArray()).GetProperty("name").GetString());
                }
                else
                {
                    Assert.Equal(JsonValueKind.Object, json.ValueKind);
                }
            }

            rounds++;
        }

        Assert.InRange(seen[0], 1, 40);
        Assert.Equal(seen.Order(), seen);
        (await run.Ended()).MustEndWith(0);
        await FinishedStudy.MustBeWhole(workspace, "rings", 40);
    }

    [Fact]
    public async Task A_store_whose_writer_was_killed_is_read_and_stays_as_it_is()
    {
        var workspace = NewWorkspace();
        var run = workspace.Start("run", StudyFiles.Network(workspace, trials: 40, epochs: 150));
        await run.Line("complete", 3);
        await run.Kill();
        var log = await File.ReadAllBytesAsync(workspace.WriteAheadLogPath);

        Assert.InRange((await workspace.Trials("rings")).Count(r => r.IsFinal), 3, 40);
        Assert.Equal("running", (await workspace.Json("show", "rings")).GetProperty("state").GetString());
        (await workspace.Tuning("audit", "rings")).MustEndWith(0);

        Assert.Equal(log, await File.ReadAllBytesAsync(workspace.WriteAheadLogPath));
    }

    [Fact]
    public async Task No_verb_creates_a_store_where_there_is_none()
    {
        var workspace = NewWorkspace();
        foreach (var verb in Verbs.Where(v => v.Length == 2).Append(["delete", "rings", "--yes"]))
        {
            var result = (await workspace.Tuning(verb)).MustEndWith(2);
            Assert.Contains("there is no study 'rings'", result.Error, StringComparison.Ordinal);
            Assert.Equal("", result.Out);
        }

        Assert.Empty((await workspace.Json("studies")).EnumerateArray());
        (await workspace.Tuning("check", "demo")).MustEndWith(0);
        Assert.Empty(Directory.EnumerateFileSystemEntries(workspace.Directory));
    }
}
