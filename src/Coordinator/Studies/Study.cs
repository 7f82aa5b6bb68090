using System.Collections.Immutable;
using System.Diagnostics;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Studies;

/// <summary>The fold of a study's journal. Deciding what to journal is in <see cref="StudyDecisions"/>.</summary>
public static class Study
{
    /// <summary>The state after <paramref name="e"/>. Pure; an event that does not fit is a bug or a damaged journal and throws.</summary>
    /// <param name="state">Null before <see cref="StudyCreated"/>.</param>
    /// <exception cref="InvalidOperationException">The event does not fit the state.</exception>
    public static StudyState Apply(StudyState? state, StudyEvent e)
    {
        if (e is StudyCreated created)
        {
            return state is null
                ? Stamp(
                    new StudyState
                    {
                        Id = created.Id,
                        Spec = created.Spec,
                        Enqueued = [.. created.Spec.Enqueue.Select(set => new QueuedTrial(set))],
                        Prior = Priors(created.Spec, created.Prior),
                        CreatedAt = created.At,
                    },
                    e)
                : throw Misfit(state, e, "the study exists");
        }

        if (state is null)
        {
            throw new InvalidOperationException($"The journal begins with {e.GetType().Name} instead of StudyCreated.");
        }

        return Stamp(e is TrialEvent trialEvent ? ApplyTrial(state, trialEvent) : ApplyStudy(state, e), e);
    }

    /// <summary>See <see cref="StudyState.Prior"/>.</summary>
    internal static IReadOnlyList<Trial> Priors(StudySpec spec, IReadOnlyList<PriorTrial> trials) => [.. trials.Select((prior, i) => TrialWorth.Judge(spec, new Trial
    {
        Number = i - trials.Count,
        Parameters = prior.Parameters,
        State = prior.Value is null ? TrialState.Diverged : TrialState.Complete,
        Value = prior.Value,
        Metrics = prior.Metrics,
    }))];

    private static StudyState Stamp(StudyState state, StudyEvent e) => state with
    {
        Sequence = state.Sequence + 1,
        UpdatedAt = e.At,
        Elapsed = e.Elapsed > state.Elapsed ? e.Elapsed : state.Elapsed,
    };

    private static StudyState ApplyStudy(StudyState state, StudyEvent e) => e switch
    {
        TrialEnqueued { RetryOf: { } failed } retried => Retry(state, retried, failed),
        TrialEnqueued enqueued => state with { Enqueued = state.Enqueued.Add(new QueuedTrial(enqueued.Parameters)) },
        StudyPaused when state.Phase == StudyPhase.Running => state with { Phase = StudyPhase.Paused },
        StudyResumed when state.Phase == StudyPhase.Paused => state with { Phase = StudyPhase.Running },
        StudyExtended extended => With(
            Reopened(state), state.Spec with { Budget = extended.Budget, Limits = extended.Limits, Parallel = extended.Parallel, Retry = extended.Retry }),
        SpaceWidened widened => Reopened(state) with
        {
            Spec = widened.Spec,
            WidenedAt = state.Sequence + 1,
            Older = state.Trials.Count,
            Lineage = new object(),
            StrictLineage = new object(),
        },
        ReevaluationBegun begun when state is { Reevaluation: null, Phase: not StudyPhase.Finished, Spec.Reevaluate: not null } => Decided(
            state with { Reevaluation = new Reevaluation(begun.Reason, begun.Trials) }),
        StudyFinished finished when state.Phase != StudyPhase.Finished => state with
        {
            Phase = StudyPhase.Finished,
            FinishReason = finished.Reason,
            TestMetrics = finished.TestMetrics,
        },
        _ => throw Misfit(state, e, $"the study is {state.Phase}"),
    };

    /// <summary>A finished study goes on, and so does one whose best trials are being trained again: those copies end, and count at its next end.</summary>
    private static StudyState Reopened(StudyState state) => state with
    {
        Phase = state.Phase == StudyPhase.Finished ? StudyPhase.Running : state.Phase,
        FinishReason = null,
        TestMetrics = Trial.NoMetrics,
        Reevaluation = null,
        Best = state.Reevaluation is null ? state.Best : Reevaluation.BestByValue(state),
    };

