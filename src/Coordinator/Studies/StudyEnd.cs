using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Studies;

/// <summary>Whether a study is over, and how much it may still do until it is. Pure.</summary>
public static class StudyEnd
{
    /// <summary>Why the study is over, or null while it is not. Trials in flight may still have to end.</summary>
    public static FinishReason? Reason(StudyState state, DecisionContext context)
    {
        if (state.Reevaluation is { } reevaluation)
        {
            return state.Open.IsEmpty && !reevaluation.Missing(state).Any() ? reevaluation.Reason : null;
        }

        if (state.Spec.Reproducible.Window is { } window)
        {
            return StrictEnd(state, context, window);
        }

        var budget = state.Spec.Budget;
        if (budget.Target is { } target && state.BestTrial?.Value is { } best && !state.Spec.Objective.Direction.IsBetter(target, best))
        {
            return FinishReason.TargetReached;
        }

        if (IsBudgetDone(state))
        {
            return FinishReason.TrialsDone;
        }

        if (budget.Failures is { } failures && state.Counts.AgainstFailures >= failures)
        {
            return FinishReason.TooManyFailures;
        }

        if (budget.Patience is { } patience && state.Best is not null && state.SinceBest >= patience)
        {
            return FinishReason.PatienceSpent;
        }

        if (budget.Time is { } time && context.Elapsed >= time)
        {
            return FinishReason.TimeSpent;
        }

        return IsExhausted(state, context) ? FinishReason.SpaceExhausted : null;
    }

    private static bool IsBudgetDone(StudyState state) => state.Counts.AgainstBudget >= state.Spec.Budget.Trials;

    private static bool IsExhausted(StudyState state, DecisionContext context) =>
        context.SamplerSize is { } size && state.Sampled >= size && state.Enqueued.IsEmpty && state.Open.IsEmpty;

    /// <summary>A strict study cancels nothing at its end: whatever was let in is run.</summary>
    private static FinishReason? StrictEnd(StudyState state, DecisionContext context, int window)
    {
        if (!state.Open.IsEmpty)
        {
            return null;
        }

        return state.InOrder.Reason is { } reason && (state.Trials.Count >= state.InOrder.Limit(window) || SuggestionsLeft(state, context) <= 0) ? reason
            : IsBudgetDone(state) ? FinishReason.TrialsDone
            : IsExhausted(state, context) ? FinishReason.SpaceExhausted
            : null;
    }

    /// <summary>How many trials could be suggested now and handed out at once.</summary>
    public static int SuggestionsWanted(StudyState state, DecisionContext context)
    {
        if (state.Phase != StudyPhase.Running || state.Reevaluation is not null || Reason(state, context) is not null)
        {
            return 0;
        }

        var capacity = Math.Min(context.Workers.Sum(w => TrialGrants.Capacity(state, w, context)), TrialGrants.RunningLimit(state, context)) 
            - state.RunningCount - state.WaitingCount - TrialGrants.GoOn(state, context).Count;
        var ready = context.Population?.Ready(state.History) ?? int.MaxValue;
        return (int)Math.Clamp(Math.Min(Math.Min(capacity, ready), SuggestionsLeft(state, context)), 0, 1000);
    }

    /// <summary>Whether more trials could be started than have been, were there slots.</summary>
    public static bool WantsSlots(StudyState state, DecisionContext context) =>
        state.Phase == StudyPhase.Running
        && (state.WaitingCount > 0 || TrialGrants.GoOn(state, context).Count > 0
            || (state.Reevaluation is null && Reason(state, context) is null && SuggestionsLeft(state, context) > 0 && !(context.Population?.Ready(state.History) <= 0)));

    /// <summary>How many trials there may still be.</summary>
    internal static long SuggestionsLeft(StudyState state, DecisionContext context)
    {
        var inBudget = state.Spec.Budget.Trials is { } trials ? trials - state.Counts.AgainstBudget - state.OpenOwnCount : long.MaxValue;
        var inSpace = context.SamplerSize is { } size ? size - state.Sampled + state.Enqueued.Count : long.MaxValue;
        var inWindow = state.Spec.Reproducible.Window is { } window ? state.InOrder.Limit(window) - state.Trials.Count : long.MaxValue;
        return Math.Min(Math.Min(inBudget, inSpace), inWindow);
    }
}
