using System.Security.Cryptography;
using System.Text;

namespace TuningCluster.Coordinator.Security;

/// <summary>The secret that users of the HTTP API show (RFC 6750).</summary>
/// <remarks>Its hash is kept alone: neither a log nor a dump of objects holds the secret.</remarks>
public sealed class ApiToken
{
    private const int LeastLength = 16;
    private const string Scheme = "Bearer ";

    private readonly byte[] _hash;

    private ApiToken(string secret) => _hash = SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>Why a text is no token; null when it is one.</summary>
    public static string? Fault(string secret) =>
        secret.Length < LeastLength ? $"a token has at least {LeastLength} characters, not {secret.Length}"
        : secret.Any(c => c is < '!' or > '~') ? "a token is of visible ASCII characters alone, without spaces"
        : null;

    /// <exception cref="ArgumentException">It is none.</exception>
    public static ApiToken Of(string secret) => Fault(secret) is { } fault ? throw new ArgumentException(fault, nameof(secret)) : new ApiToken(secret);

    /// <summary>Whether a request shows it; takes the same time whatever is shown.</summary>
    /// <param name="authorization">The header of that name.</param>
    public bool IsShownIn(string authorization) =>
        authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(_hash, SHA256.HashData(Encoding.UTF8.GetBytes(authorization[Scheme.Length..].Trim())));
}
