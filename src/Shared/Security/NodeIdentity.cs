using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace TuningCluster.Shared.Security;

/// <summary>The role that a certificate names, as a URI among its subject's alternative names (RFC 5280, 4.2.1.6).</summary>
/// <remarks>Whoever may sign may give roles: the names of machines decide nothing, so that workers come from anywhere.</remarks>
public static class NodeIdentity
{
    private const string AlternativeNames = "2.5.29.17";
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);

    /// <summary>E.g. <c>tuning://role/worker</c>.</summary>
    public static Uri UriOf(NodeRole role) => new($"tuning://role/{Word(role)}");

    public static string Word(NodeRole role) => role.ToString().ToLowerInvariant();

    /// <summary>Null when it names none.</summary>
    public static NodeRole? RoleOf(X509Certificate2 certificate)
    {
        foreach (var extension in certificate.Extensions)
        {
            if (extension.Oid?.Value != AlternativeNames)
            {
                continue;
            }

            try
            {
                var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
                while (names.HasData)
                {
                    if (names.PeekTag() != UriTag)
                    {
                        names.ReadEncodedValue();
                    }
                    else if (names.ReadCharacterString(UniversalTagNumber.IA5String, UriTag) is var text && Enum.GetValues<NodeRole>().Where(r => UriOf(r).OriginalString == text).ToList() is [var role])
                    {
                        return role;
                    }
                }
            }
            catch (AsnContentException)
            {
                // Not signed by our authority then: it has no role.
                return null;
            }
        }

        return null;
    }

    /// <summary>The names and addresses a certificate is for.</summary>
    public static IReadOnlyList<string> NamesOf(X509Certificate2 certificate) =>
        [.. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(names => names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(ip => ip.ToString())))];
}
