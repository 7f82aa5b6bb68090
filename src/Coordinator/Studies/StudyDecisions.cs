using System.Diagnostics;
using TuningCluster.Shared.Protocol;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Studies;

/// <summary>The rules of a study: which events a command leads to. Pure.</summary>
public static class StudyDecisions
{
    /// <summary>A trial whose worker was lost so often without progress is given up: it must not kill the cluster.</summary>
    public const int MostLosses = 3;

    /// <summary>The worker that trained the segment holds the checkpoint.</summary>
    private const string NoCheckpoint = "";

    /// <summary>From so many losses on a trial runs alone on its worker.</summary>
    public const int LossesToRunAlone = 2;

    /// <summary>Decides on one command; several in turn make one batch.</summary>
    public static void Decide(Decision decision, StudyCommand command)
    {
        switch (command)
        {
            case CreateStudy create when decision.Current is null:
                decision.Journal(new StudyCreated(create.Id, create.Spec) { Prior = create.Prior });
                break;
            case CreateStudy:
                return;
            case SeeWorker see:
                See(decision, see);
                break;
            case TakeOutcome outcome:
                Take(decision, outcome);
                break;
            case TakeSuggestions suggestions:
                Take(decision, suggestions);
                break;
            case LookAtClock or ShareWorker:
                break;
            case PauseStudy pause:
                if (decision.State.Phase == StudyPhase.Running)
                {
                    decision.Journal(new StudyPaused(pause.Reason));
                }

                break;
            case ResumeStudy:
                if (decision.State.Phase == StudyPhase.Paused)
                {
                    decision.Journal(new StudyResumed());
                }

                break;
            case StopStudy:
                if (decision.State.Phase != StudyPhase.Finished)
                {
                    CancelOpen(decision, "the study was stopped", copiesToo: true);
                    decision.Journal(new StudyFinished(FinishReason.Stopped, decision.State.Best, Trial.NoMetrics));
                }

                return;
            case ExtendStudy extend:
                Reopening.Extend(decision, extend);
                break;
            case EnqueueTrials enqueue:
                if (decision.State.Phase != StudyPhase.Finished)
                {
                    enqueue.Sets.ToList().ForEach(set => decision.Journal(new TrialEnqueued(set)));
                }

                break;
            case RetryFailed:
                Reopening.Retry(decision);
                break;
            case FinishStudy finish:
                if (decision.State.Phase != StudyPhase.Finished && decision.State.Open.IsEmpty && StudyEnd.Reason(decision.State, decision.Context) is { } reason)
                {
                    decision.Journal(new StudyFinished(reason, decision.State.Best, finish.TestMetrics));
                }

                return;
            default:
                throw new UnreachableException($"No rule for {command.GetType().Name}.");
        }

        Settle(decision);
    }

    /// <summary>What follows from the state whatever the command was: ends, then grants.</summary>
    private static void Settle(Decision decision)
    {
        if (decision.State.Phase == StudyPhase.Finished)
        {
            return;
        }

        if (decision.State.Reevaluation is null && StudyEnd.Reason(decision.State, decision.Context) is { } reason)
        {
            CancelOpen(decision, Describe(reason));
            if (!Reevaluates(decision, reason))
            {
                return;
            }
        }

        Copy(decision);
        CancelBeyondBudget(decision);
        if (decision.State.Phase == StudyPhase.Running)
        {
            TrialGrants.Fill(decision);
            EndPaused(decision);
            if (decision.State.Reevaluation is null && StudyEnd.Reason(decision.State, decision.Context) is { } late && Reevaluates(decision, late))
            {
                Copy(decision);
                TrialGrants.Fill(decision);
            }
        }
    }

    /// <summary>Whether the best trials of a study that is over are trained again before it ends.</summary>
    private static bool Reevaluates(Decision decision, FinishReason reason)
    {
        if (decision.State.Spec.Reevaluate is null || Reevaluation.Candidates(decision.State) is not { Count: > 0 } candidates)
        {
            return false;
        }

        decision.Journal(new ReevaluationBegun(reason, candidates));
        return true;
    }

    /// <summary>Makes the copies that are missing: those of the last end are counted, and of what was cancelled meanwhile another one is made.</summary>
    private static void Copy(Decision decision)
    {
        if (decision.State.Reevaluation?.Missing(decision.State).ToList() is not { Count: > 0 } missing)
        {
            return;
        }

        var hash = SettingsHash.Of(decision.State.Spec);
        foreach (var original in missing)
        {
            var state = decision.State;
            decision.Journal(new TrialSuggested(state.Trials.Count, Reevaluation.Adopted(state.Spec.Space, state.Trials[original].Parameters)!, Enqueued: true, state.Sequence, Suggesting.Copy, hash) { CopyOf = original });
        }
    }

    private static string Describe(FinishReason reason) => reason switch
    {
        FinishReason.TargetReached => "the target was reached",
        FinishReason.TimeSpent => "the time budget was spent",
        FinishReason.PatienceSpent => "the patience was spent",
        FinishReason.TooManyFailures => "too many trials failed",
        _ => "the budget of trials was spent",
    };

