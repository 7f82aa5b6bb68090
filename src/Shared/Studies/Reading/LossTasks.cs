namespace TuningCluster.Shared.Studies.Reading;

/// <summary>Which losses go with which task.</summary>
internal static class LossTasks
{
    /// <summary>The one loss that needs exactly two classes.</summary>
    public const string Binary = "binary_cross_entropy";

    private static readonly (string Loss, LearningTask[] Tasks)[] Table =
    [
        ("mse", [LearningTask.Regression, LearningTask.Classification]),
        ("mae", [LearningTask.Regression, LearningTask.Classification]),
        ("huber", [LearningTask.Regression, LearningTask.Classification]),
        ("log_cosh", [LearningTask.Regression, LearningTask.Classification]),
        ("cross_entropy", [LearningTask.Classification]),
        (Binary, [LearningTask.Classification]),
        ("hinge", [LearningTask.Classification]),
        ("squared_hinge", [LearningTask.Classification]),
    ];

    /// <summary>Empty for a word that is no loss.</summary>
    public static IReadOnlyList<LearningTask> Of(string loss) => Table.FirstOrDefault(t => t.Loss == loss).Tasks ?? [];

    public static IEnumerable<string> For(LearningTask task) => Table.Where(t => t.Tasks.Contains(task)).Select(t => t.Loss);

    /// <summary>Whether the loss looks at classes as such, so that they can be weighed.</summary>
    public static bool NeedsClasses(string loss) => Of(loss) is [LearningTask.Classification];
}
