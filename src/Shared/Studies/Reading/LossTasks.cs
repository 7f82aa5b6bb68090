namespace TuningCluster.Shared.Studies.Reading;

/// <summary>Which losses go with which task.</summary>
internal static class LossTasks
{
    private static readonly (string Loss, LearningTask[] Tasks)[] Table =
    [
        ("mse", [LearningTask.Regression, LearningTask.Classification]),
        ("mae", [LearningTask.Regression, LearningTask.Classification]),
        ("cross_entropy", [LearningTask.Classification]),
        ("hinge", [LearningTask.Classification]),
    ];

    /// <summary>Empty for a word that is no loss.</summary>
    public static IReadOnlyList<LearningTask> Of(string loss) => Table.FirstOrDefault(t => t.Loss == loss).Tasks ?? [];

    public static IEnumerable<string> For(LearningTask task) => Table.Where(t => t.Tasks.Contains(task)).Select(t => t.Loss);
}
