namespace TuningCluster.TrialWorker.Data;

/// <summary>What a study trains on: one data set a fold, each encoded and scaled by its own training rows; one without cross-validation.</summary>
/// <param name="Folds">At least one. All have the same columns in the same order, the same classes and the rows of the same test part;
/// the number of categories of an embedded column may differ, for each counts those of its own training rows.</param>
public sealed record StudyData(IReadOnlyList<DataSet> Folds)
{
    /// <summary>Memory all parts of all folds take.</summary>
    public long Bytes => Folds.Sum(f => f.Training.Bytes + f.Validation.Bytes + (f.Test?.Bytes ?? 0));

    /// <summary>Rows of the source, those without a target included.</summary>
    public int SourceRows { get; init; }
}
