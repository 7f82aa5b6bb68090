namespace TuningCluster.Benchmarks;

/// <summary>Where and when a row was measured.</summary>
internal static class Machine
{
    /// <summary>The processor's model name; "unknown" where the system does not tell.</summary>
    public static string Cpu { get; } = File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo")
            .Where(line => line.StartsWith("model name", StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim())
            .FirstOrDefault("unknown")
        : "unknown";

    public static DateOnly Today => DateOnly.FromDateTime(TimeProvider.System.GetLocalNow().Date);
}