    /// <summary>Names the best trial by its copies once none of them is missing or open.</summary>
    private static StudyState Decided(StudyState state) => state.Reevaluation is { } reevaluation && state.OpenCopies == 0 && !reevaluation.Missing(state).Any()
        ? state with { Best = reevaluation.Winner(state) }
        : state;

    private static StudyState Retry(StudyState state, TrialEnqueued e, int failed) =>
        failed >= 0 && failed < state.Trials.Count && state.Trials[failed].State == TrialState.Failed && !state.Retried.Contains(failed)
            ? Retried(Reopened(state), state.Retried.Add(failed)) with { Enqueued = state.Enqueued.Add(new QueuedTrial(e.Parameters, failed)) }
            : throw Misfit(state, e, $"trial {failed} is none that failed and is not run again yet");

    private static StudyState Retried(StudyState state, ImmutableSortedSet<int> numbers) =>
        InOrder(state with { Retried = numbers, Counts = state.Counts with { Retried = numbers.Count } }, NumberOrder.Start);

    private static StudyState ApplyTrial(StudyState state, TrialEvent e)
    {
        if (e is TrialSuggested suggested)
        {
            return suggested.Number != state.Trials.Count ? throw Misfit(state, e, $"the next trial is {state.Trials.Count}")
                : suggested.Enqueued && suggested.CopyOf is null && state.Enqueued.IsEmpty ? throw Misfit(state, e, "nothing is enqueued")
                : state with
                {
                    Trials = state.Trials.Add(new Trial
                    {
                        Number = e.Number,
                        Parameters = suggested.Parameters,
                        Enqueued = suggested.Enqueued,
                        RetryOf = suggested.Enqueued && suggested.CopyOf is null ? state.Enqueued[0].RetryOf : null,
                        CopyOf = suggested.CopyOf,
                        Segment = suggested.Segment,
                    }),
                    Open = state.Open.Add(e.Number),
                    Enqueued = suggested.Enqueued && suggested.CopyOf is null ? state.Enqueued.RemoveAt(0) : state.Enqueued,
                    Sampled = state.Sampled + (suggested.Enqueued ? 0 : 1),
                };
        }

        var trial = e.Number < state.Trials.Count && e.Number >= 0 ? state.Trials[e.Number] : throw Misfit(state, e, "there is no such trial");
        if (trial.State.IsFinal())
        {
            throw Misfit(state, e, $"the trial is {trial.State.Word()}");
        }

        if (RunningAttempt(trial, e) is { } attempt && (trial.State != TrialState.Running || attempt != trial.Attempts))
        {
            throw Misfit(state, e, $"it is {trial.State.Word()} in attempt {trial.Attempts}");
        }

        return e switch
        {
            TrialStarted started => Update(state, Start(state, trial, started)),
            ReportsRecorded recorded => Update(state, trial with { Curve = [.. trial.Curve, .. recorded.Values], ReachedStep = Reach(trial, recorded.Values) }),
            TrialReleased released => Update(state, Release(trial, released)),
            TrialPaused paused => Update(state, trial with
            {
                State = TrialState.Paused,
                Checkpoint = paused.Checkpoint,
                Curve = paused.Curve,
                PausedAt = paused.Step,
                ReachedStep = Math.Max(trial.ReachedStep, paused.Step),
            }),
            TrialCompleted completed => Finish(state, e, trial with
            {
                State = TrialState.Complete, Value = completed.Value, Curve = completed.Curve, Metrics = completed.Metrics, Model = completed.Model,
            }),
            TrialPruned pruned => Finish(state, e, trial with { State = TrialState.Pruned, Curve = pruned.Curve, Metrics = pruned.Metrics }),
            TrialFailed failed => Finish(state, e, trial with
            {
                State = TrialState.Failed, Reason = failed.Message, Curve = failed.Curve, Metrics = failed.Metrics,
            }),
            TrialDiverged diverged => Finish(state, e, trial with
            {
                State = TrialState.Diverged, Reason = diverged.Message, Curve = diverged.Curve, Metrics = diverged.Metrics,
            }),
            TrialCancelled cancelled => Finish(state, e, trial with { State = TrialState.Cancelled, Reason = cancelled.Reason }),
            _ => throw new UnreachableException($"No rule for {e.GetType().Name}: written by a newer program?"),
        };
    }

