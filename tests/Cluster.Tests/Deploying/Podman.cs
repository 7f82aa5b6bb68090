using System.Diagnostics;
using System.Globalization;
using TuningCluster.Cluster.Tests.Processes;

namespace TuningCluster.Cluster.Tests.Deploying;

/// <summary>Containers: images from Debian and the .NET of this machine, and a network whose machines find each other by name.</summary>
/// <remarks>The images on which ours are built come from registries that a test should not depend on: a small Debian with PostgreSQL, and the same with .NET, take their place.</remarks>
internal sealed class Podman : IAsyncDisposable
{
    public const string Debian = "localhost/tuning-test-debian";
    private const string Runtime = "localhost/tuning-test-runtime";
    private const string Sdk = "localhost/tuning-test-sdk";

    /// <summary>An image is built from source in it, next to another that is being tested.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>Runs where runc is the runtime that works, on a machine without systemd, and with limits it may set.</summary>
    private const string Settings = """
        [containers]
        default_ulimits = ["nofile=20000:20000", "nproc=20000:20000"]
        [engine]
        runtime = "runc"
        cgroup_manager = "cgroupfs"
        events_logger = "file"
        [network]
        network_backend = "netavark"
        """;

    private readonly DirectoryInfo _folder;
    private readonly List<string> _containers = [];
    private readonly List<string> _volumes = [];

    private Podman(DirectoryInfo folder) => _folder = folder;

    /// <summary>What everything of this test is called, with a word behind it.</summary>
    public string Name { get; } = string.Create(CultureInfo.InvariantCulture, $"tuning-test-{Environment.ProcessId}");

