using TuningCluster.Shared.Studies;

namespace TuningCluster.TrialWorker.Data;

/// <summary>One part of the data, ready to train on. Shared read-only between trials.</summary>
/// <param name="Rows">Number of rows n.</param>
/// <param name="Width">Features a row d.</param>
/// <param name="Features">Row-major, shape [n, d].</param>
/// <param name="Labels">Class of each row, shape [n]; empty for regression.</param>
/// <param name="Targets">Shape [n], standardised by the training part's mean and deviation when <see cref="DataSet.TargetScale"/> is not 1; empty for classification.</param>
public sealed record DataPart(int Rows, int Width, float[] Features, int[] Labels, float[] Targets);

/// <summary>A data set encoded, scaled and split for one study.</summary>
/// <param name="Task">Classification or regression.</param>
/// <param name="InputWidth">Features after one-hot encoding.</param>
/// <param name="Classes">Class names in the order of their indices; empty for regression.</param>
/// <param name="Test">Null when the split has no test part.</param>
/// <param name="TargetMean">What was subtracted from regression targets, fitted on the training part; 0 when not scaled.</param>
/// <param name="TargetScale">What regression targets were divided by; 1 when not scaled. Losses and metrics are told in the target's own units.</param>
/// <param name="Notes">What the user is told (imputation, dropped rows).</param>
public sealed record DataSet(
    LearningTask Task,
    int InputWidth,
    IReadOnlyList<string> Classes,
    DataPart Training,
    DataPart Validation,
    DataPart? Test,
    float TargetMean,
    float TargetScale,
    IReadOnlyList<string> Notes)
{
    public int OutputWidth => Task == LearningTask.Classification ? Classes.Count : 1;
}
