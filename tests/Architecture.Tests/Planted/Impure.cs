using System.Diagnostics;
using System.Net.Sockets;
using Akka.Actor;

namespace TuningCluster.Architecture.Tests.Planted.Impure;

// What plain rooms must not do, once each.
internal static class ReadsTheClock
{
    public static DateTime Now() => DateTime.UtcNow;
}

internal static class StartsAStopwatch
{
    public static long Now() => Stopwatch.GetTimestamp();
}

internal static class TakesTheSystemClock
{
    public static TimeProvider Clock(TimeProvider? clock) => clock ?? TimeProvider.System;
}

internal static class IsHandedItsClock
{
    public static DateTimeOffset Now(TimeProvider clock) => clock.GetUtcNow() + (DateTimeOffset.UnixEpoch - DateTime.UnixEpoch);
}

internal static class ReadsAFile
{
    public static IEnumerable<string> All(IEnumerable<string> paths) => paths.Select(File.ReadAllText);
}

internal static class ReadsMemory
{
    public static byte[] Copy(byte[] bytes) => new MemoryStream(bytes).ToArray();
}

internal static class OpensASocket
{
    public static bool Refused(Exception exception) => exception is SocketException;
}

internal static class WritesALog
{
    public static void Write(object log) => (log as Serilog.ILogger)?.Information("Hello");
}

internal static class KnowsActors
{
    public static bool IsNobody(object actor) => actor is IActorRef reference && reference.IsNobody();
}
