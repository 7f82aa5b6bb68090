using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using TuningCluster.Cluster.Tests.Processes;
using TuningCluster.Cluster.Tests.Studies;
using TuningCluster.TestKit;

namespace TuningCluster.Cluster.Tests.Hosting;

/// <summary>A cluster with certificates and a token, and strangers at its doors.</summary>
public sealed class SecurityTests : ProcessTests
{
    private const int Trials = 6;

    private readonly int _port = Ports.Free();
    private readonly string _http = $"127.0.0.1:{Ports.Free()}";

    private string Url => $"https://{_http}";

    [Fact]
    public async Task Only_what_the_authority_signed_may_work_and_only_the_token_may_steer()
    {
        var (node, user) = (NewWorkspace(), NewWorkspace());
        await Certificates(node, "certs");
        await Certificates(node, "other");
        var coordinator = await Coordinator(node);

        // Strangers: another authority's, one without any certificate, one without TLS at all, and a worker who would be coordinator.
        var foreign = Worker("foreign", node.PathOf("other/worker"));
        await foreign.Line("its certificate (CN=TuningCluster coordinator) was signed by another authority");
        await coordinator.Line("its certificate (CN=TuningCluster worker) was signed by another authority");
        Worker("plain", certificates: null);
        await coordinator.Line("it speaks no TLS");
        await Probe("GET / HTTP/1.1\r\n\r\n");
        Assert.Contains(
            "is a worker's, not a coordinator's",
            (await node.Tuning("coordinator", "--port", "0", "--http", "127.0.0.1:0", "--certs", "certs/worker")).MustEndWith(2).Error,
            StringComparison.Ordinal);

        // A user without authority, then without token, then with both.
        Assert.Contains("is not believed", (await user.Tuning("studies", "--to", Url)).MustEndWith(4).Error, StringComparison.Ordinal);
        Settings(user, ("Certs", node.PathOf("certs")));
        Assert.Contains("This API is for those who show its token.", (await user.Tuning("studies", "--to", Url)).MustEndWith(4).Error, StringComparison.Ordinal);
        Settings(user, ("Certs", node.PathOf("certs")), ("TokenFile", node.PathOf("certs/token")));
        (await user.Tuning("submit", StudyFiles.Network(user, Trials, 20), "--to", Url)).MustEndWith(0);
        Assert.Equal(0, (await user.Json("show", "rings", "--to", Url)).GetProperty("counts").GetProperty("complete").GetInt32());

        Worker("known", node.PathOf("certs/worker"));
        (await user.Tuning("watch", "rings", "--to", Url)).MustEndWith(0);
        Assert.All(TrialRow.Read(await user.Json("trials", "rings", "--to", Url)), row => Assert.Equal("known", row.Worker));
        await FinishedStudy.MustBeWhole(node, "rings", Trials);

        // Each stranger once, and no secret anywhere.
        Assert.False(foreign.HasEnded);
        var log = coordinator.Error.All;
        foreach (var reason in (string[])["was signed by another authority", "it speaks no TLS", "does not show the token"])
        {
            Assert.Single(log, line => line.Contains(reason, StringComparison.Ordinal));
        }

        var token = File.ReadAllText(node.PathOf("certs/token")).Trim();
        Assert.DoesNotContain(token, coordinator.Error.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(token, File.ReadAllText($"/proc/{coordinator.Id}/cmdline"), StringComparison.Ordinal);
        Assert.True(File.ReadAllBytes(node.DatabasePath).AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(token)) < 0);
    }

