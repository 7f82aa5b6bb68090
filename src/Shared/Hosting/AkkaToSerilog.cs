using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;
using Serilog;
using Serilog.Events;

namespace TuningCluster.Shared.Hosting;

/// <summary>Akka's own log goes the way of every other line. Named in <c>akka.loggers</c>.</summary>
/// <remarks>There is no served Akka.Logger.Serilog; templates and their values pass through, so <c>{Trial}</c> stays a property.</remarks>
public sealed class AkkaToSerilog : UntypedActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case InitializeLogger:
                Sender.Tell(new LoggerInitialized());
                break;
            case Akka.Event.LogEvent e when !Refusals.Takes(e):
                Write(e);
                break;
        }
    }

    internal static void Write(Akka.Event.LogEvent e)
    {
        var level = e.LogLevel() switch
        {
            LogLevel.DebugLevel => LogEventLevel.Debug,
            LogLevel.InfoLevel => LogEventLevel.Information,
            LogLevel.WarningLevel => LogEventLevel.Warning,
            _ => LogEventLevel.Error,
        };
        var log = Log.ForContext("Source", e.LogSource);
        if (e.Message is LogMessage message)
        {
            log.Write(level, e.Cause, message.Format, [.. message.Parameters()]);
        }
        else
        {
            log.Write(level, e.Cause, "{Message:l}", e.Message?.ToString());
        }
    }
}
