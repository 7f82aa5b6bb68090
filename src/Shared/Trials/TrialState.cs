namespace TuningCluster.Shared.Trials;

/// <summary>Where a trial stands. The last five are final.</summary>
public enum TrialState
{
    /// <summary>Has parameters, no worker.</summary>
    Waiting,

    /// <summary>Leased to a worker.</summary>
    Running,

    /// <summary>Set aside with a checkpoint; may be promoted.</summary>
    Paused,
    Complete,
    Pruned,
    Failed,

    /// <summary>Its loss became NaN or infinite: a result, told to the sampler as "bad here".</summary>
    Diverged,

    /// <summary>Ended by the study or the user; does not count against the budget.</summary>
    Cancelled,
}

public static class TrialStates
{
    public static bool IsFinal(this TrialState state) => state >= TrialState.Complete;

    /// <summary>Whether the trial uses up one of <c>budget.trials</c>.</summary>
    public static bool CountsAgainstBudget(this TrialState state) =>
        state is TrialState.Complete or TrialState.Pruned or TrialState.Failed or TrialState.Diverged;

    /// <summary>The word of the command line and the API.</summary>
    public static string Word(this TrialState state) => state.ToString().ToLowerInvariant();
}
