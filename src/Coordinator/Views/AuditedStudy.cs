using System.Globalization;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Views;

/// <summary>The audit's own fold of a journal.</summary>
/// <param name="faults">Receives every broken promise.</param>
internal sealed class AuditedStudy(List<string> faults)
{
    private readonly SortedDictionary<int, AuditedTrial> _trials = [];
    private readonly HashSet<string> _leases = new(StringComparer.Ordinal);
    private readonly GridAudit _grid = new();
    private readonly Queue<int?> _queued = [];
    private readonly HashSet<int> _retried = [];
    private StudySpec? _spec;
    private ReevaluationBegun? _reevaluation;
    private StudyFinished? _finished;
    private TimeSpan _elapsed;
    private int _counted;
    private int? _allowed;
    private AuditedTrial? _best;
    private int _sinceBest;
    private long _sequence;
    private long _widenedAt;

    public string? Id { get; private set; }

    public int TrialCount => _trials.Count;

    /// <param name="sequence">The event's number in the journal, from 1.</param>
    public void Read(long sequence, StudyEvent e)
    {
        _sequence = sequence;
        if (e.Elapsed < _elapsed)
        {
            Fault($"running time falls from {_elapsed} to {e.Elapsed}");
        }

        _elapsed = e.Elapsed;
        if (_spec is null != e is StudyCreated)
        {
            Fault(_spec is null ? $"the journal begins with {e.GetType().Name}" : "the study is created a second time");
        }

        if (_finished is not null && e is not (StudyExtended or SpaceWidened or TrialEnqueued { RetryOf: not null }))
        {
            Fault($"{e.GetType().Name} after the study was finished");
        }

        switch (e)
        {
            case StudyCreated created:
                (Id, _spec) = (created.Id, created.Spec);
                if (created.Prior.Count(t => !created.Spec.Space.Contains(t.Parameters) || t.Value is { } value && !double.IsFinite(value)) is > 0 and var strange)
                {
                    Fault($"{strange} of the trials it starts from lie outside its search space or have no finite value");
                }

                created.Spec.Enqueue.ToList().ForEach(_ => _queued.Enqueue(null));
                _allowed = created.Spec.Budget.Trials;
                break;
            case ReevaluationBegun begun:
                Reevaluated(begun);
                break;
            case StudyExtended extended:
                (_finished, _reevaluation) = (null, null);
                _spec = _spec is null ? null : _spec with { Budget = extended.Budget };
                // A budget smaller than what is done already undoes nothing.
                _allowed = extended.Budget.Trials is { } trials ? Math.Max(trials, _counted) : null;
                break;
            case TrialEnqueued enqueued:
                Enqueued(enqueued);
                break;
            case SpaceWidened widened:
                Widened(widened);
                break;
            case TrialSuggested suggested:
                Suggested(suggested);
                break;
            case TrialEvent trialEvent:
                TrialHappened(trialEvent);
                break;
            case StudyFinished finished:
                Finished(finished);
                break;
        }
    }

    private void Enqueued(TrialEnqueued e)
    {
        _queued.Enqueue(e.RetryOf);
        if (e.RetryOf is not { } number)
        {
            return;
        }

        (_finished, _reevaluation) = (null, null);
        if (!_trials.TryGetValue(number, out var failed) || failed.Outcome != TrialState.Failed.Word())
        {
            Fault($"trial {number} is run again, but has not failed");
        }
        else if (!_retried.Add(number))
        {
            Fault($"trial {number} is run again a second time");
        }
        else
        {
            _counted--;
            _allowed = _spec?.Budget.Trials is { } trials ? Math.Max(trials, _counted) : null;
        }
    }

    private void Reevaluated(ReevaluationBegun e)
    {
        if (_spec?.Reevaluate is not { } wanted)
        {
            Fault("trials are trained again, and the study does not ask for it");
            return;
        }

        _reevaluation = e;
        var best = _trials.Values.Where(t => t.CopyOf is null && UsableValue(t) is not null && Reevaluation.Adopted(_spec.Space, t.Parameters) is not null)
            .OrderBy(t => Direction.ToLoss(t.Value!.Value)).ThenBy(t => t.Number).Take(wanted.Top).Select(t => t.Number);
        if (!best.SequenceEqual(e.Trials))
        {
            Fault($"trials {string.Join(", ", e.Trials)} are trained again, and the best ones are {string.Join(", ", best)}");
        }
    }

