using TuningCluster.Architecture.Tests.Reading;

namespace TuningCluster.Architecture.Tests;

/// <summary>What plain code must not reach for.</summary>
internal static class Forbidden
{
    private static readonly (string Type, string Member)[] ClockMembers =
    [
        ("System.DateTime", "get_Now"),
        ("System.DateTime", "get_UtcNow"),
        ("System.DateTime", "get_Today"),
        ("System.DateTimeOffset", "get_Now"),
        ("System.DateTimeOffset", "get_UtcNow"),
        ("System.Environment", "get_TickCount"),
        ("System.Environment", "get_TickCount64"),
        ("System.TimeProvider", "get_System"),
    ];

    public static bool Actors(Use use) => use.IsOf("Akka");

    public static bool Loggers(Use use) => use.IsOf("Serilog", "Microsoft.Extensions.Logging", "System.Console");

    public static bool Network(Use use) => use.IsOf("System.Net");

    /// <summary>Streams in memory and readers handed in are fine; whoever opens a file is not.</summary>
    public static bool Files(Use use) => use.IsOf(
        "System.IO.File", "System.IO.FileInfo", "System.IO.FileStream", "System.IO.Directory", "System.IO.DirectoryInfo",
        "System.IO.FileSystemWatcher", "System.IO.StreamReader", "System.IO.StreamWriter");

    /// <summary>A clock the caller did not hand in. A <see cref="TimeProvider"/> that comes as an argument is fine.</summary>
    public static bool Clocks(Use use) =>
        use.IsOf("System.Diagnostics.Stopwatch") || ClockMembers.Any(c => use.To == c.Type && use.Member == c.Member);
}
