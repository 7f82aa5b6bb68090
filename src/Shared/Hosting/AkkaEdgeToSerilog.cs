using Akka.Event;

namespace TuningCluster.Shared.Hosting;

/// <summary>
/// Takes Akka's lines before its loggers start and after they stop. Akka's own prints the last ones to stdout, whatever
/// <c>stdout-loglevel</c> says, and stdout is for data. Named in <c>akka.stdout-logger-class</c>.
/// </summary>
public sealed class AkkaEdgeToSerilog : MinimalLogger
{
    protected override void Log(object message)
    {
        if (message is Akka.Event.LogEvent e)
        {
            AkkaToSerilog.Write(e);
        }
    }
}
