using Microsoft.Data.Sqlite;
using TuningCluster.Cluster.Tests.Processes;
using TuningCluster.Cluster.Tests.Studies;

namespace TuningCluster.Cluster.Tests.Resuming;

/// <summary>Ctrl-C and SIGTERM: the run saves, says how to go on, and does.</summary>
public sealed class InterruptTests : ProcessTests
{
    private const int Interrupted = 130;

    [Theory]
    [InlineData(2)]
    [InlineData(15)]
    public async Task The_first_signal_drains_with_exit_130_and_the_command_it_prints_goes_on(int signal)
    {
        var workspace = NewWorkspace();
        var file = StudyFiles.Network(workspace, trials: 8, epochs: 4_000);
        var process = workspace.Start("run", file, "--parallel", "2");
        await process.Line("complete");
        process.Send((Signal)signal);

        var interrupted = (await process.Ended()).MustEndWith(Interrupted);
        var resume = interrupted.Error.Split('\n')[^1].Trim();
        Assert.Equal($"tuning run {file} --parallel 2", resume);
        // Handed back, not left to be missed.
        Assert.DoesNotContain("running", (await workspace.Trials("rings")).Select(r => r.State));

        var ledger = new Ledger();
        ledger.Announce(interrupted);
        var last = (await workspace.Tuning(resume.Split(' ')[1..])).MustEndWith(0);
        ledger.Announce(last);
        ledger.Check(await FinishedStudy.MustBeWhole(workspace, "rings", 8));
        Assert.Contains("goes on after", last.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_signal_ends_at_once_even_while_nothing_can_be_saved()
    {
        var workspace = NewWorkspace();
        var file = StudyFiles.Network(workspace, trials: 6, epochs: 8_000);
        var process = workspace.Start("run", file);
        await process.Line("complete");
        CommandResult ended;
        await using (await BlockWrites(workspace))
        {
            process.Send(Signal.Interrupt);
            await process.Line("once more ends at once");
            process.Send(Signal.Interrupt);
            ended = await process.Ended();
        }

        ended.MustEndWith(Interrupted);
        Assert.DoesNotContain("everything is saved", ended.Error, StringComparison.Ordinal);

        (await workspace.Tuning("run", file)).MustEndWith(0);
        await FinishedStudy.MustBeWhole(workspace, "rings", 6);
    }

    [Fact]
    [Trait("Lane", "Long")]
    public async Task A_drain_that_cannot_write_says_so_with_exit_4_and_loses_nothing()
    {
        var workspace = NewWorkspace();
        var file = StudyFiles.Network(workspace, trials: 12, epochs: 4_000);
        var process = workspace.Start("run", file);
        await process.Line("complete");
        await using (await BlockWrites(workspace))
        {
            process.Send(Signal.Interrupt);
            Assert.DoesNotContain("internal error", (await process.Ended()).MustEndWith(4).Error, StringComparison.Ordinal);
        }

        (await workspace.Tuning("run", file)).MustEndWith(0);
        await FinishedStudy.MustBeWhole(workspace, "rings", 12);
    }

    [Fact]
    [Trait("Lane", "Long")]
    public async Task A_signal_while_starting_ends_with_130_or_by_the_signal_and_loses_nothing()
    {
        var workspace = NewWorkspace();
        var file = StudyFiles.Function(workspace, trials: 10);
        foreach (var delay in (int[])[30, 150, 300, 600])
        {
            var process = workspace.Start("run", file);
            await Task.Delay(delay);
            if (!process.HasEnded)
            {
                process.Send(Signal.Terminate);
            }

            Assert.Contains((await process.Ended()).Code, (int[])[0, Interrupted, 128 + (int)Signal.Terminate]);
        }

        (await workspace.Tuning("run", file)).MustEndWith(0);
        await FinishedStudy.MustBeWhole(workspace, "branin", 10);
    }

    /// <summary>Until disposed, nobody else can write the store.</summary>
    private static async Task<SqliteConnection> BlockWrites(Workspace workspace)
    {
        var connection = new SqliteConnection($"Data Source={workspace.DatabasePath};Pooling=False");
        await connection.OpenAsync();
        await using var begin = connection.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        await begin.ExecuteNonQueryAsync();
        return connection;
    }
}
