namespace TuningCluster.Coordinator.Cli;

/// <summary>What was typed cannot be done: exit 2.</summary>
/// <param name="message">What and why, one sentence.</param>
/// <param name="hint">What to type instead, when that is known.</param>
public sealed class UsageException(string message, string? hint = null) : Exception(message)
{
    public string? Hint { get; } = hint;
}
