using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Strategies;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Views;

/// <summary>What users see of a study, from its folded state.</summary>
public static class StudyViewBuilder
{
    public static StudyView Study(StudyState state) => new(
        state.Spec.Name,
        state.Id,
        StateWord(state),
        [.. state.Spec.Objectives.Select(o => (o.Metric, o.Direction))],
        state.Spec.Strategy.Name,
        state.Spec.Strategy.Seed ?? 0,
        state.Spec.Budget,
        Counts(state),
        Best(state),
        state.CreatedAt,
        state.UpdatedAt,
        state.Elapsed,
        state.FinishReason is { } reason ? Sentence(reason, state.Spec) : null)
    {
        WarmStart = state.Spec.WarmStart is { } from ? (from, state.Prior.Count) : null,
    };

    /// <summary>Every trial, by number.</summary>
    public static IReadOnlyList<TrialView> Trials(StudyState state) => [.. state.Trials.Select(trial => Trial(state, trial))];

    /// <summary>Those from a number on, at most so many.</summary>
    public static TrialPage TrialPage(StudyState state, int from, int count) =>
        new([.. Enumerable.Range(from, Math.Clamp(state.Trials.Count - from, 0, count)).Select(number => Trial(state, state.Trials[number]))], state.Trials.Count);

    public static TrialView Trial(StudyState state, Trial trial) => new(
        trial.Number,
        trial.State,
        trial.Value,
        trial.Values,
        state.Spec.MetricConstraints.Count == 0 ? null : state.Spec.MetricConstraints.Zip(trial.Violations, (constraint, violation) => KeyValuePair.Create(constraint.Text, violation)).ToDictionary(StringComparer.Ordinal),
        trial.Parameters,
        Metrics(state, trial),
        trial.Curve,
        trial.Attempts,
        trial.Lease?.Worker,
        trial.StartedAt,
        trial.FinishedAt,
        trial.Reason)
    {
        CopyOf = trial.CopyOf,
        Segment = trial.Segment,
    };

    /// <summary>The best trial; with several objectives those that no other one beats, the best in the first objective first. Empty while none is usable.</summary>
    public static IReadOnlyList<BestView> Best(StudyState state)
    {
        if (state.BestTrial is not { } best)
        {
            return [];
        }

        if (state.Spec.FurtherObjectives.Count == 0)
        {
            return [View(state, best)];
        }

        return [.. TrialWorth.Front(state).OrderBy(trial => state.Spec.Objective.Direction.ToLoss(trial.Value!.Value)).Select(trial => View(state, trial))];
    }

    private static BestView View(StudyState state, Trial trial) => new(
        state.Spec.Name, trial.Number, trial.Value!.Value, trial.Values, trial.Parameters, Metrics(state, trial), trial.Attempts, trial.State)
    {
        Again = state.Spec.Reevaluate is null ? [] : Reevaluation.Values(state, trial.Number),
    };

    /// <summary>running, paused, completed, stopped or failed. (A stop cancels what runs at once, so nothing is ever seen draining yet.)</summary>
    public static string StateWord(StudyState state) => state.Phase switch
    {
        StudyPhase.Finished when state.FinishReason == FinishReason.Stopped => "stopped",
        StudyPhase.Finished => state.Best is null ? "failed" : "completed",
        StudyPhase.Paused => "paused",
        _ => "running",
    };

    /// <summary>Why a study ended, as one sentence.</summary>
    public static string Sentence(FinishReason reason, StudySpec spec) => reason switch
    {
        FinishReason.TrialsDone => "All trials of the budget are done.",
        FinishReason.SpaceExhausted when spec.Strategy.Name == StrategySettings.Population => "Every member of the population has had its last turn.",
        FinishReason.SpaceExhausted => $"Strategy {spec.Strategy.Name} has no more points to try.",
        FinishReason.TargetReached => "The target was reached.",
        FinishReason.TimeSpent => "The time of the budget is spent.",
        FinishReason.PatienceSpent => $"The last {spec.Budget.Patience} trials brought nothing better.",
        FinishReason.TooManyFailures => $"{spec.Budget.Failures} trials failed.",
        FinishReason.Stopped => "It was stopped.",
        _ => reason.ToString(),
    };

    /// <summary>Every trial state's word, with its number of trials.</summary>
    public static IReadOnlyDictionary<string, int> Counts(StudyState state)
    {
        var counts = Enum.GetValues<TrialState>().ToDictionary(s => s.Word(), s => s.IsFinal() ? state.Counts.Of(s) : 0, StringComparer.Ordinal);
        foreach (var trial in state.OpenTrials)
        {
            counts[trial.State.Word()]++;
        }

        return counts;
    }

    // The test part is scored once, by the best trial's weights, when the study ends: those metrics are that trial's and no other's.
    private static IReadOnlyDictionary<string, double> Metrics(StudyState state, Trial trial)
    {
        if (state.Phase != StudyPhase.Finished || trial.Number != state.Best || state.TestMetrics.Count == 0)
        {
            return trial.Metrics;
        }

        var all = new Dictionary<string, double>(trial.Metrics, StringComparer.Ordinal);
        foreach (var (name, value) in state.TestMetrics)
        {
            all[name] = value;
        }

        return all;
    }
}
