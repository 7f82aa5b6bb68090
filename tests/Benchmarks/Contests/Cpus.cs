using System.Globalization;

namespace TuningCluster.Benchmarks.Contests;

/// <summary>The processors a contest runs on. Ours and rivals are given the same ones, in turn.</summary>
internal static class Cpus
{
    private const string Status = "/proc/self/status";

    /// <summary>Numbers of the processors this process may use; empty where the system does not tell.</summary>
    private static readonly int[] Allowed = File.Exists(Status)
        ? File.ReadLines(Status)
            .Where(line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal))
            .SelectMany(line => Numbers(line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()))
            .ToArray()
        : [];

    private static readonly string? Taskset = Programs.OnPath("taskset").FirstOrDefault();

    /// <summary>Whether a process can be held to processors of our choice.</summary>
    public static bool CanPin => Taskset is not null && Allowed.Length > 0;

    /// <summary>How many there are to choose from.</summary>
    public static int Count => CanPin ? Allowed.Length : Environment.ProcessorCount;

    /// <summary>The command that runs <paramref name="command"/> on <paramref name="count"/> processors; where they cannot be chosen, the
    /// command itself.</summary>
    /// <param name="count">1 to <see cref="Count"/>. The last ones are taken: the first gets most interrupts.</param>
    public static IReadOnlyList<string> Pin(int count, IReadOnlyList<string> command) => CanPin
        ? [Taskset!, "-c", string.Join(',', Allowed.TakeLast(count).Select(cpu => cpu.ToString(CultureInfo.InvariantCulture))), .. command]
        : command;

    /// <summary>The numbers of a list like <c>0-3,8</c>.</summary>
    private static IEnumerable<int> Numbers(string list)
    {
        foreach (var range in list.Split(','))
        {
            var ends = range.Split('-').Select(end => int.Parse(end, CultureInfo.InvariantCulture)).ToArray();
            for (var cpu = ends[0]; cpu <= ends[^1]; cpu++)
            {
                yield return cpu;
            }
        }
    }
}
