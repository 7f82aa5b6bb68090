using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace TuningCluster.TestKit.Postgres;

/// <summary>A PostgreSQL server of the test's own, on loopback or in a network namespace, of the binaries that are installed; gone afterwards.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "tuning";

    /// <summary>PostgreSQL does not run as root: whom it is run as then.</summary>
    private const string Servant = "postgres";

    private readonly string _root = Directory.CreateTempSubdirectory("tuning-postgres-").FullName;
    private readonly string _binaries;
    private readonly string _host;
    private readonly string? _namespace;
    private int _databases;

    private PostgresServer(string binaries, string host, string? networkNamespace) => (_binaries, _host, _namespace, Port) = (binaries, host, networkNamespace, Ports.Free());

    public int Port { get; }

    /// <summary>Why none can be started here; null when one can.</summary>
    public static string? WhyNot => Binaries() is null ? "PostgreSQL is not installed: there is no /usr/lib/postgresql/*/bin, and no initdb on the PATH." : null;

    /// <param name="host">Where it listens, to whoever is on that network.</param>
    /// <param name="networkNamespace">Whose address that is; null for this one.</param>
    public static async Task<PostgresServer> Start(string host = "127.0.0.1", string? networkNamespace = null)
    {
        var server = new PostgresServer(Binaries() ?? throw new InvalidOperationException(WhyNot), host, networkNamespace);
        if (Environment.IsPrivilegedProcess)
        {
            await Run("chown", "-R", Servant, server._root);
        }

        await server.AsServant("initdb", "-D", $"{server._root}/data", "-A", "trust", "-U", User, "-E", "UTF8", "--locale=C", "--no-sync");
        if (networkNamespace is not null)
        {
            await File.AppendAllTextAsync($"{server._root}/data/pg_hba.conf", "host all all samenet trust\n");
        }

        await server.Resume();
        return server;
    }

    /// <summary>An empty database of its own.</summary>
    /// <returns>Its address as <c>--storage</c> takes it.</returns>
    public async Task<string> CreateDatabase()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"d{Interlocked.Increment(ref _databases)}");
        await Query("postgres", $"CREATE DATABASE {name}");
        return $"postgres://{User}@{_host}:{Port}/{name}";
    }

    /// <summary>What psql prints of a query, without headings.</summary>
    public Task<string> Query(string database, string sql) =>
        Inside(Path.Combine(_binaries, "psql"), "-h", _host, "-p", $"{Port}", "-U", User, "-d", database, "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-c", sql);

    /// <summary>As when its machine loses power.</summary>
    public Task Crash() => AsServant("pg_ctl", "-D", $"{_root}/data", "-m", "immediate", "-w", "stop");

    public Task Resume() => AsServant(
        "pg_ctl", "-D", $"{_root}/data", "-w", "-l", $"{_root}/log", "-o", $"-p {Port} -c listen_addresses={_host} -c unix_socket_directories={_root} -c fsync=off -c max_connections=200", "start");

    public async ValueTask DisposeAsync()
    {
        if (File.Exists($"{_root}/data/postmaster.pid"))
        {
            await Crash();
        }

        Directory.Delete(_root, recursive: true);
    }

    private Task<string> AsServant(string program, params string[] arguments)
    {
        var path = Path.Combine(_binaries, program);
        return Environment.IsPrivilegedProcess ? Inside("runuser", ["-u", Servant, "--", path, .. arguments]) : Inside(path, arguments);
    }

    private Task<string> Inside(string program, params string[] arguments) =>
        _namespace is null ? Run(program, arguments) : Run("ip", ["netns", "exec", _namespace, program, .. arguments]);

    private static string? Binaries()
    {
        var installed = Directory.Exists("/usr/lib/postgresql") ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin")) : [];
        var paths = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return installed.OrderDescending(StringComparer.Ordinal).Concat(paths).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")));
    }

    /// <summary>What it starts in the background keeps its output: nothing of that is waited for.</summary>
    private static async Task<string> Run(string program, params string[] arguments)
    {
        var isServer = arguments.Contains("start");
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = !isServer, RedirectStandardError = !isServer, WorkingDirectory = "/" })!;
        var (output, error) = isServer ? ("", "see its log") : (await process.StandardOutput.ReadToEndAsync(), await process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output.TrimEnd('\n') : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: exit code {process.ExitCode}: {error}{output}");
    }
}
