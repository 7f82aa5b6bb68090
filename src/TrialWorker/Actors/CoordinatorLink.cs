using Akka.Actor;
using Akka.Cluster.Tools.Client;

namespace TuningCluster.TrialWorker.Actors;

/// <summary>The way to the coordinator: through ClusterClient, so that a cut-off worker keeps training instead of being downed.</summary>
/// <param name="client">A ClusterClient of this actor system.</param>
public sealed class CoordinatorLink(IActorRef client)
{
    /// <summary>Where the coordinator's door stands on every coordinator node.</summary>
    public const string CoordinatorPath = "/user/coordinator";

    /// <summary>Sends to whichever node holds the coordinator now; may be lost, so what matters is sent again.</summary>
    public void Tell(object message, IActorRef sender) => client.Tell(new ClusterClient.Send(CoordinatorPath, message, localAffinity: true), sender);
}