    private void CopyOf(TrialSuggested e, int original)
    {
        if (_reevaluation?.Trials.Contains(original) != true)
        {
            Fault($"trial {e.Number} trains trial {original} again, which is not among the best of a study that is over");
        }
        else if (!e.Parameters.Equals(Reevaluation.Adopted(_spec!.Space, _trials[original].Parameters)))
        {
            Fault($"trial {e.Number} trains trial {original} again with other parameters: {e.Parameters}");
        }
        else if (_trials.Values.Count(t => t.CopyOf == original && !t.Cancelled) >= _spec!.Reevaluate!.Seeds)
        {
            Fault($"trial {e.Number} trains trial {original} again once more than the {_spec.Reevaluate.Seeds} times asked for");
        }
    }

    private void Widened(SpaceWidened e)
    {
        foreach (var refused in _spec is null ? [] : SpaceWidening.Between(_spec, e.Spec).Refused)
        {
            Fault($"the space was not widened but changed: {refused}");
        }

        (_finished, _reevaluation) = (null, null);
        _spec = _spec is null ? e.Spec : _spec with { Space = e.Spec.Space, Model = e.Spec.Model };
        _widenedAt = _sequence;
        _grid.Widen(e.Spec.Space);
    }

    private void Suggested(TrialSuggested e)
    {
        if (e.HistorySequence < _widenedAt)
        {
            Fault($"trial {e.Number} is drawn from a history up to event {e.HistorySequence}, before the space was widened");
        }

        if (e.Number != _trials.Count)
        {
            Fault($"trial {e.Number} is suggested where trial {_trials.Count} is next");
        }

        if (e.HistorySequence < 0 || e.HistorySequence >= _sequence)
        {
            Fault($"trial {e.Number} is drawn from a history up to event {e.HistorySequence}, which was not written yet");
        }

        if (_spec is not null && !_spec.Space.Contains(e.Parameters))
        {
            Fault($"trial {e.Number} lies outside the search space: {e.Parameters}");
        }

        if (_spec?.Space.Constraints.FirstOrDefault(c => !c.Holds(e.Parameters)) is { } violated)
        {
            Fault($"trial {e.Number} violates the constraint {violated.Text}: {e.Parameters}");
        }

        var retryOf = e.Enqueued && e.CopyOf is null && _queued.TryDequeue(out var queued) ? queued : null;
        if (retryOf is { } failed && _trials.TryGetValue(failed, out var original) && _spec is not null
            && !e.Parameters.Equals(original.Parameters) && !e.Parameters.Equals(_spec.Space.Adopt(original.Parameters)))
        {
            Fault($"trial {e.Number} runs trial {failed} again with other parameters: {e.Parameters}");
        }

        if (e.CopyOf is { } copied)
        {
            CopyOf(e, copied);
        }

        var trial = new AuditedTrial(e.Number, e.Parameters, e.Enqueued) { RetryOf = retryOf, CopyOf = e.CopyOf, Segment = e.Segment };
        if (e.Segment is { } segment && SegmentFault(segment) is { } misplaced)
        {
            Fault($"trial {e.Number} {misplaced}");
        }

        if (_trials.TryAdd(e.Number, trial) && IsGrid && !e.Enqueued && _grid.Add(trial) is { } twin)
        {
            Fault($"trial {e.Number} tries the grid point of trial {twin.Number} again: {e.Parameters}");
        }
    }

    /// <summary>What is wrong with the place of a trial in its population; null when nothing is.</summary>
    private string? SegmentFault(TrialSegment segment)
    {
        if (_trials.Values.FirstOrDefault(t => t.Outcome is null && t.Segment?.Member == segment.Member) is { } open)
        {
            return $"is of member {segment.Member}, whose trial {open.Number} has no outcome yet";
        }

        if (segment.Last <= segment.Start || (_spec is not null && segment.Last > TrialSteps.Most(_spec)))
        {
            return $"is to train the steps {segment.Start + 1} to {segment.Last}";
        }

        return segment.Parent is not { } number ? (segment.Start == 0 ? null : $"begins after step {segment.Start} and goes on from no trial")
            : !_trials.TryGetValue(number, out var parent) ? $"goes on from trial {number}, which was not suggested yet"
            : parent.Value is null ? $"goes on from trial {number}, which was {parent.Outcome ?? "open"}"
            : parent.Segment?.Last != segment.Start ? $"goes on from trial {number} after step {segment.Start}, where that one did not end"
            : null;
    }

    private Direction Direction => _spec?.Objective.Direction ?? Direction.Minimize;

