using System.CommandLine;
using System.Globalization;
using System.Text;
using TuningCluster.Coordinator.Security;
using TuningCluster.Shared.Security;

namespace TuningCluster.Coordinator.Cli;

/// <summary><c>tuning certs create</c>: what the nodes of a cluster prove themselves with.</summary>
internal static class CertsCommand
{
    private const int MostDays = 3650;

    /// <summary>A coordinator is always reached from its own machine.</summary>
    private static readonly string[] Loopback = ["localhost", "127.0.0.1", "::1"];

    public static Command Create(CliServices services, Terminal terminal)
    {
        var folder = new Option<string>("--out") { HelpName = "DIR", Description = "The authority's folder; one that is there signs anew.", Required = true };
        var hostnames = new Option<string[]>("--hostname") { HelpName = "H", Description = "A name or address of a coordinator; may stand several times.", AllowMultipleArgumentsPerToken = true };
        var days = new Option<int>("--days") { HelpName = "N", Description = "How long the nodes' certificates are valid. Default: 365.", DefaultValueFactory = _ => 365 };
        var create = new Command("create", "Makes a certificate authority, a certificate for coordinators and one for workers, and a token for users.") { folder, hostnames, days };
        create.SetAction(parsed =>
        {
            var names = parsed.GetValue(hostnames) ?? [];
            if (names.FirstOrDefault(name => Uri.CheckHostName(name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name) == UriHostNameType.Unknown) is { } wrong)
            {
                throw new UsageException($"--hostname: '{wrong}' is no name or address of a machine", "--hostname node1.example.com");
            }

            var life = parsed.GetValue(days);
            if (life is < 1 or > MostDays)
            {
                throw new UsageException($"--days: {life} is outside 1 to {MostDays}", "--days 365");
            }

            var typed = parsed.GetRequiredValue(folder);
            Write(Path.GetFullPath(typed, services.WorkingDirectory), typed, [.. Loopback.Concat(names).Distinct(StringComparer.OrdinalIgnoreCase)], life, services, terminal);
            return ExitCode.Done;
        });
        return new Command("certs", "Certificates for clusters of several machines.") { create };
    }

    private static void Write(string folder, string typed, IReadOnlyList<string> names, int days, CliServices services, Terminal terminal)
    {
        CertificateAuthority authority;
        DateTimeOffset end;
        try
        {
            authority = CertificateAuthority.At(folder, services.Time.GetUtcNow());
            end = authority.Sign(NodeRole.Coordinator, names, TimeSpan.FromDays(days));
            authority.Sign(NodeRole.Worker, Loopback, TimeSpan.FromDays(days));
        }
        catch (InvalidDataException half)
        {
            throw new UsageException(half.Message, "name an empty folder with --out");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"'{typed}' cannot be written: {e.Message.TrimEnd('.')}", "name another folder with --out");
        }

        var text = new StringBuilder();
        Row("coordinator", $"for {string.Join(", ", names)}; until {Day(end)}");
        Row("worker", $"for workers on any machine; until {Day(end)}");
        Row(CertificateAuthority.TokenFile, "what users of the API show");
        Row(NodeCertificates.AuthorityFile, $"whom all of them believe; until {Day(authority.Until)}");
        Row(CertificateAuthority.KeyFile, "signs more of them: keep it off the nodes");
        terminal.Out.Write(text.ToString());
        terminal.Error.WriteLine(authority.IsNew ? "Made. A coordinator and a worker are started with them so:" : "Signed anew by the authority that was there. A node takes up its new certificate when it is started:");
        var host = names[^1] is "::1" ? names[0] : names[^1];
        var place = CommandText.Quote(typed);
        terminal.Error.WriteLine($"  tuning coordinator --hostname {host} --http {host}:8443 --certs {place}/coordinator --token-file {place}/{CertificateAuthority.TokenFile}");
        terminal.Error.WriteLine($"  trial-worker --seed-node {host}:{Hosting.CoordinatorOptions.DefaultPort} --hostname ITS-OWN-NAME --certs {place}/worker");

        void Row(string file, string what) => text.Append(CultureInfo.InvariantCulture, $"{$"{typed.TrimEnd('/')}/{file}",-32} {what}\n");
    }

    private static string Day(DateTimeOffset date) => date.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
