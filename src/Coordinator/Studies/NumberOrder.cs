using System.Collections.Immutable;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Studies;

/// <summary>A strict study looked at in the order of the trials' numbers, whatever finished first: its final trials from 0 up to the first that is not.</summary>
/// <remarks>Trial n is suggested once all trials ≤ n − window are final. The study's end is that of the first trial m after which the target is reached,
/// or the patience or the failures are spent; trials up to m + window − 1 were let in before anybody could know, so they are run in every case.</remarks>
/// <param name="Count">Trials looked at: numbers 0 to Count − 1. Goes no further once there is a <paramref name="Reason"/>.</param>
/// <param name="Best">The best value among them.</param>
/// <param name="SinceBest">Trials since the best one, cancelled ones aside.</param>
/// <param name="Failed">Failed trials among them.</param>
/// <param name="Reason">Why the study ends after trial Count − 1; null while it does not.</param>
public sealed record NumberOrder(int Count, double? Best, int SinceBest, int Failed, FinishReason? Reason)
{
    public static readonly NumberOrder Start = new(0, null, 0, 0, null);

    /// <summary>Looks at every further trial that is final; failed ones that are run again are no failures.</summary>
    public NumberOrder Advance(ImmutableList<Trial> trials, ImmutableSortedSet<int> retried, StudySpec spec)
    {
        var order = this;
        while (order.Reason is null && order.Count < trials.Count && trials[order.Count] is { State: var state } trial && state.IsFinal())
        {
            order = order.With(trial, state == TrialState.Failed && !retried.Contains(trial.Number), spec);
        }

        return order;
    }

    /// <summary>How many trials there may be: numbers below it may be suggested.</summary>
    public long Limit(int window) => (long)Count + window - (Reason is null ? 0 : 1);

    private NumberOrder With(Trial trial, bool failed, StudySpec spec)
    {
        var direction = spec.Objective.Direction;
        if (trial.CopyOf is not null)
        {
            return this with { Count = Count + 1 };
        }

        var better = trial is { IsUsable: true, Value: { } value } && (Best is not { } incumbent || direction.IsBetter(value, incumbent));
        var next = this with
        {
            Count = Count + 1,
            Best = better ? trial.Value : Best,
            SinceBest = better ? 0 : SinceBest + (trial.State == TrialState.Cancelled ? 0 : 1),
            Failed = Failed + (failed ? 1 : 0),
        };
        return next with { Reason = next.End(spec.Budget, direction) };
    }

    private FinishReason? End(BudgetSpec budget, Direction direction) =>
        budget.Target is { } target && Best is { } best && !direction.IsBetter(target, best) ? FinishReason.TargetReached
        : Failed >= budget.Failures ? FinishReason.TooManyFailures
        : Best is not null && SinceBest >= budget.Patience ? FinishReason.PatienceSpent
        : null;
}
