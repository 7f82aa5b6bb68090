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
/// Losses and errors of regression are in the target's own units: mse × deviation², mae × deviation when targets were standardised.
/// </remarks>
public static class Metrics
{
    public const string ValidationLoss = "validation_loss";
    public const string ValidationAccuracy = "validation_accuracy";
    public const string ValidationMae = "validation_mae";
    public const string ValidationRmse = "validation_rmse";
    public const string TrainingLoss = "training_loss";
    public const string TestLoss = "test_loss";
    public const string TestAccuracy = "test_accuracy";
    public const string TestMae = "test_mae";
    public const string TestRmse = "test_rmse";
    public const string Seconds = "seconds";
    public const string ParametersCount = "parameters_count";
    public const string Epochs = "epochs";

    /// <summary>The one metric of a function objective; not in <see cref="All"/>, which is about networks.</summary>
    public const string FunctionValue = "value";

    public static readonly IReadOnlyList<Metric> All =
    [
        new(ValidationLoss, null, Direction.Minimize, true, "Mean loss of the validation part."),
        new(ValidationAccuracy, LearningTask.Classification, Direction.Maximize, true, "Share of validation rows whose class is predicted right, in [0, 1]."),
        new(ValidationMae, LearningTask.Regression, Direction.Minimize, true, "Mean absolute error of the validation part."),
        new(ValidationRmse, LearningTask.Regression, Direction.Minimize, true, "Root of the mean squared error of the validation part."),
        new(TrainingLoss, null, Direction.Minimize, true, "Mean loss of the training rows over one epoch, each as it was met in its mini-batch."),
        new(TestLoss, null, Direction.Minimize, false, "Mean loss of the untouched test part."),
        new(TestAccuracy, LearningTask.Classification, Direction.Maximize, false, "Share of test rows whose class is predicted right, in [0, 1]."),
        new(TestMae, LearningTask.Regression, Direction.Minimize, false, "Mean absolute error of the test part."),
        new(TestRmse, LearningTask.Regression, Direction.Minimize, false, "Root of the mean squared error of the test part."),
        new(Seconds, null, Direction.Minimize, false, "Time the trial trained."),
        new(ParametersCount, null, Direction.Minimize, false, "Number of weights and biases."),
        new(Epochs, null, Direction.Minimize, false, "Epochs run, those after the best one included."),
    ];

    private static readonly Dictionary<string, Metric> ByName = All.ToDictionary(m => m.Name, StringComparer.Ordinal);

    public static Metric? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The metrics an objective may name.</summary>
    /// <param name="task">Null while the task is not known: then those of every task.</param>
    public static IEnumerable<Metric> ObjectivesFor(LearningTask? task) =>
        All.Where(m => m.CanBeObjective && (task is null || m.Task is null || m.Task == task));
}
