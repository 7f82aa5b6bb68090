using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TuningCluster.Shared.Security;

/// <summary>What a node proves itself with, and whom it believes: the certificate authority of its cluster and nobody else.</summary>
public sealed class NodeCertificates
{
    public const string AuthorityFile = "ca.crt";
    public const string CertificateFile = "tls.crt";
    public const string KeyFile = "tls.key";

    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    private NodeCertificates(X509Certificate2 authority, X509Certificate2 own) => (Authority, Own) = (authority, own);

    /// <summary>Signs the certificates of this cluster.</summary>
    public X509Certificate2 Authority { get; }

    /// <summary>This node's, with its key.</summary>
    public X509Certificate2 Own { get; }

    /// <summary>Reads a folder of <c>ca.crt</c>, <c>tls.crt</c> and <c>tls.key</c> in PEM, the names of a Kubernetes Secret of type TLS.</summary>
    /// <param name="role">What the node will be.</param>
    /// <param name="faults">Gets every fault, as "--certs: why. What to type instead".</param>
    /// <returns>Null when there is a fault.</returns>
    public static NodeCertificates? Load(string directory, NodeRole role, ICollection<string> faults)
    {
        var make = $"'tuning certs create --out DIR' makes them; a {NodeIdentity.Word(role)}'s are in DIR/{NodeIdentity.Word(role)}.";
        var missing = ((string[])[AuthorityFile, CertificateFile, KeyFile]).Where(file => !File.Exists(Path.Combine(directory, file))).ToList();
        if (missing.Count > 0)
        {
            faults.Add($"--certs: '{directory}' has no {string.Join(", no ", missing)}. {make}");
            return null;
        }

        try
        {
            var authority = LoadAuthority(directory);
            using var pem = X509Certificate2.CreateFromPemFile(Path.Combine(directory, CertificateFile), Path.Combine(directory, KeyFile));
            // TLS on Windows takes no key that was never in a store or a PKCS#12.
            var own = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
            var loaded = new NodeCertificates(authority, own);
            if (loaded.Refuse(own, role) is not { } refusal)
            {
                return loaded;
            }

            faults.Add($"--certs: {Path.Combine(directory, CertificateFile)} cannot be used: {refusal}. {make}");
        }
        catch (ArgumentException)
        {
            faults.Add($"--certs: {Path.Combine(directory, KeyFile)} is not the key of {CertificateFile} beside it. {make}");
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            faults.Add($"--certs: '{directory}' cannot be read: {e.Message.TrimEnd('.')}. {make}");
        }

        return null;
    }

    /// <summary>Reads <c>ca.crt</c> of a folder.</summary>
    /// <exception cref="CryptographicException">It is no certificate.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static X509Certificate2 LoadAuthority(string directory) => X509Certificate2.CreateFromPem(File.ReadAllText(Path.Combine(directory, AuthorityFile)));

    /// <summary>Believes what <paramref name="authority"/> signed; names are compared as always.</summary>
    public static X509ChainPolicy Trust(X509Certificate2 authority) => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { authority },
        // A private authority publishes no revocations: a new authority shuts out everybody.
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };

    /// <summary>For a client of this cluster's servers that shows who it is.</summary>
    public SslClientAuthenticationOptions ForClients() => new()
    {
        CertificateChainPolicy = Trust(Authority),
        ClientCertificates = [Own],
        // The server asks for any certificate: it names no authority that one could be chosen by.
        LocalCertificateSelectionCallback = (_, _, _, _, _) => Own,
    };

    /// <summary>Why a peer is none of this cluster's in one of these roles; null when it is.</summary>
    public string? Refuse(X509Certificate? peer, params ReadOnlySpan<NodeRole> roles)
    {
        if (peer is null)
        {
            return "it shows no certificate";
        }

        var certificate = peer as X509Certificate2 ?? X509CertificateLoader.LoadCertificate(peer.GetRawCertData());
        using var chain = new X509Chain { ChainPolicy = Trust(Authority) };
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerUse));
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientUse));
        if (!chain.Build(certificate))
        {
            var status = chain.ChainStatus.Select(s => s.Status).ToList();
            return status.Contains(X509ChainStatusFlags.UntrustedRoot) || status.Contains(X509ChainStatusFlags.PartialChain) || status.Contains(X509ChainStatusFlags.NotSignatureValid) ? $"its certificate ({certificate.Subject}) was signed by another authority"
                : status.Contains(X509ChainStatusFlags.NotTimeValid) ? $"its certificate ({certificate.Subject}) is valid from {certificate.NotBefore.ToUniversalTime():yyyy-MM-dd} to {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}"
                : $"its certificate ({certificate.Subject}) is not for this use: {string.Join(", ", status)}";
        }

        var role = NodeIdentity.RoleOf(certificate);
        return role is { } known && roles.Contains(known) ? null
            : $"its certificate ({certificate.Subject}) is {(role is { } other ? $"a {NodeIdentity.Word(other)}'s" : "of no role")}, not a {NodeIdentity.Word(roles[0])}'s";
    }
}
