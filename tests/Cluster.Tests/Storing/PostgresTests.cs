using System.Net;
using TuningCluster.Cluster.Tests.Processes;
using TuningCluster.Cluster.Tests.Studies;
using TuningCluster.TestKit;
using TuningCluster.TestKit.Postgres;

namespace TuningCluster.Cluster.Tests.Storing;

/// <summary>A coordinator whose studies are in PostgreSQL, on a server of the test's own.</summary>
public sealed class PostgresTests : ProcessTests
{
    private const int Trials = 40;
    private const int Epochs = 1500;

    private readonly string _http = $"127.0.0.1:{Ports.Free()}";
    private readonly string _port = $"{Ports.Free()}";

    [Fact]
    public async Task A_database_that_is_down_for_a_while_costs_no_outcome_and_no_process()
    {
        await using var server = await Start();
        var storage = await server.CreateDatabase();
        var (node, user) = (NewWorkspace(), NewWorkspace());
        Assert.Contains("has no tables of ours", (await node.Tuning("coordinator", "--storage", storage, "--http", _http, "--port", _port)).MustEndWith(4).Error, StringComparison.Ordinal);
        (await node.Tuning("storage", "migrate", "--storage", storage)).MustEndWith(0);
        var coordinator = await Coordinator(node, storage);
        var worker = NewWorkspace().StartProgram(Programs.TrialWorker, "--seed-node", $"127.0.0.1:{_port}", "--name", "w", "--slots", "1");
        (await user.Tuning("submit", StudyFiles.Network(user, Trials, Epochs), "--to", _http)).MustEndWith(0);
        var watch = user.Start("watch", "rings", "--to", _http);
        await watch.Line("complete", 3);

        await server.Crash();
        await coordinator.Line("is not reachable");
        using var client = new HttpClient { BaseAddress = new Uri($"http://{_http}") };
        var (ready, why) = await Health(client, "ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready);
        Assert.Contains("is not reachable: ", why, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await Health(client, "live")).Status);
        // Long enough for writes to have failed and the actor to have been started again.
        await coordinator.Line("could not be written");
        await server.Resume();
        await coordinator.Line("is reachable again");

        (await watch.Ended()).MustEndWith(0);
        Assert.False(coordinator.HasEnded);
        Assert.False(worker.HasEnded);
        Assert.Equal(HttpStatusCode.OK, (await Health(client, "ready")).Status);
        (await user.Tuning("audit", "rings", "--to", _http)).MustEndWith(0);
        Assert.All(await Rows(node, storage), row => Assert.Equal("complete", row.State));
        Assert.Contains("test_loss", (await node.Json("best", "rings", "--storage", storage)).GetProperty("metrics").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_coordinator_is_followed_by_another_in_another_folder()
    {
        await using var server = await Start();
        var storage = await server.CreateDatabase();
        var (node, user) = (NewWorkspace(), NewWorkspace());
        (await node.Tuning("storage", "migrate", "--storage", storage)).MustEndWith(0);
        var first = await Coordinator(node, storage);
        NewWorkspace().StartProgram(Programs.TrialWorker, "--seed-node", $"127.0.0.1:{_port}", "--name", "w", "--slots", "1");
        (await user.Tuning("submit", StudyFiles.Network(user, Trials, Epochs), "--to", _http)).MustEndWith(0);
        var watch = user.Start("watch", "rings", "--to", _http);
        await watch.Line("complete", 3);
        var refused = await NewWorkspace().Tuning("coordinator", "--storage", storage, "--http", "127.0.0.1:0", "--port", "0");
        Assert.Contains($"The store {storage} is being written by 'tuning coordinator", refused.MustEndWith(4).Error, StringComparison.Ordinal);

        await first.Kill();
        // Nothing of the first one's folder is needed: the data set that it took is in the database.
        await Coordinator(NewWorkspace(), storage);
        NewWorkspace().StartProgram(Programs.TrialWorker, "--seed-node", $"127.0.0.1:{_port}", "--name", "late", "--slots", "1");
        (await watch.Ended()).MustEndWith(0);
        (await user.Tuning("audit", "rings", "--storage", storage)).MustEndWith(0);
        Assert.Contains("late", (await Rows(user, storage)).Select(row => row.Worker));
    }

    [Fact]
    public async Task A_study_begun_in_SQLite_goes_on_in_PostgreSQL()
    {
        await using var server = await Start();
        var storage = await server.CreateDatabase();
        var node = NewWorkspace();
        var file = StudyFiles.Network(node, 6, 20);
        (await node.Tuning("run", file)).MustEndWith(0);
        (await node.Tuning("storage", "migrate", "--storage", storage)).MustEndWith(0);
        Assert.Contains("Copied 1 studies with ", (await node.Tuning("storage", "copy", "--from", "sqlite:.tuning/studies.db", "--storage", storage)).MustEndWith(0).Error, StringComparison.Ordinal);
        Assert.Equal((await node.Tuning("trials", "rings", "-o", "json")).Out, (await node.Tuning("trials", "rings", "-o", "json", "--storage", storage)).Out);

        (await node.Tuning("run", file, "--trials", "9", "--storage", storage)).MustEndWith(0);
        Assert.Equal(9, (await Rows(node, storage)).Count);
        (await node.Tuning("audit", "rings", "--storage", storage)).MustEndWith(0);
        (await node.Tuning("replay", "rings", "--storage", storage)).MustEndWith(0);
    }

    private static async Task<PostgresServer> Start()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        return await PostgresServer.Start();
    }

    private async Task<TuningProcess> Coordinator(Workspace workspace, string storage)
    {
        var coordinator = workspace.Start("coordinator", "--storage", storage, "--http", _http, "--port", _port);
        await coordinator.Line("Coordinator at");
        return coordinator;
    }

    private static async Task<IReadOnlyList<TrialRow>> Rows(Workspace workspace, string storage) =>
        TrialRow.Read(await workspace.Json("trials", "rings", "--storage", storage));

    private static async Task<(HttpStatusCode Status, string Text)> Health(HttpClient client, string kind)
    {
        using var answer = await client.GetAsync(new Uri($"healthz/{kind}", UriKind.Relative), TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
