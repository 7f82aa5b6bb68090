using System.Text.Json;
using TuningCluster.Cluster.Tests.Processes;
using TuningCluster.TestKit.Postgres;

namespace TuningCluster.Cluster.Tests.Machines;

/// <summary>Three coordinators on machines of their own, a fourth machine with PostgreSQL, and a user's; mutual TLS between all.</summary>
internal sealed class ThreeMachines : IAsyncDisposable
{
    private const string Study = "rings";

    private readonly Network _network;
    private readonly Func<Workspace> _newWorkspace;
    private readonly Workspace _home;
    private readonly Machine _far;
    private readonly TuningProcess[] _coordinators = new TuningProcess[3];
    private readonly string _storage;

    private ThreeMachines(Network network, Func<Workspace> newWorkspace, Workspace home, Machine far, IReadOnlyList<Machine> coordinators, PostgresServer database, string storage) =>
        (_network, _newWorkspace, _home, _far, Machines, Database, _storage) = (network, newWorkspace, home, far, coordinators, database, storage);

    public IReadOnlyList<Machine> Machines { get; }

    public PostgresServer Database { get; }

    /// <summary>The user's folder.</summary>
    public Workspace Home => _home;

    public TuningProcess this[int index] => _coordinators[index];

    /// <summary>All of it, the coordinators started, each known to be up by each, and one of them active.</summary>
    public static async Task<ThreeMachines> Start(Func<Workspace> newWorkspace)
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        var network = await Network.Create();
        var home = newWorkspace();
        var (store, far) = (await network.AddMachine(), await network.AddMachine());
        var machines = new List<Machine> { await network.AddMachine(), await network.AddMachine(), await network.AddMachine() };
        (await home.Tuning(["certs", "create", "--out", "certs", .. machines.SelectMany(m => (string[])["--hostname", m.Address])])).MustEndWith(0);
        home.Write("appsettings.json", JsonSerializer.Serialize(new { Tuning = new { Certs = "certs", TokenFile = "certs/token" } }));
        var database = await PostgresServer.Start(store.Address, store.Namespace);
        var all = new ThreeMachines(network, newWorkspace, home, far, machines, database, await database.CreateDatabase());
        (await all.Tuning("storage", "migrate", "--storage", all._storage)).MustEndWith(0);
        for (var i = 0; i < machines.Count; i++)
        {
            all.StartCoordinator(i);
        }

        foreach (var coordinator in all._coordinators)
        {
            // One that another does not know to be up yet does not count there: a cut in that second may leave no majority.
            await coordinator.Line("\"Up\":3");
        }

        await all.Active();
        return all;
    }

    public string Url(int index) => $"https://{Machines[index].Address}:8443";

    public TuningProcess StartCoordinator(int index) => _coordinators[index] = On(
        Machines[index], _newWorkspace(), Programs.Tuning,
        ["coordinator", "--hostname", Machines[index].Address, "--http", $"{Machines[index].Address}:8443", "--storage", _storage,
            "--certs", _home.PathOf("certs/coordinator"), "--token-file", _home.PathOf("certs/token"), .. Seeds]);

    /// <summary>Which coordinator decides, awaited.</summary>
    /// <param name="not">One that is not meant, though it does not know better yet.</param>
    public async Task<int> Active(int? not = null) => int.Parse(
        await Patience.Until("active coordinator", () => Task.FromResult(Enumerable.Range(0, 3)
            .Where(i => i != not && !_coordinators[i].HasEnded && _coordinators[i].Error.Text.Contains("Coordinator at", StringComparison.Ordinal)).Select(i => $"{i}").FirstOrDefault())),
        null);

    public async Task<(Machine Machine, TuningProcess Process)> Worker(string name)
    {
        var machine = await _network.AddMachine();
        return (machine, StartWorker(machine, name));
    }

    public TuningProcess StartWorker(Machine machine, string name) => On(
        machine, _newWorkspace(), Programs.TrialWorker, ["--hostname", machine.Address, "--certs", _home.PathOf("certs/worker"), "--name", name, "--slots", "1", .. Seeds]);

    /// <summary>A verb of the user's, awaited.</summary>
    public Task<CommandResult> Tuning(params string[] arguments) => Start(arguments).Ended();

    public TuningProcess Start(params string[] arguments) => On(_far, _home, Programs.Tuning, arguments);

    public async Task<IReadOnlyList<TrialRow>> Trials(int coordinator) =>
        TrialRow.Read((await Tuning("trials", Study, "-o", "json", "--to", Url(coordinator))).MustEndWith(0).Json());

    public Task Cut(Machine machine) => _network.Cut(machine);

    public Task Mend(Machine machine) => _network.Mend(machine);

    /// <summary>How many writers' rows a journal has that another writer's had followed already.</summary>
    public Task<string> SecondWriters() => Database.Query(_storage[(_storage.LastIndexOf('/') + 1)..], Journals.SecondWriters);

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await _network.DisposeAsync();
    }

    private IEnumerable<string> Seeds => Machines.SelectMany(m => (string[])["--seed-node", $"{m.Address}:4053"]);

    private static TuningProcess On(Machine machine, Workspace workspace, string program, params IReadOnlyList<string> arguments) =>
        workspace.StartProgram("ip", ["netns", "exec", machine.Namespace, program, .. arguments]);
}
