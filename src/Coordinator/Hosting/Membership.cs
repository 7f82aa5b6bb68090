using Akka.Actor;
using Akka.Cluster;
using TuningCluster.Coordinator.Actors;

namespace TuningCluster.Coordinator.Hosting;

/// <summary>Of how many coordinators a node is one, and how they find and lose each other.</summary>
public sealed class Membership
{
    /// <summary>The other number of coordinators there may be: two of three outvote one, and two of two nobody.</summary>
    public const int Several = 3;

    /// <summary>A node of its own need not wait for others: what takes seconds by default takes a tenth here.</summary>
    private const string AloneHocon = """
        akka.cluster {
          gossip-interval = 100ms
          leader-actions-interval = 100ms
          periodic-tasks-initial-delay = 50ms
          seed-node-timeout = 300ms
          split-brain-resolver.static-quorum.quorum-size = 1
          singleton.hand-over-retry-interval = 200ms
        }
        """;

    /// <summary>
    /// Who is silent for 6 s is unreachable, and what is unreachable for 7 s more is out (the time Akka's manual has for five nodes). Nothing is added for
    /// the other side to end in: who follows waits for the store's lock. One alone never begins: it may be the one that is cut off.
    /// </summary>
    private const string SeveralHocon = """
        akka.cluster {
          role.coordinator.min-nr-of-members = 2
          seed-node-timeout = 3s
          retry-unsuccessful-join-after = 2s
          failure-detector { threshold = 10.0, acceptable-heartbeat-pause = 6s }
          down-removal-margin = 100ms
          split-brain-resolver { stable-after = 7s, static-quorum.quorum-size = 2 }
          singleton { hand-over-retry-interval = 500ms, min-number-of-hand-over-retries = 40 }
        }
        """;

    /// <summary>Until a node that finds no majority is started afresh: what it founded meanwhile nobody may join later.</summary>
    private static readonly TimeSpan JoinPatience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(10);

    private readonly IReadOnlyList<string> _coordinators;

    private Membership(IReadOnlyList<string> coordinators) => _coordinators = coordinators;

    /// <summary>A cluster of one.</summary>
    public static Membership Alone { get; } = new([]);

    public bool IsAlone => _coordinators.Count == 0;

    internal string Hocon => IsAlone ? AloneHocon : SeveralHocon;

    /// <param name="coordinators">host:port of all three, in the same order at each: the first founds the cluster.</param>
    public static Membership Of(IReadOnlyList<string> coordinators) => coordinators.Count == Several
        ? new Membership(coordinators)
        : throw new ArgumentException($"{coordinators.Count} coordinators are no cluster.", nameof(coordinators));

    /// <summary>Joins the others, or nobody.</summary>
    /// <param name="apart">Told why, once, when this node is not, or no longer, one of the majority. It must end then.</param>
    internal void Join(ActorSystem system, Action<string> apart)
    {
        var cluster = Cluster.Get(system);
        if (IsAlone)
        {
            cluster.Join(cluster.SelfAddress);
            return;
        }

        system.ActorOf(Props.Create(() => new RollCall(Several)), "roll-call");
        var self = cluster.SelfAddress;
        cluster.JoinSeedNodes(_coordinators.Select(c => c.LastIndexOf(':') is var colon ? new Address(self.Protocol, self.System, c[..colon], int.Parse(c[(colon + 1)..], null)) : self));
        var missing = system.Scheduler.Advanced.ScheduleOnceCancelable(JoinPatience, () => apart($"no other coordinator was found in {JoinPatience.TotalSeconds} s"));
        cluster.RegisterOnMemberUp(missing.Cancel);
        cluster.RegisterOnMemberRemoved(() =>
        {
            missing.Cancel();
            apart("the other coordinators went on without this one: they did not hear from it");
        });
    }

    /// <summary>Says farewell, so that another takes over at once; what was being written here is in the journal when this returns.</summary>
    /// <param name="singleton">Path of the coordinator's actor, wherever it is.</param>
    /// <remarks>It is not waited for the node's removal, which Akka leaves to its coordinated shutdown: that may have been stopped (<c>NodeTls.KeepRunning</c>).</remarks>
    internal async Task Leave(ActorSystem system, string singleton)
    {
        var cluster = Cluster.Get(system);
        if (IsAlone || cluster.IsTerminated)
        {
            return;
        }

        using var events = Inbox.Create(system);
        var isGone = true;
        try
        {
            events.Watch(await system.ActorSelection(singleton).ResolveOne(TimeSpan.FromSeconds(1)).ConfigureAwait(false));
            isGone = false;
        }
        catch (ActorNotFoundException)
        {
            // Another decides.
        }

        cluster.Subscribe(events.Receiver, typeof(ClusterEvent.MemberExited));
        cluster.Leave(cluster.SelfAddress);
        for (var hasLeft = false; !hasLeft || !isGone;)
        {
            switch (await events.ReceiveAsync(LeavePatience).ConfigureAwait(false))
            {
                case ClusterEvent.MemberExited exited when exited.Member.Address == cluster.SelfAddress:
                    hasLeft = true;
                    break;
                case Terminated:
                    isGone = true;
                    break;
                case Status.Failure:
                    return;
            }
        }
    }
}
