using TuningCluster.Coordinator.Security;
using TuningCluster.Shared.Security;

namespace TuningCluster.Coordinator.Tests.Security;

internal static class TestCertificates
{
    /// <summary>A node's, by the authority of a folder, which is made when it is not there.</summary>
    public static NodeCertificates Sign(string authority, NodeRole role, params string[] names)
    {
        CertificateAuthority.At(authority, DateTimeOffset.UtcNow).Sign(role, names, TimeSpan.FromDays(1));
        List<string> faults = [];
        return NodeCertificates.Load(Path.Combine(authority, NodeIdentity.Word(role)), role, faults) ?? throw new InvalidOperationException(string.Join('\n', faults));
    }
}