    private static void See(Decision decision, SeeWorker see)
    {
        var beat = see.Beat;
        foreach (var trial in decision.State.OpenTrials.Where(t => t.State == TrialState.Running && t.Lease!.Worker == beat.Worker).ToList())
        {
            if (trial.Lease!.Incarnation != beat.Incarnation)
            {
                Lose(decision, trial, see.Local ? ReleaseCause.LocalRestart : ReleaseCause.WorkerLost, $"{beat.Worker} was started again");
            }
            else if (beat.Held.Any(held => Matches(trial, held.Key)))
            {
                continue;
            }
            else if (beat.Slots == 0)
            {
                // A worker that drains takes nothing more: what was on its way to it comes back unseen.
                Release(decision, trial, ReleaseCause.Drained, $"{beat.Worker} drains");
            }
            else
            {
                if (decision.Context.IsLapsed(trial.Lease.Id))
                {
                    // It was sent again at every beat: the worker is done with this lease, and the journal lost what it heard.
                    Lose(decision, trial, ReleaseCause.WorkerLost, $"{beat.Worker} does not know it any more");
                    continue;
                }

                decision.Then(Run(decision, trial));
            }
        }

        foreach (var held in beat.Held.Where(held => FindLease(decision.State, held.Key) is null))
        {
            decision.Then(new SendStop(beat.Worker, held.Key, StopReason.Superseded, see.ReplyTo));
        }
    }

    /// <summary>The running trial the key is the lease of; null when it was superseded or is over.</summary>
    internal static Trial? FindLease(StudyState state, AttemptKey key) =>
        key.Number >= 0 && key.Number < state.Trials.Count && state.Trials[key.Number] is var trial && Matches(trial, key) ? trial : null;

    private static bool Matches(Trial trial, AttemptKey key) =>
        trial.State == TrialState.Running && trial.Number == key.Number && trial.Attempts == key.Attempt && trial.Lease!.Id == key.Lease;

    private static void Take(Decision decision, TakeOutcome taken)
    {
        var report = taken.Report;
        decision.Then(new SendAcknowledge(report.Worker, report.Key, taken.ReplyTo));
        if (FindLease(decision.State, report.Key) is not { } trial)
        {
            return;
        }

        var outcome = report.Outcome;
        switch (outcome)
        {
            case TrialOutcome.Completed completed when Unusable(decision.State.Spec, completed) is { } problem:
                decision.Journal(new TrialDiverged(trial.Number, trial.Attempts, outcome.Curve.Count, problem, outcome.Curve, outcome.Metrics));
                break;
            case TrialOutcome.Completed completed:
                decision.Journal(new TrialCompleted(trial.Number, trial.Attempts, completed.Value, outcome.Curve, outcome.Metrics, completed.Model));
                break;
            case TrialOutcome.Diverged diverged:
                decision.Journal(new TrialDiverged(trial.Number, trial.Attempts, diverged.Step, diverged.Message, outcome.Curve, outcome.Metrics));
                break;
            case TrialOutcome.Failed { Reason: FailureReason.TrainingError } failed when trial.TrainingErrors + 1 < decision.State.Spec.Retry.Attempts:
                Release(decision, trial, ReleaseCause.TrainingError, failed.Message);
                break;
            case TrialOutcome.Failed failed:
                decision.Journal(new TrialFailed(trial.Number, trial.Attempts, failed.Reason, failed.Message, outcome.Curve, outcome.Metrics));
                break;
            case TrialOutcome.Pruned pruned:
                decision.Journal(new TrialPruned(trial.Number, trial.Attempts, pruned.Step, outcome.Curve, outcome.Metrics));
                break;
            case TrialOutcome.Paused paused:
                decision.Journal(new TrialPaused(trial.Number, trial.Attempts, paused.Step, NoCheckpoint, outcome.Curve));
                if (decision.Context.Pruner.Stops(decision.State.HistoryFor(trial.Number), trial.Number))
                {
                    Prune(decision, decision.State.Trials[trial.Number], outcome.Metrics, taken.ReplyTo);
                }
                else if (decision.State.Spec.Objective.Kind == ObjectiveKind.External)
                {
                    // Its program has not stopped, and nobody else could go on with it.
                    TrialGrants.Start(decision, decision.State.Trials[trial.Number], trial.Lease!.Worker, trial.Lease.Incarnation);
                }

                break;
            case TrialOutcome.Released released:
                Release(decision, trial, ReleaseCause.Drained, released.Message);
                break;
            default:
                throw new UnreachableException($"No rule for the outcome {outcome.GetType().Name}.");
        }
    }

    /// <summary>Which objective is no number; null when all are.</summary>
    private static string? Unusable(StudySpec spec, TrialOutcome.Completed completed)
    {
        foreach (var (objective, value) in spec.Objectives.Zip(TrialWorth.Values(spec, completed.Value, completed.Metrics)))
        {
            if (!double.IsFinite(value))
            {
                return spec.FurtherObjectives.Count == 0 ? $"the objective is {value}" : $"the objective {objective.Metric} is {value}";
            }
        }

        return null;
    }

