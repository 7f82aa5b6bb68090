using System.Diagnostics;
using System.Globalization;

namespace TuningCluster.Cluster.Tests.Machines;

/// <summary>Several machines on this one: network namespaces whose cables meet in a bridge, and nothing of them is seen outside.</summary>
internal sealed class Network : IAsyncDisposable
{
    private static int _last;

    private readonly string _name;
    private readonly List<string> _namespaces = [];
    private int _machines;

    private Network(string name) => _name = name;

    private string Switch => $"{_name}-sw";

    /// <summary>Skips the test, saying why, where the system permits no such thing.</summary>
    public static async Task<Network> Create()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Network namespaces are Linux's.");
        var network = new Network(string.Create(CultureInfo.InvariantCulture, $"tc{Environment.ProcessId}-{Interlocked.Increment(ref _last)}"));
        try
        {
            await network.Add(network.Switch);
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"No network namespace can be made here: {e.Message}");
        }

        await Ip("-n", network.Switch, "link", "add", "br0", "type", "bridge");
        await Ip("-n", network.Switch, "link", "set", "br0", "up");
        return network;
    }

    public async Task<Machine> AddMachine()
    {
        var number = ++_machines;
        var machine = new Machine($"{_name}-m{number}", string.Create(CultureInfo.InvariantCulture, $"10.77.0.{number}"), $"p{number}");
        await Add(machine.Namespace);
        await Ip("-n", Switch, "link", "add", machine.Port, "type", "veth", "peer", "name", "eth0", "netns", machine.Namespace);
        await Ip("-n", Switch, "link", "set", machine.Port, "master", "br0", "up");
        await Ip("-n", machine.Namespace, "addr", "add", $"{machine.Address}/24", "dev", "eth0");
        await Ip("-n", machine.Namespace, "link", "set", "eth0", "up");
        await Ip("-n", machine.Namespace, "link", "set", "lo", "up");
        return machine;
    }

    /// <summary>Pulls a machine's cable.</summary>
    public Task Cut(Machine machine) => Ip("-n", Switch, "link", "set", machine.Port, "down");

    public Task Mend(Machine machine) => Ip("-n", Switch, "link", "set", machine.Port, "up");

    /// <summary>Nothing that one machine sends reaches those others, which it goes on hearing; the rest of the network it reaches.</summary>
    public static async Task Part(Machine machine, params IReadOnlyList<Machine> others)
    {
        foreach (var other in others)
        {
            await Ip("-n", machine.Namespace, "route", "add", "blackhole", other.Address);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in _namespaces)
        {
            await Ip("netns", "del", name);
        }
    }

    private async Task Add(string name)
    {
        await Ip("netns", "add", name);
        _namespaces.Add(name);
    }

    private static async Task Ip(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"ip {string.Join(' ', arguments)}: {error.Trim()}");
        }
    }
}

/// <summary>One of them.</summary>
/// <param name="Namespace">Its network.</param>
/// <param name="Port">Its cable's other end.</param>
internal sealed record Machine(string Namespace, string Address, string Port);
