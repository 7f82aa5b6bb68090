using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TuningCluster.Coordinator.Security;
using TuningCluster.Shared.Security;

namespace TuningCluster.Coordinator.Tests.Security;

public sealed class CertificateAuthorityTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    private readonly string _root = Directory.CreateTempSubdirectory("tuning-certs-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void What_it_signs_is_believed_in_its_role_alone()
    {
        var coordinator = Signed("ca", NodeRole.Coordinator, "node1", "10.0.0.1");
        var worker = Signed("ca", NodeRole.Worker);

        Assert.Null(coordinator.Refuse(worker.Own, NodeRole.Worker, NodeRole.Coordinator));
        Assert.Null(worker.Refuse(coordinator.Own, NodeRole.Coordinator));
        Assert.Equal("its certificate (CN=TuningCluster worker) is a worker's, not a coordinator's", worker.Refuse(worker.Own, NodeRole.Coordinator));
        Assert.Equal("it shows no certificate", worker.Refuse(null, NodeRole.Coordinator));
        Assert.True(coordinator.Own.MatchesHostname("node1"));
        Assert.True(coordinator.Own.MatchesHostname("10.0.0.1"));
        Assert.False(coordinator.Own.MatchesHostname("node2"));
        Assert.Equal(["node1", "10.0.0.1"], NodeIdentity.NamesOf(coordinator.Own));
    }

    [Fact]
    public void Another_authority_is_not_believed() => Assert.Equal(
        "its certificate (CN=TuningCluster worker) was signed by another authority",
        Signed("ca", NodeRole.Coordinator, "a").Refuse(Signed("other", NodeRole.Worker).Own, NodeRole.Worker));

    [Fact]
    public void Nor_is_one_that_has_run_out()
    {
        var old = CertificateAuthority.At(In("ca"), Now - (2 * Year));
        old.Sign(NodeRole.Worker, [], Year);
        List<string> faults = [];

        Assert.Null(NodeCertificates.Load(Path.Combine(In("ca"), "worker"), NodeRole.Worker, faults));
        Assert.Contains("cannot be used: its certificate (CN=TuningCluster worker) is valid from", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "is of no role, not a worker's")]
    [InlineData("tuning://role/owner", "is of no role, not a worker's")]
    [InlineData("tuning://role/worker", "is not for this use: NotValidForUsage")]
    public void Nor_is_one_of_no_role_or_for_no_client(string? role, string refusal)
    {
        var judge = Signed("ca", NodeRole.Coordinator, "a");
        using var authority = X509Certificate2.CreateFromPemFile(Path.Combine(In("ca"), "ca.crt"), Path.Combine(In("ca"), "ca.key"));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256);
        // Servers and clients both, or with a role servers alone.
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
            role == "tuning://role/worker" ? [new Oid("1.3.6.1.5.5.7.3.1")] : [new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        if (role is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("a");
            names.AddUri(new Uri(role));
            request.CertificateExtensions.Add(names.Build());
        }

        using var made = request.Create(authority, Now.AddMinutes(-30), Now.AddDays(1), [1, 2, 3]);
        Assert.Equal($"its certificate (CN=x) {refusal}", judge.Refuse(made, NodeRole.Worker));
    }

    [Fact]
    public void A_folder_that_has_an_authority_signs_anew_by_it()
    {
        Assert.True(CertificateAuthority.At(In("ca"), Now).IsNew);
        var token = File.ReadAllText(Path.Combine(In("ca"), "token"));
        var first = Signed("ca", NodeRole.Worker);
        var second = Signed("ca", NodeRole.Worker);

        Assert.NotEqual(first.Own.Thumbprint, second.Own.Thumbprint);
        Assert.Null(first.Refuse(second.Own, NodeRole.Worker));
        Assert.False(CertificateAuthority.At(In("ca"), Now).IsNew);
        Assert.Equal(token, File.ReadAllText(Path.Combine(In("ca"), "token")));
        Assert.Null(ApiToken.Fault(token.Trim()));
        File.Delete(Path.Combine(In("ca"), "ca.key"));
        Assert.Contains("has ca.crt alone", Assert.Throws<InvalidDataException>(() => CertificateAuthority.At(In("ca"), Now)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_life_is_longer_than_the_authoritys()
    {
        var authority = CertificateAuthority.At(In("ca"), Now);

        Assert.Equal(authority.Until, authority.Sign(NodeRole.Worker, [], 20 * Year));
    }

    [Fact]
    public void Only_the_owner_reads_keys()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other rights.");
        Signed("ca", NodeRole.Coordinator, "a");

        Assert.All(
            Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories),
            file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(file)));
    }

    [Fact]
    public void A_folder_that_cannot_be_used_is_told_with_what_makes_one()
    {
        Fault(In("none"), "has no ca.crt, no tls.crt, no tls.key. 'tuning certs create --out DIR' makes them; a worker's are in DIR/worker.");
        Signed("ca", NodeRole.Coordinator, "a");
        Fault(Path.Combine(In("ca"), "coordinator"), "is a coordinator's, not a worker's");
        File.Copy(Path.Combine(In("ca"), "ca.key"), Path.Combine(In("ca"), "coordinator", "tls.key"), overwrite: true);
        Fault(Path.Combine(In("ca"), "coordinator"), "tls.key is not the key of tls.crt beside it.");
        File.WriteAllText(Path.Combine(In("ca"), "coordinator", "tls.crt"), "none");
        Fault(Path.Combine(In("ca"), "coordinator"), "cannot be read: ");

        static void Fault(string folder, string expected)
        {
            List<string> faults = [];
            Assert.Null(NodeCertificates.Load(folder, NodeRole.Worker, faults));
            var fault = Assert.Single(faults);
            Assert.StartsWith("--certs: ", fault, StringComparison.Ordinal);
            Assert.Contains(expected, fault, StringComparison.Ordinal);
        }
    }

    private string In(string name) => Path.Combine(_root, name);

    private NodeCertificates Signed(string authority, NodeRole role, params string[] names) => TestCertificates.Sign(In(authority), role, names);
}
