using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TuningCluster.Coordinator.Api;
using TuningCluster.Coordinator.Security;
using TuningCluster.Shared.Hosting;
using TuningCluster.Shared.Security;

namespace TuningCluster.Coordinator.Cli;

/// <summary>How verbs with <c>--to</c> reach a coordinator: whom they believe and what they show, as the environment says.</summary>
internal static class ClusterAccess
{
    /// <param name="url">As typed.</param>
    /// <param name="directory">Where the program was started.</param>
    /// <exception cref="UsageException">What the environment says cannot be used.</exception>
    /// <exception cref="Views.StoreException">It is no URL.</exception>
    public static HttpGateway Open(string url, string directory)
    {
        var settings = NodeSettings.Read(directory);
        List<string> faults = [];
        var authority = Authority(settings, directory, faults);
        var token = TokenSource.Read(file: null, settings, directory, faults);
        faults.InsertRange(0, settings.Faults);
        if (faults.Count > 0)
        {
            throw new UsageException(string.Join('\n', faults).TrimEnd('.'));
        }

        var handler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10) };
        if (authority is not null)
        {
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = NodeCertificates.Trust(authority) };
        }

        var gateway = HttpGateway.At(url, handler, token is null ? null : new AuthenticationHeaderValue("Bearer", token));
        return token is null || gateway.Address.Scheme == Uri.UriSchemeHttps || NodeAddress.IsLoopback(gateway.Address.Host.Trim('[', ']'))
            ? gateway
            : throw new UsageException($"the token would be read on its way to {gateway.Address}", $"--to https://{gateway.Address.Authority}");
    }

    private static X509Certificate2? Authority(NodeSettings settings, string directory, List<string> faults)
    {
        if (settings.Text("Certs") is not { } folder)
        {
            return null;
        }

        try
        {
            return NodeCertificates.LoadAuthority(Path.GetFullPath(folder, directory));
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            faults.Add($"{settings.Source("Certs")}: {e.Message.TrimEnd('.')}. Name a folder with the coordinator's {NodeCertificates.AuthorityFile}.");
            return null;
        }
    }
}
