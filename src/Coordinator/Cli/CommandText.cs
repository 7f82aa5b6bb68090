namespace TuningCluster.Coordinator.Cli;

/// <summary>Spells command lines for the user to repeat.</summary>
internal static class CommandText
{
    /// <summary>An argument as a POSIX shell needs it.</summary>
    public static string Quote(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=+,@%".Contains(c, StringComparison.Ordinal))
            ? argument
            : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>The command that goes on with a run: what was typed, without what would begin it again.</summary>
    public static string Resume(IEnumerable<string> arguments) =>
        string.Join(' ', arguments.Where(a => a != "--fresh").Select(Quote).Prepend("tuning"));
}