    [Fact]
    public async Task A_worker_turned_away_comes_in_when_its_own_coordinator_is_there()
    {
        var node = NewWorkspace();
        await Certificates(node, "certs");
        await Certificates(node, "other");
        var impostor = await Coordinator(node, "other");
        var worker = Worker("patient", node.PathOf("certs/worker"));
        await worker.Line("was signed by another authority");
        await impostor.Kill();
        var coordinator = await Coordinator(node);

        Assert.Contains("patient", await coordinator.Line("joined with"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--hostname 10.0.0.1", "--hostname: '10.0.0.1' is not loopback, and anybody could come as a worker. Give --certs DIR")]
    [InlineData("--http 0.0.0.0:0", "--http: '0.0.0.0:0' is not loopback")]
    [InlineData("--certs certs/coordinator --http 0.0.0.0:0", "--http: '0.0.0.0:0' is not loopback, and anybody could steer the studies. Give --token-file FILE")]
    [InlineData("--certs certs/coordinator --hostname node9", "--hostname: 'node9' is not in the certificate, which is for localhost, 127.0.0.1, ::1.")]
    [InlineData("--certs nowhere", "has no ca.crt, no tls.crt, no tls.key. 'tuning certs create --out DIR' makes them")]
    [InlineData("--token-file certs/coordinator/none", "--token-file: Could not find file")]
    [InlineData("--hostname 10.0.0.1 --allow-anonymous", "--http: '127.0.0.1:8080' is loopback, and workers that come to 10.0.0.1 fetch their data there.")]
    public async Task A_coordinator_that_anybody_could_reach_does_not_start(string options, string fault)
    {
        var node = NewWorkspace();
        await Certificates(node, "certs");

        var ended = (await node.Tuning(["coordinator", "--port", "0", .. options.Split(' ')])).MustEndWith(2);
        Assert.Contains(fault, ended.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(node.StoreDirectory));
    }

    [Theory]
    [InlineData("--seed-node node1:4053", "--seed-node: 'node1:4053' is on another machine, and nothing would prove that it is the coordinator.")]
    [InlineData("--seed-node 127.0.0.1:4053 --hostname 10.0.0.1", "--hostname: '10.0.0.1' is not loopback, and anybody could say what this worker trains.")]
    [InlineData("--seed-node node1:4053 --allow-anonymous", "--hostname: 127.0.0.1 is loopback, where node1:4053 does not reach this worker.")]
    public async Task A_worker_that_anybody_could_use_does_not_start(string options, string fault) =>
        Assert.Contains(fault, (await NewWorkspace().StartProgram(Programs.TrialWorker, options.Split(' ')).Ended()).MustEndWith(2).Error, StringComparison.Ordinal);

    [Fact]
    public async Task Nodes_listen_on_loopback_only_unless_told_otherwise()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        var node = NewWorkspace();
        var coordinator = node.Start("coordinator", "--port", $"{_port}", "--http", _http);
        await coordinator.Line("Coordinator at");
        var worker = NewWorkspace().StartProgram(Programs.TrialWorker, "--seed-node", $"127.0.0.1:{_port}", "--name", "w");
        await worker.Line("Connected to");

        foreach (var process in (TuningProcess[])[coordinator, worker])
        {
            var listeners = Listeners.Of(process.Id);
            Assert.NotEmpty(listeners);
            Assert.All(listeners, l => Assert.True(IPAddress.IsLoopback(l.Address.IsIPv4MappedToIPv6 ? l.Address.MapToIPv4() : l.Address), $"It listens on {l}."));
        }
    }

    private static async Task Certificates(Workspace workspace, string folder) => (await workspace.Tuning("certs", "create", "--out", folder)).MustEndWith(0);

    private static void Settings(Workspace workspace, params (string Name, string Value)[] settings) =>
        workspace.Write("appsettings.json", JsonSerializer.Serialize(new { Tuning = settings.ToDictionary(s => s.Name, s => s.Value) }));

    private async Task<TuningProcess> Coordinator(Workspace workspace, string folder = "certs")
    {
        var coordinator = workspace.Start("coordinator", "--http", _http, "--port", $"{_port}", "--certs", $"{folder}/coordinator", "--token-file", $"{folder}/token");
        await coordinator.Line("Coordinator at");
        return coordinator;
    }

    private TuningProcess Worker(string name, string? certificates) => NewWorkspace().StartProgram(
        Programs.TrialWorker, ["--seed-node", $"127.0.0.1:{_port}", "--name", name, "--slots", "1", .. certificates is null ? (string[])[] : ["--certs", certificates]]);

    /// <summary>Says something to the workers' port, and waits until it hangs up.</summary>
    private async Task Probe(string text)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(text), TestContext.Current.CancellationToken);
        try
        {
            await client.GetStream().CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // Hanging up without a word is the answer.
        }
    }
}
