using System.Globalization;
using System.Threading.Channels;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Serilog;
using Serilog.Core;
using Serilog.Formatting.Display;
using TuningCluster.Shared.Hosting;
using LogEvent = Serilog.Events.LogEvent;
using LogEventLevel = Serilog.Events.LogEventLevel;
using ScalarValue = Serilog.Events.ScalarValue;

namespace TuningCluster.Shared.Tests.Hosting;

/// <summary>What actors say arrives in Serilog, which here hands it to a channel. The logger is the process's: no other test of this project sets it.</summary>
public sealed class AkkaToSerilogTests : IAsyncLifetime
{
    private readonly Channel<LogEvent> _written = Channel.CreateUnbounded<LogEvent>();
    private ILogger _before = Logger.None;
    private ActorSystem _system = null!;

    public ValueTask InitializeAsync()
    {
        _before = Log.Logger;
        Log.Logger = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(new ToChannel(_written.Writer)).CreateLogger();
        _system = ActorSystem.Create(
            "logs", ConfigurationFactory.ParseString("akka { loglevel = DEBUG, actor.provider = local }").WithFallback(ClusterDefaults.Hocon));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _system.Terminate();
        Log.Logger = _before;
    }

    [Fact]
    public async Task Named_placeholders_arrive_as_properties()
    {
        Say(log => log.Info("Trial {Trial} of {Study} ended", 7, "hills"));
        var e = await Next("Trial 7");
        Assert.Equal((7, "hills"), (Value(e, "Trial"), Value(e, "Study")));
        Assert.Equal("Trial {Trial} of {Study} ended", e.MessageTemplate.Text);
        Assert.Equal(LogEventLevel.Information, e.Level);
    }

    [Fact]
    public async Task The_line_names_the_actor_that_said_it()
    {
        Say(log => log.Warning("Worker {Worker} fell silent", "a"));
        var e = await Next("Worker a");
        Assert.Contains("akka://logs/user/speaker", (string)Value(e, "Source")!, StringComparison.Ordinal);
        Assert.Equal(LogEventLevel.Warning, e.Level);
    }

    [Fact]
    public async Task Positional_placeholders_get_their_own_values()
    {
        Say(log => log.Info("{1} comes after {0}, and {0} before {1}", "first", "second"));
        Assert.Equal("second comes after first, and first before second", Render(await Next("comes after")));
    }

    [Fact]
    public async Task Many_positional_values_keep_their_order()
    {
        Say(log => log.Info("{0} {1} {2} {3} {4}", 1, 2, 3, 4, 5));
        Assert.Equal("1 2 3 4 5", Render(await Next("1 2")));
    }

    [Fact]
    public async Task A_line_without_values_keeps_its_braces()
    {
        Say(log => log.Info("the space is {x1: float}"));
        Assert.Equal("the space is {x1: float}", Render(await Next("the space")));
    }

    [Fact]
    public async Task An_error_brings_its_exception()
    {
        var cause = new IOException("the disk is full");
        Say(log => log.Error(cause, "Study {Study} cannot go on", "hills"));
        var e = await Next("cannot go on");
        Assert.Same(cause, e.Exception);
        Assert.Equal((LogEventLevel.Error, "hills"), (e.Level, Value(e, "Study")));
    }

    [Fact]
    public async Task Debug_lines_are_debug_lines()
    {
        Say(log => log.Debug("beat {Number}", 3));
        Assert.Equal(LogEventLevel.Debug, (await Next("beat 3")).Level);
    }

    private void Say(Action<ILoggingAdapter> line) => _system.ActorOf(Props.Create(() => new Speaker(line)), "speaker");

    private async Task<LogEvent> Next(string text)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        while (true)
        {
            var e = await _written.Reader.ReadAsync(patience.Token);
            if (Render(e).Contains(text, StringComparison.Ordinal))
            {
                return e;
            }
        }
    }

    /// <summary>As the log file has it: texts without quotes.</summary>
    private static string Render(LogEvent e)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        new MessageTemplateTextFormatter("{Message:lj}", CultureInfo.InvariantCulture).Format(e, text);
        return text.ToString();
    }

    private static object? Value(LogEvent e, string property) => Assert.IsType<ScalarValue>(e.Properties[property]).Value;

    private sealed class ToChannel(ChannelWriter<LogEvent> written) : ILogEventSink
    {
        public void Emit(LogEvent logEvent) => written.TryWrite(logEvent);
    }

    private sealed class Speaker : UntypedActor
    {
        public Speaker(Action<ILoggingAdapter> line) => line(Context.GetLogger());

        protected override void OnReceive(object message)
        {
        }
    }
}
