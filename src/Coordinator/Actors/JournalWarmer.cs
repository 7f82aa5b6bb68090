using Akka.Actor;
using Akka.Persistence;

namespace TuningCluster.Coordinator.Actors;

/// <summary>
/// Recovers nothing and ends: the journal's first query is compiled while the cluster forms, instead of while a study waits for it.
/// </summary>
public sealed class JournalWarmer : UntypedPersistentActor
{
    public override string PersistenceId => "warm-up";

    public override Recovery Recovery => new(SnapshotSelectionCriteria.None);

    public static Props Props() => Akka.Actor.Props.Create(() => new JournalWarmer());

    protected override void OnRecover(object message)
    {
        if (message is RecoveryCompleted)
        {
            Context.Stop(Self);
        }
    }

    protected override void OnCommand(object message)
    {
    }
}
