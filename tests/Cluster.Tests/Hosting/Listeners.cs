using System.Globalization;
using System.Net;

namespace TuningCluster.Cluster.Tests.Hosting;

/// <summary>The TCP sockets a process listens on, by /proc.</summary>
internal static class Listeners
{
    private const string Listening = "0A";

    public static IReadOnlyList<IPEndPoint> Of(int processId)
    {
        var sockets = Directory.EnumerateFiles($"/proc/{processId}/fd").Select(LinkTarget).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return [.. new[] { "tcp", "tcp6" }
            .Select(table => $"/proc/{processId}/net/{table}")
            .Where(File.Exists)
            .SelectMany(table => File.ReadAllLines(table).Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields[3] == Listening && sockets.Contains($"socket:[{fields[9]}]"))
            .Select(fields => EndPoint(fields[1]))];
    }

    // Open files may close between the look at the directory and the look at them.
    private static string? LinkTarget(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
    }

    // The address in words of 32 bits, each in the machine's own order.
    private static IPEndPoint EndPoint(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var bytes = new List<byte>();
        for (var i = 0; i < colon; i += 8)
        {
            bytes.AddRange(BitConverter.GetBytes(uint.Parse(text.AsSpan(i, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture)));
        }

        return new IPEndPoint(new IPAddress(bytes.ToArray()), int.Parse(text.AsSpan(colon + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
