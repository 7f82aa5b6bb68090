using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Studies;

/// <summary>How much work waits for workers: what an autoscaler goes by.</summary>
public static class Backlog
{
    /// <summary>Most that one study counts: a budget without an end is no reason for workers without an end.</summary>
    public const int Most = 1000;

    /// <summary>How many more trials of a study would start at once, were there slots for them.</summary>
    public static int Of(StudyState state)
    {
        // What programs ask for is no work of workers.
        if (state.Phase != StudyPhase.Running || state.Spec.Objective.Kind == ObjectiveKind.External)
        {
            return 0;
        }

        var inBudget = state.Spec.Budget.Trials is { } trials ? trials - state.Counts.AgainstBudget - state.OpenOwnCount : Most;
        var inSpace = StrategySize.Of(state) is { } size ? size - state.Sampled + state.Enqueued.Count : Most;
        var atATime = state.Spec.Parallel.Trials is { } parallel ? parallel - state.RunningCount : Most;
        var unseen = state.Reevaluation is null ? Math.Max(0, Math.Min(inBudget, inSpace)) : 0;
        return (int)Math.Clamp(Math.Min(state.WaitingCount + unseen, atATime), 0, Most);
    }
}
