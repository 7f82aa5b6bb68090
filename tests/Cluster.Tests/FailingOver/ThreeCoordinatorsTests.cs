using System.Diagnostics;
using System.Net;
using TuningCluster.Cluster.Tests.Machines;
using TuningCluster.Cluster.Tests.Processes;
using TuningCluster.Cluster.Tests.Studies;
using TuningCluster.TestKit.Postgres;

namespace TuningCluster.Cluster.Tests.FailingOver;

/// <summary>Three coordinators: one decides, and another follows it.</summary>
public sealed class ThreeCoordinatorsTests : ProcessTests
{
    private const int Trials = 40;
    private const int Epochs = 1500;

    [Fact]
    public async Task Another_follows_a_killed_coordinator_and_it_comes_back_to_stand_by()
    {
        await using var server = await Start();
        var (storage, coordinators, user) = await Cluster(server);
        coordinators.StartAll();
        await coordinators.AllUp();
        var first = await coordinators.Active();
        var standby = (first + 1) % 3;
        var worker = Worker(coordinators, "w");

        // Whichever is asked, the active one answers; blobs are served by each.
        (await user.Tuning("submit", StudyFiles.Network(user, Trials, Epochs), "--to", coordinators.Url(standby))).MustEndWith(0);
        var watch = user.Start("watch", "rings", "--to", coordinators.Url(standby));
        await watch.Line("complete", 3);
        using var client = new HttpClient();
        Assert.Equal("alive", await client.GetStringAsync($"{coordinators.Url(standby)}/healthz/live", TestContext.Current.CancellationToken));
        Assert.Equal("ready", await client.GetStringAsync($"{coordinators.Url(standby)}/healthz/ready", TestContext.Current.CancellationToken));
        Assert.Contains("tuning_coordinator_active 0", await client.GetStringAsync($"{coordinators.Url(standby)}/metrics", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("tuning_coordinator_active 1", await client.GetStringAsync($"{coordinators.Url(first)}/metrics", TestContext.Current.CancellationToken), StringComparison.Ordinal);

        var clock = Stopwatch.StartNew();
        await coordinators[first].Kill();
        var second = await coordinators.Active();
        TestContext.Current.SendDiagnosticMessage($"Active again {clock.Elapsed.TotalSeconds:0.0} s after kill -9");
        Assert.NotEqual(first, second);
        var told = watch.Error.All.Count(line => line.Contains("complete", StringComparison.Ordinal));
        await watch.Line("complete", told + 2);
        Assert.False(worker.HasEnded);

        // It is found again under its address, and stands by.
        coordinators.Start(first);
        await Patience.Until("answer of the one that came back", async () => await Ready(client, coordinators.Url(first)));
        Assert.DoesNotContain("Coordinator at", coordinators[first].Error.Text, StringComparison.Ordinal);

        // One that is asked to go hands over.
        clock.Restart();
        coordinators[second].Send(Signal.Terminate);
        (await coordinators[second].Ended()).MustEndWith(0);
        var third = await coordinators.Active();
        TestContext.Current.SendDiagnosticMessage($"Handed over {clock.Elapsed.TotalSeconds:0.0} s after SIGTERM");
        Assert.NotEqual(second, third);
        coordinators.Start(second);

        (await watch.Ended()).MustEndWith(0);
        await MustBeWhole(user, coordinators.Url(third));
        Assert.Equal("0", await server.Query(storage[(storage.LastIndexOf('/') + 1)..], Journals.SecondWriters));
    }

    [Fact]
    public async Task One_of_three_decides_nothing_alone()
    {
        await using var server = await Start();
        var (_, coordinators, user) = await Cluster(server);
        var lone = coordinators.Start(0);
        await lone.Line("stands by");
        using var client = new HttpClient();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync($"{coordinators.Url(0)}/api/v1/studies", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Contains("No coordinator is active", (await user.Tuning("studies", "--to", coordinators.Url(0))).MustEndWith(4).Error, StringComparison.Ordinal);

        coordinators.Start(2);
        await coordinators.Active();
        (await user.Tuning("studies", "--to", coordinators.Url(0))).MustEndWith(0);
    }

    [Theory]
    [InlineData("is none of", "127.0.0.1:7001", "127.0.0.1:7002", "127.0.0.1:7003")]
    [InlineData("2 coordinators cannot outvote", "127.0.0.1:7000", "127.0.0.1:7001")]
    [InlineData("need a store that each of them reaches", "127.0.0.1:7000", "127.0.0.1:7001", "127.0.0.1:7002")]
    public async Task What_cannot_be_a_cluster_is_refused(string reason, params string[] seeds)
    {
        var refused = (await NewWorkspace().Tuning(["coordinator", "--port", "7000", .. seeds.SelectMany(seed => (string[])["--seed-node", seed])])).MustEndWith(2);
        Assert.Matches(reason, refused.Error);
    }

    private static async Task<PostgresServer> Start()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        return await PostgresServer.Start();
    }

    private async Task<(string Storage, Coordinators Coordinators, Workspace User)> Cluster(PostgresServer server)
    {
        var storage = await server.CreateDatabase();
        var user = NewWorkspace();
        (await user.Tuning("storage", "migrate", "--storage", storage)).MustEndWith(0);
        return (storage, new Coordinators(storage, NewWorkspace), user);
    }

    private TuningProcess Worker(Coordinators coordinators, string name) =>
        NewWorkspace().StartProgram(Programs.TrialWorker, ["--name", name, "--slots", "1", .. coordinators.Seeds.SelectMany(seed => (string[])["--seed-node", seed])]);

    private static async Task<string?> Ready(HttpClient client, string url)
    {
        try
        {
            using var answer = await client.GetAsync($"{url}/healthz/ready", TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode ? url : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task MustBeWhole(Workspace user, string url)
    {
        (await user.Tuning("audit", "rings", "--to", url)).MustEndWith(0);
        (await user.Tuning("replay", "rings", "--to", url)).MustEndWith(0);
        var rows = TrialRow.Read(await user.Json("trials", "rings", "--to", url));
        Assert.Equal(Enumerable.Range(0, Trials), rows.Select(row => row.Number));
        Assert.All(rows, row => Assert.Equal("complete", row.State));
    }
}