    /// <summary>Skips the test, saying why, where there are no containers.</summary>
    public static async Task<Podman> Open()
    {
        foreach (var program in (string[])["podman", "runc", "debootstrap"])
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, program))), $"{program} is not on the PATH.");
        }

        var podman = new Podman(Directory.CreateTempSubdirectory("tuning-podman-"));
        await File.WriteAllTextAsync(Path.Combine(podman._folder.FullName, "containers.conf"), Settings);
        if (await podman.WhyNot() is { } reason)
        {
            podman._folder.Delete(recursive: true);
            Assert.Skip($"Containers do not run here: {reason}");
        }

        await podman.Run("network", "create", podman.Name);
        return podman;
    }

    /// <summary>Builds one of our images, from what is restored already.</summary>
    public Task Build(string repository, string dockerfile, string image) => Run(
        "build", "--quiet", "--layers=false", "--network=none", "--build-arg", $"SDK={Sdk}", "--build-arg", $"RUNTIME={Runtime}",
        "--volume", $"{Packages}:/packages", "--file", Path.Combine(repository, dockerfile), "--tag", image, repository);

    /// <summary>A container that stays.</summary>
    /// <param name="name">Where others on the network find it.</param>
    /// <param name="arguments">Options, image and command.</param>
    public async Task Start(string name, params IReadOnlyList<string> arguments)
    {
        _containers.Add($"{Name}-{name}");
        await Run(["run", "--detach", "--network", Name, "--name", $"{Name}-{name}", "--network-alias", name, .. arguments]);
    }

    /// <summary>A container, to its end.</summary>
    public Task<CommandResult> Once(params IReadOnlyList<string> arguments) => Ended(["run", "--rm", "--network", Name, .. arguments]);

    /// <summary>Name of a volume that goes with the test.</summary>
    public string Volume(string name)
    {
        if (!_volumes.Contains($"{Name}-{name}"))
        {
            _volumes.Add($"{Name}-{name}");
        }

        return $"{Name}-{name}";
    }

    public async Task<string> Log(string name) => (await Ended("logs", $"{Name}-{name}")) is var said ? said.Out + said.Error : "";

    /// <summary>SIGTERM, and after its grace period SIGKILL.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> Stop(string name, TimeSpan grace)
    {
        await Run("stop", "--time", grace.TotalSeconds.ToString(CultureInfo.InvariantCulture), $"{Name}-{name}");
        return int.Parse((await Run("inspect", "--format", "{{.State.ExitCode}}", $"{Name}-{name}")).Out, CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            foreach (var container in _containers)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"{container} said last:\n{string.Join('\n', (await Ended("logs", container)) is var said ? (said.Out + said.Error).Split('\n').TakeLast(20) : [])}");
            }
        }

        foreach (var container in _containers)
        {
            await Ended("rm", "--force", "--volumes", container);
        }

        foreach (var volume in _volumes)
        {
            await Ended("volume", "rm", volume);
        }

        await Ended("network", "rm", Name);
        _folder.Delete(recursive: true);
    }

    private static string Packages => Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>Makes what images are built on, unless an earlier test has.</summary>
    private async Task<string?> WhyNot()
    {
        if ((await Ended("image", "exists", Debian)).Code != 0)
        {
            var root = Path.Combine(_folder.FullName, "root");
            var made = await Ended("debootstrap", ["--variant=minbase", "--include=libicu72,libssl3,ca-certificates,postgresql-15", "bookworm", root, .. Mirror()]);
            if (made.Code != 0)
            {
                return $"debootstrap: {made.Error}{string.Join('\n', made.Out.Split('\n').TakeLast(3))}";
            }

            await File.WriteAllTextAsync(Path.Combine(root, "Dockerfile"), "FROM scratch\nCOPY . /\nENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n");
            if (await Built(root, Debian) is { } reason)
            {
                return reason;
            }

            Directory.Delete(root, recursive: true);
        }

        if ((await Ended("run", "--rm", Debian, "true")) is { Code: not 0 } refused)
        {
            return refused.Error;
        }

        // The .NET of this machine may be another than last time; unchanged, nothing is copied.
        return await Built(Programs.DotnetRoot, Runtime, $"FROM {Debian}\nCOPY dotnet /usr/share/dotnet/\nCOPY host /usr/share/dotnet/host\nCOPY shared /usr/share/dotnet/shared\nENV DOTNET_ROOT=/usr/share/dotnet PATH=/usr/share/dotnet:/usr/local/bin:/usr/bin:/bin\n")
            ?? await Built(Programs.DotnetRoot, Sdk, $"FROM {Runtime}\nCOPY . /usr/share/dotnet\n# Nobody is to be asked for known vulnerabilities: the network is off.\nENV NUGET_PACKAGES=/packages NuGetAudit=false DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false\n");
    }

    private async Task<string?> Built(string context, string image, string? dockerfile = null)
    {
        var file = Path.Combine(dockerfile is null ? context : _folder.FullName, "Dockerfile");
        if (dockerfile is not null)
        {
            await File.WriteAllTextAsync(file, dockerfile);
        }

        return (await Ended("build", "--quiet", "--tag", image, "--file", file, context)) is { Code: not 0 } failed ? failed.Error : null;
    }

    /// <summary>Where this machine has its own packages from.</summary>
    private static IEnumerable<string> Mirror()
    {
        const string Sources = "/etc/apt/sources.list.d/debian.sources";
        return File.Exists(Sources) ? File.ReadLines(Sources).Where(line => line.StartsWith("URIs:", StringComparison.Ordinal)).Select(line => line.Split(' ')[1]).Take(1) : [];
    }

    private async Task<CommandResult> Run(params IReadOnlyList<string> arguments) => (await Ended(arguments)).MustEndWith(0);

    private Task<CommandResult> Ended(params IReadOnlyList<string> arguments) => Ended("podman", arguments);

    private async Task<CommandResult> Ended(string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["CONTAINERS_CONF"] = Path.Combine(_folder.FullName, "containers.conf");
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new CommandResult($"{program} {string.Join(' ', arguments)}", process.ExitCode, await output, await error);
    }
}
