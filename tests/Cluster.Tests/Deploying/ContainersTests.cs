using System.Runtime.Versioning;
using TuningCluster.Cluster.Tests.Hosting;
using TuningCluster.Cluster.Tests.Processes;
using TuningCluster.Cluster.Tests.Studies;

namespace TuningCluster.Cluster.Tests.Deploying;

/// <summary>The images and the compose file, in containers.</summary>
[SupportedOSPlatform("linux")]
public sealed class ContainersTests : ProcessTests
{
    private const string Api = "https://coordinator:8443";
    private const int Trials = 24;

    /// <summary>As the compose file has it for a worker.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    [Fact]
    [Trait("Lane", "Long")]
    public async Task A_study_ends_on_a_coordinator_two_workers_and_PostgreSQL()
    {
        await using var podman = await Podman.Open();
        var repository = RepositoryRoot.FolderOf();
        foreach (var image in (string[])["tuning", "trial-worker"])
        {
            await podman.Build(repository, $"deploy/docker/{image}.Dockerfile", image);
        }

        // Containers run as users of their own.
        var (home, secrets) = (NewWorkspace(), NewWorkspace());
        File.SetUnixFileMode(home.Directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        secrets.Write("database", "4f0c27d1b6");
        File.SetUnixFileMode(secrets.Directory, File.GetUnixFileMode(home.Directory));
        var compose = new Compose(Path.Combine(repository, "deploy/compose/compose.yaml"), podman, secrets.Directory, home.Directory);
        Task<CommandResult> Tuning(params string[] arguments) => podman.Once(compose.Arguments("tuning", arguments));

        // In place of the image that the file names, the same program.
        await podman.Start(
            "database", "--memory", "512m", "--user", "postgres", "--volume", $"{secrets.PathOf("database")}:/run/secrets/database:ro", Podman.Debian, "sh", "-ec",
            """
            PATH=$PATH:/usr/lib/postgresql/15/bin
            initdb --pgdata /tmp/data --username tuning --pwfile /run/secrets/database --auth scram-sha-256 > /dev/null
            echo 'host all all all scram-sha-256' >> /tmp/data/pg_hba.conf
            exec postgres -D /tmp/data -c listen_addresses='*' -c unix_socket_directories=/tmp
            """);
        await Patience.Until("database", async () => (await podman.Once("--volume", $"{secrets.PathOf("database")}:/run/secrets/database:ro", Podman.Debian, "sh", "-c", "PGPASSWORD=$(cat /run/secrets/database) psql -h database -U tuning postgres -c 'CREATE DATABASE tuning'")).Code == 0 ? "ready" : null);
        (await podman.Once(compose.Arguments("certificates"))).MustEndWith(0);
        (await podman.Once(compose.Arguments("schema"))).MustEndWith(0);
        await podman.Start("coordinator", compose.Arguments("coordinator"));
        await Says("coordinator", "Coordinator at");
        await podman.Start("first", compose.Arguments("worker"));
        await podman.Start("second", compose.Arguments("worker"));
        await Says("first", "Connected to");
        await Says("second", "Connected to");

        StudyFiles.Network(home, Trials, 3000);
        (await Tuning("submit", "rings.yaml", "--to", Api)).MustEndWith(0);
        (await Tuning("watch", "rings", "--to", Api)).MustEndWith(0);
        var rows = TrialRow.Read((await Tuning("trials", "rings", "-o", "json", "--to", Api)).MustEndWith(0).Json());
        Assert.Equal(Trials, rows.Count(row => row.State == "complete"));
        Assert.Equal(2, rows.Select(row => row.Worker).Distinct().Count());
        (await Tuning("audit", "rings", "--to", Api)).MustEndWith(0);

        // What SIGTERM means to them does not get lost in a shell.
        Assert.Equal(0, await podman.Stop("first", Grace));
        Assert.Equal(0, await podman.Stop("coordinator", Grace));

        Task<string> Says(string container, string line) => Patience.Until(
            $"'{line}' from {container}", async () => (await podman.Log(container)).Contains(line, StringComparison.Ordinal) ? line : null);
    }
}
