using Akka.Actor;

namespace TuningCluster.Coordinator.Tests.Actors;

/// <summary>The parent of one study: stops it when it fails, and hands what it says to a probe.</summary>
internal sealed class StandInCoordinator : UntypedActor
{
    private readonly IActorRef _probe;

    public StandInCoordinator(Props study, IActorRef probe, TaskCompletionSource<IActorRef> started)
    {
        _probe = probe;
        started.SetResult(Context.ActorOf(study, "study"));
    }

    protected override SupervisorStrategy SupervisorStrategy() => Akka.Actor.SupervisorStrategy.StoppingStrategy;

    protected override void OnReceive(object message) => _probe.Forward(message);
}
