using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using TuningCluster.Shared.Security;

namespace TuningCluster.Coordinator.Security;

/// <summary>A private certificate authority in a folder: signs what nodes prove themselves with.</summary>
public sealed class CertificateAuthority
{
    public const string KeyFile = "ca.key";
    public const string TokenFile = "token";

    /// <summary>Outlives whoever it signs.</summary>
    private const int AuthorityYears = 10;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerOnly | UnixFileMode.UserExecute;

    /// <summary>Clocks of machines differ.</summary>
    private static readonly TimeSpan Earlier = TimeSpan.FromHours(1);

    private static readonly OidCollection BothUses = [new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")];

    private readonly string _directory;
    private readonly X509Certificate2 _certificate;
    private readonly DateTimeOffset _now;

    private CertificateAuthority(string directory, X509Certificate2 certificate, bool isNew, DateTimeOffset now) =>
        (_directory, _certificate, IsNew, _now) = (directory, certificate, isNew, now);

    /// <summary>Whether nobody was signed by it before.</summary>
    public bool IsNew { get; }

    /// <summary>The latest end of a certificate it can sign.</summary>
    public DateTimeOffset Until => _certificate.NotAfter;

    /// <summary>Goes on with the authority of a folder, or makes one, with a token for its API.</summary>
    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    /// <exception cref="InvalidDataException">It has half an authority, or one that is none.</exception>
    public static CertificateAuthority At(string directory, DateTimeOffset now)
    {
        var (certificateFile, keyFile) = (Path.Combine(directory, NodeCertificates.AuthorityFile), Path.Combine(directory, KeyFile));
        switch (File.Exists(certificateFile), File.Exists(keyFile))
        {
            case (true, true):
                try
                {
                    return new CertificateAuthority(directory, X509Certificate2.CreateFromPemFile(certificateFile, keyFile), isNew: false, now);
                }
                catch (Exception e) when (e is CryptographicException or ArgumentException)
                {
                    throw new InvalidDataException($"'{directory}' has no usable authority: {e.Message}", e);
                }

            case (true, false) or (false, true):
                throw new InvalidDataException($"'{directory}' has {(File.Exists(keyFile) ? KeyFile : NodeCertificates.AuthorityFile)} alone, and an authority is {NodeCertificates.AuthorityFile} with {KeyFile}");
        }

        MakeFolder(directory);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=TuningCluster authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var certificate = request.CreateSelfSigned(now - Earlier, now.AddYears(AuthorityYears));
        Write(certificateFile, certificate.ExportCertificatePem());
        Write(keyFile, key.ExportPkcs8PrivateKeyPem());
        var token = Path.Combine(directory, TokenFile);
        if (!File.Exists(token))
        {
            Write(token, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)) + "\n");
        }

        return new CertificateAuthority(directory, certificate, isNew: true, now);
    }

    /// <summary>Signs a node, in a folder of the role's name; one that is there is replaced.</summary>
    /// <param name="names">Names and addresses it is reached at.</param>
    /// <param name="life">How long it is valid, the authority permitting.</param>
    /// <returns>The end of its life.</returns>
    public DateTimeOffset Sign(NodeRole role, IEnumerable<string> names, TimeSpan life)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        alternatives.AddUri(NodeIdentity.UriOf(role));
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                alternatives.AddIpAddress(address);
            }
            else
            {
                alternatives.AddDnsName(name);
            }
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=TuningCluster {NodeIdentity.Word(role)}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        // A node both listens and calls, whatever its role.
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(BothUses, critical: false));
        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var end = _now + life < Until ? _now + life : Until;
        var start = _now - Earlier > _certificate.NotBefore ? _now - Earlier : _certificate.NotBefore;
        using var signed = request.Create(_certificate, start, end, RandomNumberGenerator.GetBytes(16));

        var folder = Path.Combine(_directory, NodeIdentity.Word(role));
        MakeFolder(folder);
        Write(Path.Combine(folder, NodeCertificates.AuthorityFile), _certificate.ExportCertificatePem());
        Write(Path.Combine(folder, NodeCertificates.CertificateFile), signed.ExportCertificatePem());
        Write(Path.Combine(folder, NodeCertificates.KeyFile), key.ExportPkcs8PrivateKeyPem());
        return end;
    }

    private static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerFolder);
        }
    }

    /// <summary>Whole or not at all, and never readable by others for a moment.</summary>
    private static void Write(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        var fresh = path + ".new";
        using (var file = new FileStream(fresh, options))
        {
            file.Write(Encoding.ASCII.GetBytes(text.EndsWith('\n') ? text : text + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
    }
}