    /// <summary>The attempt that must be running for <paramref name="e"/> to fit; null when none need be. A trial may fail between two attempts.</summary>
    private static int? RunningAttempt(Trial trial, TrialEvent e) => e switch
    {
        ReportsRecorded recorded => recorded.Attempt,
        TrialReleased released => released.Attempt,
        TrialPaused paused => paused.Attempt,
        TrialCompleted completed => completed.Attempt,
        TrialDiverged diverged => diverged.Attempt,
        TrialPruned pruned when trial.State != TrialState.Paused => pruned.Attempt,
        _ => null,
    };

    private static Trial Start(StudyState state, Trial trial, TrialStarted e) =>
        trial.State is TrialState.Waiting or TrialState.Paused && e.Attempt == trial.Attempts + 1
            ? trial with
            {
                State = TrialState.Running,
                Attempts = e.Attempt,
                HeldSince = trial.State == TrialState.Paused && trial.Lease?.Worker == e.Worker && trial.Lease.Incarnation == e.Incarnation ? trial.HeldSince : e.Attempt,
                Lease = new Lease(e.Lease, e.Worker, e.Incarnation),
                StartedAt = trial.StartedAt ?? e.At,
            }
            : throw Misfit(state, e, $"it is {trial.State.Word()} after {trial.Attempts} attempts");

    private static Trial Release(Trial trial, TrialReleased e)
    {
        var losses = e.Step > trial.ReachedStep ? 0 : trial.Losses;
        return trial with
        {
            State = TrialState.Waiting,
            Losses = losses + (e.Cause == ReleaseCause.WorkerLost ? 1 : 0),
            ReachedStep = Math.Max(trial.ReachedStep, e.Step),
            TrainingErrors = trial.TrainingErrors + (e.Cause == ReleaseCause.TrainingError ? 1 : 0),
        };
    }

    private static int Reach(Trial trial, IReadOnlyList<IntermediateValue> values) =>
        values.Aggregate(trial.ReachedStep, (reached, value) => Math.Max(reached, value.Step));

    private static StudyState Update(StudyState state, Trial trial) => state with { Trials = state.Trials.SetItem(trial.Number, trial) };

    private static StudyState Finish(StudyState state, StudyEvent e, Trial trial)
    {
        trial = TrialWorth.Judge(state.Spec, trial with { FinishedAt = e.At });
        var cancelled = trial.State == TrialState.Cancelled;
        if (trial.CopyOf is not null)
        {
            return InOrder(
                Decided(Update(state, trial) with { Open = state.Open.Remove(trial.Number), Finished = state.Finished.Add(trial.Number), Counts = state.Counts.Add(trial) }),
                state.InOrder);
        }

        var incumbent = state.BestTrial;
        var value = trial.IsUsable ? trial.Value : null;
        var best = value is not null && (incumbent is null || state.Spec.Objective.Direction.IsBetter(value.Value, incumbent.Value!.Value));
        // Which of equals finished first is chance; the number is not.
        var named = best || (value is { } same && same.Equals(incumbent!.Value) && trial.Number < incumbent.Number);
        state = Update(state, trial) with
        {
            Open = state.Open.Remove(trial.Number),
            Finished = state.Finished.Add(trial.Number),
            Counts = state.Counts.Add(trial),
            Sampled = state.Sampled - (cancelled && !trial.Enqueued ? 1 : 0),
            Best = named ? trial.Number : state.Best,
            SinceBest = best ? 0 : state.SinceBest + (cancelled ? 0 : 1),
        };
        // A copy that was not run leaves its failed trial as it was.
        return cancelled && trial.RetryOf is { } failed ? Retried(state, state.Retried.Remove(failed)) : InOrder(state, state.InOrder);
    }

    /// <summary>The state under another specification.</summary>
    internal static StudyState With(StudyState state, StudySpec spec) => InOrder(state with { Spec = spec }, NumberOrder.Start);

    /// <summary>A strict study is looked at in number order, from where that had come to.</summary>
    internal static StudyState InOrder(StudyState state, NumberOrder from) =>
        state.Spec.Reproducible.Window is null ? state : state with { InOrder = from.Advance(state.Trials, state.Retried, state.Spec) };

    private static InvalidOperationException Misfit(StudyState state, StudyEvent e, string why) => new(
        $"Study {state.Id}: event {state.Sequence + 1} is {e.GetType().Name}{(e is TrialEvent t ? $" of trial {t.Number}" : "")}, but {why}.");
}
