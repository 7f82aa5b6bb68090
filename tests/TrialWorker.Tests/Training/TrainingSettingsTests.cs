using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.TrialWorker.Networks;
using TuningCluster.TrialWorker.Training;

namespace TuningCluster.TrialWorker.Tests.Training;

public class TrainingSettingsTests
{
    [Fact]
    public void Takes_the_searched_value_before_the_fixed_one_before_the_default()
    {
        var spec = Samples.Spec(model: [("width", ParameterValue.Int(7)), ("epochs", ParameterValue.Int(3))]);
        var settings = TrainingSettings.Resolve(spec, Samples.Parameters(("width", ParameterValue.Int(9)), ("layers", ParameterValue.Int(3))), LearningTask.Classification);
        Assert.Equal([9, 9, 9], settings.Hidden);
        Assert.Equal(3, settings.Epochs);
        Assert.Equal(32, settings.BatchSize);
        Assert.Equal(ActivationKind.Relu, settings.Activation);
        Assert.True(settings.IsAdam);
    }

    [Theory]
    [InlineData("sgd", 0)]
    [InlineData("momentum", 0.9)]
    public void Momentum_defaults_by_optimizer(string optimizer, double momentum)
    {
        var parameters = Samples.Parameters(("optimizer", ParameterValue.Text(optimizer)));
        Assert.Equal(momentum, TrainingSettings.Resolve(Samples.Spec(), parameters, LearningTask.Regression).Momentum);
    }

    [Theory]
    [InlineData(LearningTask.Classification, LossKind.CrossEntropy)]
    [InlineData(LearningTask.Regression, LossKind.MeanSquared)]
    public void Loss_defaults_by_task(LearningTask task, LossKind loss) =>
        Assert.Equal(loss, TrainingSettings.Resolve(Samples.Spec(), TrialParameters.Empty, task).Loss);

    [Theory]
    [InlineData("cross_entropy")]
    [InlineData("hinge")]
    public void Refuses_losses_of_classes_for_regression(string loss)
    {
        var refusal = Assert.Throws<ArgumentException>(() =>
            TrainingSettings.Resolve(Samples.Spec(), Samples.Parameters(("loss", ParameterValue.Text(loss))), LearningTask.Regression));
        Assert.Contains($"{loss} compares classes", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_values_out_of_range()
    {
        var refusal = Assert.Throws<ArgumentException>(() =>
            TrainingSettings.Resolve(Samples.Spec(), Samples.Parameters(("batch_size", ParameterValue.Int(0))), LearningTask.Regression));
        Assert.Contains("batch_size", refusal.Message, StringComparison.Ordinal);
    }
}
