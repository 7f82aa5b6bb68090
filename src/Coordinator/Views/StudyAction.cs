using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Views;

/// <summary>What a user may do to a study, in the same words everywhere: command line, HTTP API, dashboard. Each may be repeated without harm.</summary>
public abstract record StudyAction
{
    private StudyAction()
    {
    }

    /// <summary>No more trials are handed out; those that run go on.</summary>
    public sealed record Pause : StudyAction;

    public sealed record Resume : StudyAction;

    /// <summary>The study ends; trials in flight are cancelled.</summary>
    public sealed record Stop : StudyAction;

    /// <summary>Another budget; what is null stays as it is.</summary>
    /// <param name="Trials">In all; ≥ 1.</param>
    /// <param name="Time">In all, over all resumes.</param>
    /// <param name="Parallel">Trials at a time; ≥ 1.</param>
    public sealed record Extend(int? Trials, TimeSpan? Time, double? Target, int? Patience, int? Failures, int? Parallel) : StudyAction;

    /// <summary>Sets of parameters to be tried next, partial or whole, inside the space.</summary>
    public sealed record Enqueue(IReadOnlyList<TrialParameters> Sets) : StudyAction;

    /// <summary>What a study is told.</summary>
    /// <exception cref="ConflictException">The study has ended, and the action is for one that has not.</exception>
    public StudyCommand CommandFor(StudyState state) => this switch
    {
        Stop => new StopStudy(),
        Extend extend => new ExtendStudy(
            new BudgetSpec(
                extend.Trials ?? state.Spec.Budget.Trials,
                extend.Time ?? state.Spec.Budget.Time,
                extend.Target ?? state.Spec.Budget.Target,
                extend.Patience ?? state.Spec.Budget.Patience,
                extend.Failures ?? state.Spec.Budget.Failures),
            state.Spec.Limits,
            state.Spec.Parallel with { Trials = extend.Parallel ?? state.Spec.Parallel.Trials },
            state.Spec.Retry),
        _ when state.Phase == StudyPhase.Finished => throw new ConflictException(
            $"study '{state.Spec.Name}' has ended: {StudyViewBuilder.Sentence(state.FinishReason!.Value, state.Spec)}", "Extend it first, or begin it afresh."),
        Pause => new PauseStudy("paused by the user"),
        Resume => new ResumeStudy(),
        Enqueue enqueue => new EnqueueTrials(enqueue.Sets),
        _ => throw new System.Diagnostics.UnreachableException($"No command for {GetType().Name}."),
    };
}

/// <summary>The study is not in a state for what was asked: exit 2, HTTP 409.</summary>
/// <param name="message">What and why.</param>
/// <param name="hint">What to do.</param>
public sealed class ConflictException(string message, string hint) : Exception(message)
{
    public string Hint { get; } = hint;
}
