using TuningCluster.Shared.Studies;

namespace TuningCluster.Shared.Models;

/// <summary>One figure a trial reports.</summary>
/// <param name="Name">As an objective and <c>metrics</c> in every output spell it.</param>
/// <param name="Task">The only task that has it; null when every task does.</param>
/// <param name="Direction">The direction of an objective that names the metric and no direction.</param>
/// <param name="CanBeObjective">Known after every epoch, so that a search may optimise it.</param>
/// <param name="Meaning">One sentence for docs, schema and messages.</param>
public sealed record Metric(string Name, LearningTask? Task, Direction Direction, bool CanBeObjective, string Meaning);

/// <summary>Every metric of a trained network, by name. The one table behind validation, schema, docs and the trainer.</summary>
/// <remarks>
/// Losses and errors of regression are in the target's own units: mse and huber × deviation², mae × deviation when targets were
/// standardised; log_cosh and the losses of several targets stay in deviations. With several targets, errors are means over them.
/// </remarks>
public static class Metrics
{
    public const string ValidationLoss = "validation_loss";
    public const string TrainingLoss = "training_loss";
    public const string Seconds = "seconds";
    public const string ParametersCount = "parameters_count";
    public const string Epochs = "epochs";

    /// <summary>With folds or repeats: the standard deviation of the objective over the networks of a trial, whose mean is its value.</summary>
    public const string ObjectiveDeviation = "objective_deviation";

    /// <summary>The one metric of a function objective; not in <see cref="All"/>, which is about networks.</summary>
    public const string FunctionValue = "value";

    /// <summary>Begins the names of metrics of the validation part.</summary>
    public const string Validation = "validation_";

    /// <summary>Begins the names of metrics of the test part.</summary>
    public const string Test = "test_";

    // Without the part's prefix.
    public const string Loss = "loss";
    public const string Accuracy = "accuracy";
    public const string BalancedAccuracy = "balanced_accuracy";
    public const string F1 = "f1";
    public const string Auc = "auc";
    public const string Mae = "mae";
    public const string Rmse = "rmse";
    public const string R2 = "r2";

    public static readonly IReadOnlyList<Metric> All =
    [
        .. OfPart(Validation, true, "validation"),
        new(TrainingLoss, null, Direction.Minimize, true, "Mean loss of the training rows over one epoch, each as it was met in its mini-batch."),
        .. OfPart(Test, false, "untouched test"),
        new(ObjectiveDeviation, null, Direction.Minimize, false, "Standard deviation of the objective over folds and repeats, whose mean is the value."),
        new(Seconds, null, Direction.Minimize, false, "Time the trial trained."),
        new(ParametersCount, null, Direction.Minimize, false, "Number of trained parameters."),
        new(Epochs, null, Direction.Minimize, false, "Epochs run, those after the best one included."),
    ];

    private static readonly Dictionary<string, Metric> ByName = All.ToDictionary(m => m.Name, StringComparer.Ordinal);

    public static Metric? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The metrics an objective may name.</summary>
    /// <param name="task">Null while the task is not known: then those of every task.</param>
    public static IEnumerable<Metric> ObjectivesFor(LearningTask? task) =>
        All.Where(m => m.CanBeObjective && (task is null || m.Task is null || m.Task == task));

    private static IEnumerable<Metric> OfPart(string prefix, bool canBeObjective, string part)
    {
        yield return new(prefix + Loss, null, Direction.Minimize, canBeObjective, $"Mean loss of the {part} part.");
        yield return Classes(Accuracy, $"Share of {part} rows whose class is predicted right, in [0, 1].");
        yield return Classes(BalancedAccuracy, $"Mean over the classes of the share of their {part} rows that is predicted right, in [0, 1].");
        yield return Classes(F1, $"2·precision·recall ÷ (precision + recall) on {part} rows: of the second class when there are two, else the mean over the classes; in [0, 1].");
        yield return Classes(Auc, $"Area under the ROC curve on {part} rows: of the second class when there are two, else the mean of one against the rest; in [0, 1].");
        yield return Numbers(Mae, Direction.Minimize, $"Mean absolute error of the {part} part, in the target's own units.");
        yield return Numbers(Rmse, Direction.Minimize, $"Root of the mean squared error of the {part} part, in the target's own units.");
        yield return Numbers(R2, Direction.Maximize, $"Share of the variance of the {part} part that is explained, at most 1.");

        Metric Classes(string name, string meaning) => new(prefix + name, LearningTask.Classification, Direction.Maximize, canBeObjective, meaning);
        Metric Numbers(string name, Direction direction, string meaning) => new(prefix + name, LearningTask.Regression, direction, canBeObjective, meaning);
    }
}
