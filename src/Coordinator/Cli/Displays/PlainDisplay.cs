using System.Globalization;
using TuningCluster.Coordinator.Cli.Rendering;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Cli.Displays;

/// <summary>One line for each outcome: for logs and pipes.</summary>
public sealed class PlainDisplay(TextWriter error) : RunDisplay
{
    private readonly Lock _gate = new();
    private Incumbent? _best;
    private int _done;
    private bool _greeted;

    public override void OnStudy(StudyState state, IReadOnlyList<StudyEvent> newEvents)
    {
        lock (_gate)
        {
            if (!_greeted)
            {
                Greet(state, newEvents);
            }

            foreach (var e in newEvents)
            {
                if (Line(state, e) is { } line)
                {
                    error.WriteLine(line);
                }
            }
        }
    }

    // Epochs by the thousand would drown the outcomes.
    public override void OnProgress(int number, int attempt, IntermediateValue value)
    {
    }

    public override void OnNote(string line)
    {
        lock (_gate)
        {
            error.WriteLine(line);
        }
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Greet(StudyState state, IReadOnlyList<StudyEvent> newEvents)
    {
        _greeted = true;
        _done = state.Counts.AgainstBudget - newEvents.OfType<TrialEvent>().Count(e => e is TrialCompleted or TrialPruned or TrialFailed or TrialDiverged);
        if (state.BestTrial is { Value: { } value } best && !newEvents.OfType<TrialCompleted>().Any(e => e.Number == best.Number))
        {
            _best = new Incumbent(best.Number, value);
        }

        var spec = state.Spec;
        error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"study {spec.Name}: {spec.Strategy.Name}, seed {spec.Strategy.Seed}, {string.Join(", ", spec.Objectives.Select(o => $"{Words.Of(o.Direction)} {o.Metric}"))}"
            + $"{(_done > 0 ? $", goes on after {_done} trial{(_done == 1 ? "" : "s")}" : "")}"));
    }

    private string? Line(StudyState state, StudyEvent e)
    {
        switch (e)
        {
            case TrialEvent { Number: var number } when state.Trials[number].CopyOf is { } original && e is TrialCompleted or TrialPruned or TrialDiverged or TrialFailed:
                return string.Create(CultureInfo.InvariantCulture, $"trial {number} (trial {original} again) {state.Trials[number].State.Word()}{(state.Trials[number].Value is { } again ? $" value={Numbers.Short(again)}" : "")}");
            case ReevaluationBegun begun:
                return string.Create(CultureInfo.InvariantCulture, $"{StudyViewBuilder.Sentence(begun.Reason, state.Spec)} The best {begun.Trials.Count} are trained again, {state.Spec.Reevaluate!.Seeds} times each: trials {string.Join(", ", begun.Trials)}");
            case TrialCompleted completed:
                _done++;
                var trial = state.Trials[completed.Number];
                if (trial.IsUsable && (_best is null || state.Spec.Objective.Direction.IsBetter(completed.Value, _best.Value)))
                {
                    _best = new Incumbent(completed.Number, completed.Value);
                }

                return Outcome(state, completed, $"complete value={string.Join(',', trial.Values.Select(v => Numbers.Short(v)))}{(trial.IsUsable ? "" : " violates a constraint")}");
            case TrialPruned pruned:
                _done++;
                return Outcome(state, pruned, $"pruned step={pruned.Step}");
            case TrialDiverged diverged:
                _done++;
                return Outcome(state, diverged, $"diverged step={diverged.Step}");
            case TrialFailed failed:
                _done++;
                return Outcome(state, failed, $"failed ({failed.Message})");
            case TrialReleased released:
                return $"trial {released.Number} handed back after attempt {released.Attempt} ({released.Message})";
            case TrialCancelled cancelled:
                return $"trial {cancelled.Number} cancelled ({cancelled.Reason})";
            case StudyFinished finished:
                return $"study {state.Spec.Name} finished: {StudyViewBuilder.Sentence(finished.Reason, state.Spec)}";
            default:
                return null;
        }
    }

    private string Outcome(StudyState state, TrialEvent e, string what)
    {
        var best = _best is null || state.Spec.FurtherObjectives.Count > 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" best={Numbers.Short(_best.Value)} (trial {_best.Number})");
        var total = TrialTotal.Of(state);
        var done = total is null ? $" {_done}" : $" {_done}/{total}";
        return string.Create(CultureInfo.InvariantCulture, $"trial {e.Number} {what}{best}{done} {Numbers.Short(state.Trials[e.Number].Parameters)}").TrimEnd();
    }

    private sealed record Incumbent(int Number, double Value);
}
