using TuningCluster.Shared.Models;

namespace TuningCluster.Shared.Studies.Reading;

/// <summary>Which metrics of a network a study may go by.</summary>
internal static class MetricRules
{
    /// <summary>Why there is no such metric; null when there is one of the task.</summary>
    public static string? RefuseName(string name, LearningTask? task) => Metrics.Find(name) switch
    {
        null => $"'{name}' is no metric",
        { Task: { } needed } when task is { } known && needed != known => $"{name} is a metric of {Words.Of(needed)}, and the task is {Words.Of(known)}",
        _ => null,
    };

    /// <summary>Why a search may not go by a metric that is known at the end of a trial; null when it may.</summary>
    /// <param name="repeats">Networks trained for one value.</param>
    public static string? RefuseAtEnd(string name, DataSpec? data, int repeats) =>
        RefuseName(name, data?.Task)
        ?? (name.StartsWith(Metrics.Test, StringComparison.Ordinal) ? $"{name} is not looked at before the end of the study: the search must not go by it"
            : name == Metrics.ObjectiveDeviation && repeats == 1 && data?.Split.Folds is null ? $"{name} is known with folds or repeats only"
            : null);
}
