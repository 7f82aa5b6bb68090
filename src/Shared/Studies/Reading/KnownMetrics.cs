namespace TuningCluster.Shared.Studies.Reading;

/// <summary>The metrics an objective may name, by task.</summary>
internal static class KnownMetrics
{
    private static readonly (string Name, LearningTask? Task)[] Table =
    [
        ("validation_loss", null),
        ("validation_accuracy", LearningTask.Classification),
        ("training_loss", null),
        ("validation_mae", LearningTask.Regression),
        ("validation_rmse", LearningTask.Regression),
    ];

    public static readonly string[] All = [.. Table.Select(t => t.Name)];

    /// <summary>The only task the metric is for; null when it is for both.</summary>
    public static LearningTask? TaskOf(string metric) => Table.First(t => t.Name == metric).Task;

    public static IEnumerable<string> For(LearningTask task) => Table.Where(t => t.Task is null || t.Task == task).Select(t => t.Name);

    public static Direction DefaultDirection(string metric) => metric == "validation_accuracy" ? Direction.Maximize : Direction.Minimize;
}
