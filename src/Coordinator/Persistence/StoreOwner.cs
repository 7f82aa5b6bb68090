using System.Globalization;

namespace TuningCluster.Coordinator.Persistence;

/// <summary>Who holds a store's lock.</summary>
/// <param name="Command">What the user typed.</param>
internal sealed record StoreOwner(int ProcessId, string Host, string Command, DateTimeOffset Since)
{
    /// <summary>One line a field, as <see cref="TryParse"/> reads it.</summary>
    public string ToText() => string.Join(
        '\n',
        $"pid: {ProcessId.ToString(CultureInfo.InvariantCulture)}",
        $"host: {Host}",
        $"command: {Command.ReplaceLineEndings(" ")}",
        $"since: {Since.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}",
        "");

    /// <returns>Null when the text is not whole: its writer may be at work.</returns>
    public static StoreOwner? TryParse(string text)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n'))
        {
            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            if (colon > 0)
            {
                fields[line[..colon]] = line[(colon + 2)..];
            }
        }

        return fields.TryGetValue("pid", out var pid) && int.TryParse(pid, CultureInfo.InvariantCulture, out var processId)
            && fields.TryGetValue("host", out var host)
            && fields.TryGetValue("command", out var command)
            && fields.TryGetValue("since", out var since)
            && DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var sinceTime)
            ? new StoreOwner(processId, host, command, sinceTime)
            : null;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"'{Command}' (process {ProcessId} on {Host}, since {Since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC)");
}
