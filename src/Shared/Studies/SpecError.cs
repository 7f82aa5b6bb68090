namespace TuningCluster.Shared.Studies;

/// <summary>One thing wrong with a study file or with what it names.</summary>
/// <param name="Path">Where in the document, e.g. <c>parameters.learning_rate.low</c>; empty for the whole file.</param>
/// <param name="Problem">What is wrong and why, one sentence.</param>
/// <param name="Hint">What to type instead, when that is known.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
public sealed record SpecError(string Path, string Problem, string? Hint = null, int Line = 1, int Column = 1);

/// <summary>A study file, or what was asked of a study, cannot be accepted; carries every fault at once.</summary>
public sealed class SpecException(IReadOnlyList<SpecError> errors)
    : Exception(string.Join(Environment.NewLine, errors.Select(e => e.Path.Length == 0 ? e.Problem : $"{e.Path}: {e.Problem}")))
{
    public IReadOnlyList<SpecError> Errors { get; } = errors;
}
