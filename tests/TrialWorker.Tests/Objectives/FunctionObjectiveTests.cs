using TuningCluster.Shared.Models;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Trials;
using TuningCluster.TrialWorker.Objectives;

namespace TuningCluster.TrialWorker.Tests.Objectives;

public class FunctionObjectiveTests
{
    [Theory]
    [InlineData("branin", new[] { -Math.PI, 12.275 }, 0.397887)]
    [InlineData("branin", new[] { Math.PI, 2.275 }, 0.397887)]
    [InlineData("branin", new[] { 9.42478, 2.475 }, 0.397887)]
    [InlineData("sphere", new[] { 0.0, 0, 0 }, 0)]
    [InlineData("sphere", new[] { 1.0, 2 }, 5)]
    [InlineData("rosenbrock", new[] { 1.0, 1, 1 }, 0)]
    [InlineData("rosenbrock", new[] { -1.0, 1 }, 4)]
    [InlineData("ackley", new[] { 0.0, 0 }, 0)]
    [InlineData("rastrigin", new[] { 0.0, 0 }, 0)]
    [InlineData("rastrigin", new[] { 1.0, 1 }, 2)]
    [InlineData("hartmann6", new[] { 0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573 }, -3.32237)]
    public void Has_the_values_of_the_literature(string name, double[] point, double value)
    {
        var completed = Assert.IsType<TrialOutcome.Completed>(Run(name, point.Select(ParameterValue.Float)));
        Assert.Equal(value, completed.Value, 1e-5);
        Assert.Equal(completed.Value, completed.Metrics[Metrics.FunctionValue]);
    }

    [Fact]
    public void Knows_every_name_the_study_file_may_give()
    {
        foreach (var name in TestFunctionNames.All)
        {
            var (least, _) = TestFunctionNames.Dimensions(name);
            Assert.IsType<TrialOutcome.Completed>(Run(name, Enumerable.Repeat(ParameterValue.Float(0.5), least)));
        }
    }

    [Fact]
    public void Takes_whole_numbers_and_ignores_texts() =>
        Assert.Equal(5, Assert.IsType<TrialOutcome.Completed>(Run("sphere", [ParameterValue.Int(1), ParameterValue.Text("adam"), ParameterValue.Float(2)])).Value);

    [Fact]
    public void A_value_that_is_not_finite_is_divergence() =>
        Assert.IsType<TrialOutcome.Diverged>(Run("sphere", [ParameterValue.Float(1e200)]));

    [Theory]
    [InlineData("branin", 3, "takes 2 ")]
    [InlineData("hartmann6", 5, "takes 6 ")]
    [InlineData("rosenbrock", 1, "at least 2")]
    public void Says_how_many_parameters_it_takes(string name, int count, string words)
    {
        var refusal = Assert.Throws<ArgumentException>(() => Run(name, Enumerable.Repeat(ParameterValue.Float(1), count)));
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gramacy", new[] { 0.1954, 0.4044 }, new[] { 0.5998, 0, -1.2983 })]
    [InlineData("zdt1", new[] { 0.25, 0, 0 }, new[] { 0.25, 0.5 })]
    [InlineData("zdt2", new[] { 0.5, 0, 0 }, new[] { 0.5, 0.75 })]
    [InlineData("zdt3", new[] { 0.25, 0, 0 }, new[] { 0.25, 0.25 })]
    [InlineData("dtlz2", new[] { 0.5, 0.5, 0.5, 0.5 }, new[] { 0.5, 0.5, 0.70711 })]
    [InlineData("binh_korn", new[] { 1.0, 2 }, new[] { 20.0, 25, -5, -66.3 })]
    public void Gives_every_objective_and_constraint_under_its_name(string name, double[] point, double[] values)
    {
        var metrics = Assert.IsType<TrialOutcome.Completed>(Run(name, point.Select(ParameterValue.Float))).Metrics;
        Assert.Equal(TestFunctionNames.MetricsOf(name), metrics.Keys);
        foreach (var (expected, found) in values.Zip(metrics.Values))
        {
            Assert.Equal(expected, found, 2e-4);
        }
    }

    [Fact]
    public void Refuses_metrics_a_function_does_not_have() => Assert.Throws<ArgumentException>(() => new FunctionObjective("branin", "f1"));

    [Fact]
    public void Refuses_unknown_names() => Assert.Throws<ArgumentException>(() => new FunctionObjective("branin2", Metrics.FunctionValue));

    private static TrialOutcome Run(string name, IEnumerable<ParameterValue> values)
    {
        var parameters = new TrialParameters(values.Select((v, i) => KeyValuePair.Create($"x{i + 1}", v)));
        return new FunctionObjective(name, TestFunctionNames.ObjectivesOf(name)[0]).Run(new TrialJob("s", 0, 1, parameters, null), _ => { }, CancellationToken.None);
    }
}
