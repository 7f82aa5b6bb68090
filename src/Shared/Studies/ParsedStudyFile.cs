namespace TuningCluster.Shared.Studies;

/// <summary>A study file as read: the study, or everything wrong with it.</summary>
/// <param name="FileName">As the user named it; for messages.</param>
/// <param name="Spec">Null exactly when there are errors.</param>
/// <param name="Errors">In the order of the file.</param>
public sealed record ParsedStudyFile(string FileName, StudySpec? Spec, IReadOnlyList<SpecError> Errors)
{
    /// <summary>The data section when nothing is wrong with it, whatever is wrong elsewhere; null without one.</summary>
    public DataSpec? Data { get; init; }

    /// <exception cref="SpecException">There are errors.</exception>
    public StudySpec SpecOrThrow() => Spec ?? throw new SpecException(Errors);
}
