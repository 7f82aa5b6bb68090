using System.Diagnostics;
using TuningCluster.Cluster.Tests.Processes;
using TuningCluster.Cluster.Tests.Studies;

namespace TuningCluster.Cluster.Tests.Machines;

/// <summary>A study on which everything falls that may fall on a cluster.</summary>
public sealed class ChaosTests : ProcessTests
{
    private const int Seed = 20;
    private const int Trials = 300;
    private const int Epochs = 500;

    private static readonly TimeSpan DatabaseIsDown = TimeSpan.FromSeconds(30);

    private readonly Random _random = new(Seed);

    [Fact]
    [Trait("Lane", "Long")]
    public async Task Whatever_is_killed_or_cut_every_trial_ends_once()
    {
        await using var cluster = await ThreeMachines.Start(NewWorkspace);
        var workers = new List<(Machine Machine, TuningProcess Process)>();
        for (var i = 0; i < 4; i++)
        {
            workers.Add(await cluster.Worker($"w{i}"));
        }

        (await cluster.Tuning("submit", StudyFiles.Network(cluster.Home, Trials, Epochs, parallel: 4, large: true), "--to", cluster.Url(_random.Next(3)))).MustEndWith(0);
        var active = await cluster.Active();
        var watch = cluster.Start("watch", "rings", "--to", cluster.Url((active + 1) % 3));
        await Completed(watch, 20 + _random.Next(10));

        var victim = _random.Next(workers.Count);
        await Recovers("a worker was killed", watch, async () =>
        {
            await workers[victim].Process.Kill();
            workers[victim] = (workers[victim].Machine, cluster.StartWorker(workers[victim].Machine, $"w{victim}"));
        });
        await Completed(watch, 60 + _random.Next(10));

        await Recovers("the active coordinator was killed", watch, async () =>
        {
            await cluster[active].Kill();
            await cluster.Active(not: active);
            cluster.StartCoordinator(active);
        });
        await Completed(watch, 110 + _random.Next(10));

        var (machine, cut) = workers[_random.Next(workers.Count)];
        await Recovers("a worker was cut off for longer than its lease", watch, async () =>
        {
            await cluster.Cut(machine);
            await watch.Line("is handed back", Seen(watch, "is handed back") + 1);
            await cluster.Mend(machine);
        });
        await Completed(watch, 180 + _random.Next(10));

        await Recovers($"the database was down for {DatabaseIsDown.TotalSeconds:0} s", watch, async () =>
        {
            await cluster.Database.Crash();
            // The fault itself: there is no event that it ends with.
            await Task.Delay(DatabaseIsDown, TestContext.Current.CancellationToken);
            await cluster.Database.Resume();
        });

        (await watch.Ended()).MustEndWith(0);
        Assert.False(cut.HasEnded);
        var decides = cluster.Url(await cluster.Active(not: active));
        (await cluster.Tuning("audit", "rings", "--to", decides)).MustEndWith(0);
        (await cluster.Tuning("replay", "rings", "--to", decides)).MustEndWith(0);
        var rows = await cluster.Trials(active);
        Assert.Equal(Enumerable.Range(0, Trials), rows.Select(row => row.Number));
        Assert.All(rows, row => Assert.Equal("complete", row.State));
        var best = (await cluster.Tuning("best", "rings", "-o", "json", "--to", decides)).MustEndWith(0).Json();
        Assert.Equal(rows.Min(row => row.Objective()), best.GetProperty("value").GetDouble());
        Assert.Equal("0", await cluster.SecondWriters());
        TestContext.Current.SendDiagnosticMessage($"Of {Trials} trials {rows.Count(row => row.Attempts > 1)} were begun more than once");
    }

    private static int Seen(TuningProcess watch, string part) => watch.Error.All.Count(line => line.Contains(part, StringComparison.Ordinal));

    private static Task<string> Completed(TuningProcess watch, int count) => watch.Line(" complete", count);

    /// <summary>Lets it happen, and prints when trials complete again: from the fault, and from its end.</summary>
    private static async Task Recovers(string what, TuningProcess watch, Func<Task> happen)
    {
        var clock = Stopwatch.StartNew();
        await happen();
        var mended = clock.Elapsed;
        await Completed(watch, Seen(watch, " complete") + 2);
        TestContext.Current.SendDiagnosticMessage($"After {what} trials complete again in {clock.Elapsed.TotalSeconds:0.0} s, {(clock.Elapsed - mended).TotalSeconds:0.0} s after it was mended");
    }
}
