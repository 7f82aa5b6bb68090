using TuningCluster.Shared.Studies;

namespace TuningCluster.TrialWorker.Data;

/// <summary>One part of the data, ready to train on. Shared read-only between trials.</summary>
/// <param name="Rows">Number of rows n.</param>
/// <param name="Width">Features a row d.</param>
/// <param name="Features">Row-major, shape [n, d].</param>
/// <param name="Codes">Category of each embedded column, row-major, shape [n, e], each in [0, <see cref="EmbeddedColumn.Categories"/>); empty without embedded columns.</param>
/// <param name="Labels">Class of each row, shape [n]; empty for regression.</param>
/// <param name="Targets">Row-major, shape [n, t], each target standardised by the training part's mean and deviation; empty for classification.</param>
public sealed record DataPart(int Rows, int Width, float[] Features, int[] Codes, int[] Labels, float[] Targets)
{
    /// <summary>Memory the arrays take.</summary>
    public long Bytes => sizeof(float) * ((long)Features.Length + Codes.Length + Labels.Length + Targets.Length);
}

/// <summary>A categorical column whose categories the network embeds.</summary>
/// <param name="Name">Of the column.</param>
/// <param name="Categories">Number of codes, 0 … Categories−1; code 0 stands for missing and for what no training row has.</param>
public sealed record EmbeddedColumn(string Name, int Categories);

/// <summary>A data set encoded, scaled and split for one study.</summary>
/// <param name="Task">Classification or regression.</param>
/// <param name="InputWidth">Numeric and one-hot features.</param>
/// <param name="Embedded">Columns the network embeds, in the order of <see cref="DataPart.Codes"/>.</param>
/// <param name="Classes">Class names in the order of their indices; empty for regression.</param>
/// <param name="TargetNames">Of the t targets; one for classification.</param>
/// <param name="Test">Null when the split has no test part.</param>
/// <param name="TargetMeans">What was subtracted from each regression target, fitted on the training part, shape [t]; 0 for classification.</param>
/// <param name="TargetScales">What each regression target was divided by, shape [t]; 1 for classification. Losses and metrics are told in the targets' own units.</param>
/// <param name="Notes">What the user is told (imputation, dropped rows).</param>
public sealed record DataSet(
    LearningTask Task,
    int InputWidth,
    IReadOnlyList<EmbeddedColumn> Embedded,
    IReadOnlyList<string> Classes,
    IReadOnlyList<string> TargetNames,
    DataPart Training,
    DataPart Validation,
    DataPart? Test,
    IReadOnlyList<float> TargetMeans,
    IReadOnlyList<float> TargetScales,
    IReadOnlyList<string> Notes)
{
    /// <summary>Number of classes, or of targets.</summary>
    public int OutputWidth => Task == LearningTask.Classification ? Classes.Count : TargetNames.Count;
}
