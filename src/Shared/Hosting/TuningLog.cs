using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace TuningCluster.Shared.Hosting;

/// <summary>Where log lines go. Every line of the system, Akka's own included, goes through Serilog.</summary>
public static class TuningLog
{
    private const string Template = "{Timestamp:yyyy-MM-dd HH:mm:ss.fff} [{Level:u3}] {Message:lj} <{Source}>{NewLine}{Exception}";

    /// <summary>A local run: a rolling file a day in <paramref name="directory"/>, seven kept; the console belongs to the display.</summary>
    public static void ToFile(string directory) => Use(new LoggerConfiguration().WriteTo.File(
        Path.Combine(directory, "tuning-.log"),
        outputTemplate: Template,
        formatProvider: CultureInfo.InvariantCulture,
        rollingInterval: RollingInterval.Day,
        retainedFileCountLimit: 7,
        fileSizeLimitBytes: 64L << 20,
        rollOnFileSizeLimit: true,
        shared: true));

    /// <summary>A cluster node: compact JSON on stderr, a line an event.</summary>
    public static void ToStandardError() => Use(new LoggerConfiguration().WriteTo.Console(new CompactJsonFormatter(), standardErrorFromLevel: LogEventLevel.Verbose));

    /// <summary>Writes out what is buffered.</summary>
    public static void Close() => Log.CloseAndFlush();

    private static void Use(LoggerConfiguration configuration)
    {
        var old = Log.Logger;
        Log.Logger = configuration.MinimumLevel.ControlledBy(new LoggingLevelSwitch(Level())).CreateLogger();
        (old as IDisposable)?.Dispose();
    }

    private static LogEventLevel Level() =>
        Enum.TryParse<LogEventLevel>(Environment.GetEnvironmentVariable("TUNING__LogLevel"), ignoreCase: true, out var level) ? level : LogEventLevel.Information;
}
