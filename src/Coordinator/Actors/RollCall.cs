using Akka.Actor;
using Akka.Cluster;
using Serilog;

namespace TuningCluster.Coordinator.Actors;

/// <summary>Says which of the coordinators are there, whenever that changes: one that joins counts for a majority once every other knows it to be up.</summary>
internal sealed class RollCall : ReceiveActor
{
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly int _all;
    private readonly SortedSet<string> _up = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _silent = new(StringComparer.Ordinal);

    /// <param name="all">How many there should be.</param>
    public RollCall(int all)
    {
        _all = all;
        Receive<ClusterEvent.MemberUp>(up => Tell(() => _up.Add(NameOf(up.Member))));
        Receive<ClusterEvent.UnreachableMember>(silent => Tell(() => _silent.Add(NameOf(silent.Member))));
        Receive<ClusterEvent.ReachableMember>(heard => Tell(() => _silent.Remove(NameOf(heard.Member))));
        Receive<ClusterEvent.MemberRemoved>(removed => Tell(() => _up.Remove(NameOf(removed.Member)) | _silent.Remove(NameOf(removed.Member))));
    }

    protected override void PreStart() =>
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    private static string NameOf(Member member) => $"{member.Address.Host}:{member.Address.Port}";

    private void Tell(Func<bool> change)
    {
        if (!change() || _up.Count == 0)
        {
            return;
        }

        var heard = _up.Except(_silent).ToList();
        if (_silent.Count > 0)
        {
            Log.Warning("{Up} of {All} coordinators are up: {Coordinators}; not heard from: {Silent}", heard.Count, _all, heard, _silent);
        }
        else
        {
            Log.Information("{Up} of {All} coordinators are up: {Coordinators}", heard.Count, _all, heard);
        }
    }
}