    private bool IsGrid => _spec?.Strategy.Name == "grid";

    private void TrialHappened(TrialEvent e)
    {
        if (!_trials.TryGetValue(e.Number, out var trial))
        {
            Fault($"{e.GetType().Name} of trial {e.Number}, which was never suggested");
            return;
        }

        var wasOpen = trial.Outcome is null;
        if (trial.Read(e) is { } fault)
        {
            Fault($"trial {e.Number}: {fault}");
        }

        if (e is TrialStarted started && !_leases.Add(started.Lease))
        {
            Fault($"trial {e.Number}: lease {started.Lease} was given out before");
        }

        if (e is TrialCompleted completed && trial.Segment is { } segment
            && !completed.Curve.Select(v => v.Step).SequenceEqual(Enumerable.Range(segment.Start + 1, Math.Max(0, segment.Last - segment.Start))))
        {
            Fault($"trial {e.Number}: it was to train the steps {segment.Start + 1} to {segment.Last}, and its curve has {completed.Curve.Count} that are not those");
        }

        Finite(e);
        if (wasOpen && trial.Outcome is not null)
        {
            Ended(trial);
        }
    }

    private void Ended(AuditedTrial trial)
    {
        if (trial.CopyOf is not null)
        {
            return;
        }

        if (trial.Cancelled)
        {
            _grid.Remove(trial);
            if (trial.RetryOf is { } failed && _retried.Remove(failed))
            {
                // The failed trial counts again; a budget that was made smaller meanwhile undoes nothing.
                _counted++;
                _allowed = _allowed is { } allowed ? Math.Max(allowed, _counted) : null;
            }

            return;
        }

        _counted++;
        if (_counted > _allowed)
        {
            Fault($"trial {trial.Number} is number {_counted} of a budget of {_allowed}");
        }

        if (UsableValue(trial) is { } value && double.IsFinite(value) && (_best is null || Direction.IsBetter(value, _best.Value!.Value)))
        {
            (_best, _sinceBest) = (trial, 0);
        }
        else
        {
            _sinceBest++;
        }
    }

    /// <summary>The value of a trial that may be the best; null of one that violates a constraint on its metrics.</summary>
    private double? UsableValue(AuditedTrial trial) =>
        _spec is null || _spec.MetricConstraints.All(c => TrialWorth.Violation(c, _spec.Space, trial.Parameters, trial.Metrics) <= 0) ? trial.Value : null;

    private void Finite(TrialEvent e)
    {
        if (e is TrialCompleted completed && !double.IsFinite(completed.Value))
        {
            Fault($"trial {e.Number}: the value is {Text(completed.Value)}");
        }

        var curve = e switch
        {
            ReportsRecorded recorded => recorded.Values,
            TrialCompleted complete => complete.Curve,
            TrialPruned pruned => pruned.Curve,
            _ => [],
        };
        foreach (var value in curve.Where(v => !double.IsFinite(v.Value)))
        {
            Fault($"trial {e.Number}: the value at step {value.Step} is {Text(value.Value)}");
        }
    }

    private void Finished(StudyFinished e)
    {
        _finished = e;
        foreach (var trial in _trials.Values.Where(t => t.Outcome is null))
        {
            Fault($"the study is finished, but trial {trial.Number} has no outcome");
        }

        if (_reevaluation is { } reevaluation && e.Reason == reevaluation.Reason)
        {
            BestOfCopies(e, reevaluation);
        }
        else
        {
            BestIsTrue(e);
        }

        if (_spec is not null && ReasonFault(e.Reason, _spec.Budget) is { } fault)
        {
            Fault($"the study is finished for {e.Reason}, but {fault}");
        }
    }

    private void BestOfCopies(StudyFinished e, ReevaluationBegun reevaluation)
    {
        var means = new Dictionary<int, double>();
        foreach (var number in reevaluation.Trials)
        {
            var copies = _trials.Values.Where(t => t.CopyOf == number && !t.Cancelled).ToList();
            if (copies.Count < _spec!.Reevaluate!.Seeds)
            {
                Fault($"trial {number} was trained again {copies.Count} of {_spec.Reevaluate.Seeds} times");
            }

            if (copies.Select(UsableValue).OfType<double>().ToList() is { Count: > 0 } values)
            {
                means[number] = values.Average();
            }
        }

        if (means.Count == 0)
        {
            BestIsTrue(e);
        }
        else if (e.Best is not { } named || !means.TryGetValue(named, out var mean) || means.Values.Any(m => Direction.IsBetter(m, mean)))
        {
            Fault($"the best trial is said to be {e.Best?.ToString(CultureInfo.InvariantCulture) ?? "none"}, and by their copies it is {means.MinBy(m => (Direction.ToLoss(m.Value), m.Key)).Key}");
        }
    }

