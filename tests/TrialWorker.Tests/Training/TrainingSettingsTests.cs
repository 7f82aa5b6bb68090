using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.TrialWorker.Networks;
using TuningCluster.TrialWorker.Optimizers;
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
        Assert.Equal(OptimizerKind.Adam, settings.Optimizer.Kind);
    }

    [Theory]
    [InlineData("sgd", 0)]
    [InlineData("momentum", 0.9)]
    public void Momentum_defaults_by_optimizer(string optimizer, double momentum)
    {
        var parameters = Samples.Parameters(("optimizer", ParameterValue.Text(optimizer)));
        Assert.Equal(momentum, TrainingSettings.Resolve(Samples.Spec(), parameters, LearningTask.Regression).Optimizer.Momentum);
    }

    [Theory]
    [InlineData(LearningTask.Classification, LossKind.CrossEntropy)]
    [InlineData(LearningTask.Regression, LossKind.MeanSquared)]
    public void Loss_defaults_by_task(LearningTask task, LossKind loss) =>
        Assert.Equal(loss, TrainingSettings.Resolve(Samples.Spec(), TrialParameters.Empty, task).Loss.Kind);

    [Theory]
    [InlineData("cross_entropy", LearningTask.Regression, 1, "compares classes")]
    [InlineData("squared_hinge", LearningTask.Regression, 1, "compares classes")]
    [InlineData("binary_cross_entropy", LearningTask.Classification, 3, "two classes, and there are 3")]
    [InlineData("binary_cross_entropy", LearningTask.Classification, 2, null)]
    [InlineData("huber", LearningTask.Regression, 4, null)]
    public void Knows_which_losses_do_not_go_with_the_data(string loss, LearningTask task, int width, string? why)
    {
        var settings = TrainingSettings.Resolve(Samples.Spec(), Samples.Parameters(("loss", ParameterValue.Text(loss))), task).Loss;
        Assert.Equal(why is not null, settings.Refuse(task, width)?.Contains(why!, StringComparison.Ordinal) ?? false);
        Assert.Equal(why is null, settings.Refuse(task, width) is null);
    }

    [Theory]
    [InlineData("cross_entropy", 2, 2)]
    [InlineData("binary_cross_entropy", 2, 1)]
    [InlineData("hinge", 2, 1)]
    [InlineData("squared_hinge", 2, 1)]
    [InlineData("hinge", 3, 3)]
    [InlineData("mse", 2, 2)]
    public void Two_classes_share_one_output_where_the_loss_has_a_form_for_it(string loss, int width, int outputs) => Assert.Equal(
        outputs,
        TrainingSettings.Resolve(Samples.Spec(), Samples.Parameters(("loss", ParameterValue.Text(loss))), LearningTask.Classification).Loss.OutputsFor(width));

    [Fact]
    public void A_funnel_halves_the_width_and_never_goes_below_the_outputs()
    {
        var parameters = Samples.Parameters(("shape", ParameterValue.Text("funnel")), ("width", ParameterValue.Int(64)), ("layers", ParameterValue.Int(5)));
        var settings = TrainingSettings.Resolve(Samples.Spec(), parameters, LearningTask.Classification);
        Assert.Equal([64, 32, 16, 10, 10], settings.Architecture(4, 10).Hidden);
    }

    [Fact]
    public void Widths_say_each_layer()
    {
        var parameters = Samples.Parameters(("widths", ParameterValue.Text("256-64")));
        Assert.Equal([256, 64], TrainingSettings.Resolve(Samples.Spec(), parameters, LearningTask.Classification).Hidden);
    }

    [Fact]
    public void Refuses_values_out_of_range()
    {
        var refusal = Assert.Throws<ArgumentException>(() =>
            TrainingSettings.Resolve(Samples.Spec(), Samples.Parameters(("batch_size", ParameterValue.Int(0))), LearningTask.Regression));
        Assert.Contains("batch_size", refusal.Message, StringComparison.Ordinal);
    }
}