    private static void Take(Decision decision, TakeSuggestions taken)
    {
        if (taken.DrawnFrom < decision.State.WidenedAt)
        {
            return;
        }

        foreach (var suggestion in taken.Suggestions)
        {
            var state = decision.State;
            if (state.Phase != StudyPhase.Running || state.Reevaluation is not null || suggestion.Number != state.Trials.Count || StudyEnd.SuggestionsLeft(state, decision.Context) <= 0 || StudyEnd.Reason(state, decision.Context) is not null)
            {
                return;
            }

            decision.Journal(suggestion.ToEvent());
        }
    }

    /// <summary>The study ends: what runs or waits is cancelled, what was set aside is pruned, unless the budget was made smaller and has no place for it.</summary>
    /// <param name="copiesToo">Copies go on where they are wanted at the end.</param>
    private static void CancelOpen(Decision decision, string reason, bool copiesToo = false)
    {
        foreach (var trial in (copiesToo ? decision.State.OpenTrials : decision.State.OpenOwn).ToList())
        {
            if (trial.State == TrialState.Paused && !(decision.State.Counts.AgainstBudget >= decision.State.Spec.Budget.Trials))
            {
                Prune(decision, trial, Trial.NoMetrics);
            }
            else
            {
                Cancel(decision, trial, reason);
            }
        }
    }

    /// <summary>Paused trials that nothing lets go on any more end: nothing runs that could change the rule's mind, and nothing can be suggested.</summary>
    private static void EndPaused(Decision decision)
    {
        var (state, context) = (decision.State, decision.Context);
        var paused = state.PausedCount;
        if (paused == 0 || paused < state.OpenOwnCount || StudyEnd.SuggestionsLeft(state, context) > 0 || TrialGrants.GoOn(state, context).Count > 0)
        {
            return;
        }

        foreach (var trial in state.OpenOwn.ToList())
        {
            Prune(decision, trial, Trial.NoMetrics);
        }
    }

    private static void Prune(Decision decision, Trial trial, IReadOnlyDictionary<string, double> metrics, object? replyTo = null)
    {
        decision.Journal(new TrialPruned(trial.Number, trial.Attempts, trial.PausedAt, trial.Curve, metrics));
        // The worker keeps its checkpoint until it hears of this.
        decision.Then(new SendStop(trial.Lease!.Worker, KeyOf(decision.State, trial), StopReason.Pruned, replyTo));
    }

    /// <summary>A smaller budget on a resume: the youngest open trials have no place any more.</summary>
    private static void CancelBeyondBudget(Decision decision)
    {
        if (decision.State.Spec.Budget.Trials is not { } trials)
        {
            return;
        }

        foreach (var trial in decision.State.OpenOwn.Reverse().Take(decision.State.Counts.AgainstBudget + decision.State.OpenOwnCount - trials).ToList())
        {
            Cancel(decision, trial, "the budget of trials was made smaller");
        }
    }

    private static void Cancel(Decision decision, Trial trial, string reason)
    {
        if (trial.State == TrialState.Running)
        {
            decision.Then(new SendStop(trial.Lease!.Worker, KeyOf(decision.State, trial), StopReason.Cancelled));
        }

        decision.Journal(new TrialCancelled(trial.Number, reason));
    }

    internal static void Lose(Decision decision, Trial trial, ReleaseCause cause, string why)
    {
        Release(decision, trial, cause, why);
        var lost = decision.State.Trials[trial.Number];
        if (cause == ReleaseCause.WorkerLost && lost.Losses >= MostLosses)
        {
            decision.Journal(new TrialFailed(
                trial.Number, trial.Attempts, FailureReason.WorkerLost, $"its worker was lost {lost.Losses} times without progress (the last was {trial.Lease!.Worker})", [], Trial.NoMetrics));
        }
    }

    private static void Release(Decision decision, Trial trial, ReleaseCause cause, string message) =>
        decision.Journal(new TrialReleased(trial.Number, trial.Attempts, cause, decision.Context.ReachedStep(trial.Number), message));

    internal static SendRun Run(Decision decision, Trial trial) => new(
        trial.Lease!.Worker,
        trial.Lease.Incarnation,
        KeyOf(decision.State, trial),
        trial.Parameters,
        Incumbent(decision.State, trial),
        trial.CopyOf is null ? decision.Context.Pruner.NextStep(trial.Number, trial.PausedAt) : null)
    {
        Segment = trial.Segment,
    };

    /// <summary>The value that makes the weights of a worse trial useless. With several objectives none does; a copy's are never of use.</summary>
    private static double? Incumbent(StudyState state, Trial trial) => state.Spec switch
    {
        { FurtherObjectives.Count: > 0 } => null,
        { Reevaluate: null } => state.BestTrial?.Value,
        _ when trial.CopyOf is not null => state.Spec.Objective.Direction.ToLoss(double.NegativeInfinity),
        _ => Reevaluation.Mark(state),
    };

    private static AttemptKey KeyOf(StudyState state, Trial trial) => new(state.Id, trial.Number, trial.Attempts, trial.Lease!.Id);
}