    // Equal values are equally best: which of them bears the title is the study's choice.
    private void BestIsTrue(StudyFinished e)
    {
        if (e.Best is not { } number)
        {
            if (_best is not null)
            {
                Fault($"no best trial is named, but trial {_best.Number} is complete with {Text(_best.Value!.Value)}");
            }
        }
        else if (!_trials.TryGetValue(number, out var named) || named.Value is not { } value)
        {
            Fault($"the best trial is said to be {number}, which is not complete");
        }
        else if (_best is not null && !value.Equals(_best.Value))
        {
            Fault($"the best trial is said to be {number} with {Text(value)}, but trial {_best.Number} has {Text(_best.Value!.Value)}");
        }
    }

    private string? ReasonFault(FinishReason reason, BudgetSpec budget) => reason switch
    {
        FinishReason.TrialsDone when _allowed is null => "it has no budget of trials",
        FinishReason.TrialsDone when _counted != _allowed => $"{_counted} of {_allowed} trials are done",
        FinishReason.SpaceExhausted when IsGrid => _grid.Missing(_spec!.Space),
        FinishReason.TargetReached or FinishReason.PatienceSpent or FinishReason.TooManyFailures when _spec!.Reproducible.Window is { } window => StrictFault(reason, budget, window),
        FinishReason.TargetReached when budget.Target is not { } target => "it has no target",
        FinishReason.TargetReached when _best?.Value is not { } value || Direction.IsBetter(budget.Target!.Value, value)
            => $"the best value is {(_best is null ? "none" : Text(_best.Value!.Value))} and the target {Text(budget.Target!.Value)}",
        FinishReason.TimeSpent when budget.Time is not { } time || _elapsed < time => $"it ran {_elapsed} of {budget.Time?.ToString() ?? "no limit"}",
        FinishReason.PatienceSpent when budget.Patience is not { } patience || _sinceBest < patience
            => $"{_sinceBest} trials ended since the best one and its patience is {budget.Patience?.ToString(CultureInfo.InvariantCulture) ?? "unlimited"}",
        FinishReason.TooManyFailures when budget.Failures is not { } limit || Failures < limit
            => $"{Failures} trials failed and its limit is {budget.Failures?.ToString(CultureInfo.InvariantCulture) ?? "none"}",
        _ => null,
    };

    /// <summary>A strict study ends for what the first trials, in number order, give reason to; the last let in is a window further.</summary>
    private string? StrictFault(FinishReason reason, BudgetSpec budget, int window)
    {
        var (best, sinceBest, failed) = ((double?)null, 0, 0);
        var own = _trials.Values.Where(t => t.CopyOf is null).OrderBy(t => t.Number).ToList();
        foreach (var trial in own)
        {
            var better = UsableValue(trial) is { } value && (best is null || Direction.IsBetter(value, best.Value));
            best = better ? trial.Value : best;
            sinceBest = better ? 0 : sinceBest + (trial.Cancelled ? 0 : 1);
            failed += CountsAsFailed(trial) ? 1 : 0;
            var found = best is not null && budget.Target is { } target && !Direction.IsBetter(target, best.Value) ? FinishReason.TargetReached
                : failed >= budget.Failures ? FinishReason.TooManyFailures
                : best is not null && sinceBest >= budget.Patience ? FinishReason.PatienceSpent
                : (FinishReason?)null;
            if (found is not null)
            {
                return found != reason ? $"in number order trial {trial.Number} ends it for {found}"
                    : own[^1].Number >= trial.Number + window ? $"trial {trial.Number + window} was let in after trial {trial.Number} had ended it"
                    : null;
            }
        }

        return "in number order nothing ends it";
    }

    private int Failures => _trials.Values.Count(CountsAsFailed);

    private bool CountsAsFailed(AuditedTrial trial) => trial.CopyOf is null && trial.Outcome == TrialState.Failed.Word() && !_retried.Contains(trial.Number);

    private void Fault(string what) => faults.Add(string.Create(CultureInfo.InvariantCulture, $"event {_sequence}: {what}"));

    private static string Text(double value) => ParameterValue.Float(value).ToString();
}
