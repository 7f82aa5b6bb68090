using System.Net.Security;
using Akka;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Remote.Transport.DotNetty;
using TuningCluster.Shared.Security;

namespace TuningCluster.Shared.Hosting;

/// <summary>Mutual TLS between nodes.</summary>
public static class NodeTls
{
    /// <summary>Scheme of the addresses of nodes.</summary>
    public static string Scheme(NodeCertificates? certificates) => certificates is null ? "akka.tcp" : "akka.ssl.tcp";

    /// <summary>Over any other setting; empty without certificates.</summary>
    public static string Hocon(NodeCertificates? certificates) => certificates is null ? "" : "akka.remote.dot-netty.tcp.enable-ssl = on";

    /// <param name="peers">Whom the node speaks with. Only a coordinator's name must be the one it was looked for by: workers come from anywhere.</param>
    public static Setup Setup(NodeCertificates certificates, params NodeRole[] peers) =>
        new DotNettySslSetup(certificates.Own, suppressValidation: false, requireMutualAuthentication: true, validateCertificateHostname: true, (peer, _, host, errors, _) =>
        {
            var refusal = certificates.Refuse(peer, peers);
            if (refusal is null && errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) && NodeIdentity.RoleOf(peer!) == NodeRole.Coordinator)
            {
                refusal = $"its certificate is not for that name but for {string.Join(", ", NodeIdentity.NamesOf(peer!))}";
            }

            if (refusal is not null)
            {
                Refusals.Say(host, refusal);
            }

            return refusal is null;
        });

    /// <summary>A handshake that fails ends no node: its peer is gone, or another one, and may be back.</summary>
    /// <remarks>
    /// Akka runs the coordinated shutdown of whoever called (akka.net #7839, #7939). It stops here, in its first phase, since that phase does
    /// not recover (<see cref="ClusterDefaults.Hocon"/>).
    /// </remarks>
    public static void KeepRunning(ActorSystem system) => CoordinatedShutdown.Get(system).AddTask(
        CoordinatedShutdown.PhaseBeforeServiceUnbind, "only-the-process-ends-its-node",
        () => Task.FromException<Done>(new InvalidOperationException("Only the process ends its node.")));
}
