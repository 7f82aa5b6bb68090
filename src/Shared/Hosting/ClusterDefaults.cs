namespace TuningCluster.Shared.Hosting;

/// <summary>Akka settings that every node of the system shares.</summary>
public static class ClusterDefaults
{
    /// <summary>Name of the actor system on every node; part of every address.</summary>
    public const string SystemName = "tuning";

    /// <summary>Role of the nodes that may host the coordinator. Workers are no members: they connect by ClusterClient.</summary>
    public const string CoordinatorRole = "coordinator";

    /// <summary>Under any node's own settings.</summary>
    public const string Hocon = """
        akka {
          loglevel = INFO
          stdout-loglevel = OFF
          stdout-logger-class = "TuningCluster.Shared.Hosting.AkkaEdgeToSerilog, TuningCluster.Shared"
          loggers = ["TuningCluster.Shared.Hosting.AkkaToSerilog, TuningCluster.Shared"]
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          actor {
            provider = remote
            serialize-messages = off
            serialization-settings.primitive.use-legacy-behavior = off
          }
          remote.dot-netty.tcp {
            hostname = "127.0.0.1"
            port = 0
            maximum-frame-size = 128000b
          }
          cluster.client {
            acceptable-heartbeat-pause = 20s
            reconnect-timeout = off
            buffer-size = 1000
          }
          coordinated-shutdown {
            exit-clr = off
            run-by-clr-shutdown-hook = off
            run-by-actor-system-terminate = off
            # Where NodeTls stops it.
            phases.before-service-unbind.recover = off
          }
        }
        """;
}
