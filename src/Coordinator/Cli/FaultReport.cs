using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Cli;

/// <summary>Turns an exception that reached the top into a message and an exit code.</summary>
public static class FaultReport
{
    /// <summary>Where users tell of internal errors.</summary>
    public const string Issues = "the project's issue tracker";

    /// <returns>The exit code.</returns>
    public static int Write(Exception fault, Terminal terminal, string logPath)
    {
        var code = fault switch
        {
            UsageException usage => Tell(terminal, usage.Message, usage.Hint, ExitCode.BadInput),
            ConflictException conflict => Tell(terminal, conflict.Message, conflict.Hint, ExitCode.BadInput),
            SpecException spec => TellAll(terminal, spec),
            StoreException store => Tell(terminal, store.Message, store.Hint, ExitCode.Storage),
            OperationCanceledException => ExitCode.Interrupted,
            _ => Tell(
                terminal,
                $"internal error: {fault.GetType().Name}: {FirstLine(fault.Message)}",
                $"the log is in {logPath}; please report this to {Issues}, with the log. TUNING_DEBUG=1 shows the stack trace.",
                ExitCode.InternalError),
        };
        if (terminal.Debug && code is (ExitCode.InternalError or ExitCode.Storage))
        {
            terminal.Error.WriteLine(fault.ToString());
        }

        return code;
    }

    /// <summary>One message, with its hint on a line of its own.</summary>
    public static int Tell(Terminal terminal, string message, string? hint, int exitCode)
    {
        terminal.Error.WriteLine($"tuning: {message}");
        if (!string.IsNullOrEmpty(hint))
        {
            terminal.Error.WriteLine($"  {hint}");
        }

        return exitCode;
    }

    private static int TellAll(Terminal terminal, SpecException spec)
    {
        foreach (var error in spec.Errors)
        {
            Tell(terminal, error.Path.Length == 0 ? error.Problem : $"{error.Path}: {error.Problem}", error.Hint, ExitCode.BadInput);
        }

        return ExitCode.BadInput;
    }

    private static string FirstLine(string text) => text.ReplaceLineEndings("\n").Split('\n')[0];
}
