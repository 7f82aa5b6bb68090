using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Search.Importance;
using TuningCluster.Coordinator.Search.Random;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Search.Importance;

public sealed class ParameterImportanceTests
{
    private static readonly SearchSpace Three = new([.. "abc".Select(c => (Parameter)new FloatParameter($"{c}", -1, 1, false, null, null, []))]);

    [Fact]
    public void A_function_of_one_parameter_is_all_that_ones()
    {
        var shares = ParameterImportance.Of(Three, History(Three, 1000, p => Square(p, "b")));

        Assert.Equal("b", shares[0].Parameter);
        Assert.True(shares[0].Overall > 0.97, $"{shares[0]}");
        Assert.Equal(1, shares.Sum(s => s.Overall), 1e-12);
    }

    /// <summary>Of a² + w·b² the best tenth lies in an ellipse: with w = 1 both are alike, with w = 0.04 b reaches five times as far as a.</summary>
    [Theory]
    [InlineData(1, 0.4, 0.6)]
    [InlineData(0.04, 0, 0.1)]
    public void Shares_follow_the_weights_of_a_sum(double weight, double least, double most)
    {
        var shares = ParameterImportance.Of(Three, History(Three, 2000, p => Square(p, "a") + (weight * Square(p, "b")))).ToDictionary(s => s.Parameter, s => s.Overall);

        Assert.InRange(shares["b"], least, most);
        Assert.InRange(shares["c"], 0, 0.05);
    }

    [Fact]
    public void Only_the_order_matters_and_the_direction_turns_it()
    {
        var history = History(Three, 300, p => Square(p, "a") + (0.3 * Square(p, "c")));
        var warped = history with { Trials = [.. history.Trials.Select(t => t with { Value = Math.Exp(5 * t.Value!.Value) })] };
        var turned = history with { Direction = Direction.Maximize, Trials = [.. history.Trials.Select(t => t with { Value = -t.Value })] };

        Assert.Equal(ParameterImportance.Of(Three, history), ParameterImportance.Of(Three, warped));
        Assert.Equal(ParameterImportance.Of(Three, history), ParameterImportance.Of(Three, turned));
    }

    [Fact]
    public void Categories_integers_and_conditions_are_judged_and_diverged_trials_are_bad()
    {
        var space = new SearchSpace(
        [
            new CategoricalParameter("kind", [ParameterValue.Text("x"), ParameterValue.Text("y"), ParameterValue.Text("z")], []),
            new IntParameter("size", 1, 100, true, 1, null, []),
            new FloatParameter("only", 0, 1, false, null, null, [new Condition("kind", [ParameterValue.Text("z")])]),
        ]);
        var shares = ParameterImportance.Of(space, History(space, 600, p => p["kind"].AsText() == "y" ? p["size"].AsInt() / 1000.0 : double.NaN)).ToDictionary(s => s.Parameter, s => s.Overall);

        Assert.True(shares["kind"] > 0.2 && shares["size"] > 0.2, string.Join(' ', shares));
        Assert.Equal(0, shares["only"]);
    }

    [Fact]
    public void With_too_few_trials_it_says_nothing() =>
        Assert.All(ParameterImportance.Of(Three, History(Three, 30, p => Square(p, "a"))), s => Assert.True(double.IsNaN(s.Overall) && double.IsNaN(s.AmongBest)));

    private static double Square(TrialParameters p, string name) => p[name].AsDouble() * p[name].AsDouble();

    /// <summary>Random trials; NaN diverges.</summary>
    private static StudyHistory History(SearchSpace space, int count, Func<TrialParameters, double> value)
    {
        var nothing = new StudyHistory(0, Direction.Minimize, []);
        var sampler = new RandomSampler();
        var trials = Enumerable.Range(0, count).Select(n =>
        {
            var parameters = sampler.Suggest(space, nothing, Rng.For(8, n, "trial"));
            var v = value(parameters);
            return new HistoryTrial(n, parameters, double.IsNaN(v) ? TrialState.Diverged : TrialState.Complete, double.IsNaN(v) ? null : v, false);
        });
        return new StudyHistory(count, Direction.Minimize, [.. trials]);
    }
}
