using TuningCluster.Shared.Models;
using TuningCluster.Shared.Studies;

namespace TuningCluster.TrialWorker.Training;

/// <summary>How well a network does on a part of the data; errors in the targets' own units.</summary>
/// <remarks>Figures of the other task are NaN. The area under the curve is NaN when it was not asked for, and when the part has one class only.</remarks>
/// <param name="Loss">Mean over the rows of the loss, without smoothing and class weights.</param>
public readonly record struct PartScore(
    double Loss, double Accuracy, double BalancedAccuracy, double F1, double Auc, double MeanAbsoluteError, double RootMeanSquaredError, double R2)
{
    private static readonly string[] ClassNames = [Metrics.Loss, Metrics.Accuracy, Metrics.BalancedAccuracy, Metrics.F1, Metrics.Auc];
    private static readonly string[] NumberNames = [Metrics.Loss, Metrics.Mae, Metrics.Rmse, Metrics.R2];

    /// <summary>The metrics of a task, without the part's prefix.</summary>
    public static IReadOnlyList<string> NamesOf(LearningTask task) => task == LearningTask.Classification ? ClassNames : NumberNames;

    /// <summary>A metric by its name without the part's prefix.</summary>
    /// <exception cref="ArgumentException">No such metric.</exception>
    public double Of(string name) => name switch
    {
        Metrics.Loss => Loss,
        Metrics.Accuracy => Accuracy,
        Metrics.BalancedAccuracy => BalancedAccuracy,
        Metrics.F1 => F1,
        Metrics.Auc => Auc,
        Metrics.Mae => MeanAbsoluteError,
        Metrics.Rmse => RootMeanSquaredError,
        Metrics.R2 => R2,
        _ => throw new ArgumentException($"'{name}' is no metric of a part.", nameof(name)),
    };
}
