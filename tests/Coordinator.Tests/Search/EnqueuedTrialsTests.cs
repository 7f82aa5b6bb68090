using CsCheck;
using TuningCluster.Coordinator.Search;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Tests.Search;

public sealed class EnqueuedTrialsTests
{
    private static readonly ParameterValue Sgd = ParameterValue.Text("sgd");

    private static readonly SearchSpace Space = new(
    [
        new CategoricalParameter("optimizer", [ParameterValue.Text("adam"), ParameterValue.Text("lion"), Sgd], []),
        new FloatParameter("momentum", 0, 0.9, false, 0.3, null, [new Condition("optimizer", [Sgd])]),
        new CategoricalParameter("nesterov", [ParameterValue.Bool(true), ParameterValue.Bool(false)], [new Condition("momentum", [ParameterValue.Float(0.9)])]),
        new IntParameter("layers", 1, 9, false, 1, null, []),
    ]);

    [Fact]
    public void Keeps_what_was_given_and_fills_up_the_rest() => Gen.Int[0, 15].Sample(given =>
    {
        (string, ParameterValue)[] all = [("optimizer", Sgd), ("momentum", ParameterValue.Float(0.9)), ("nesterov", ParameterValue.Bool(true)), ("layers", ParameterValue.Int(3))];
        var partial = new TrialParameters(all.Where((_, i) => ((given >> i) & 1) == 1).Select(a => KeyValuePair.Create(a.Item1, a.Item2)));

        var whole = EnqueuedTrials.Complete(Space, partial, Rng.For(1, given, "suggest"));

        Assert.True(Space.Contains(whole), whole.ToString());
        Assert.All(partial, p => Assert.Equal(p.Value, whole[p.Key]));
    });

    [Fact]
    public void A_given_value_makes_those_it_depends_on_fit()
    {
        for (var trial = 0; trial < 50; trial++)
        {
            var whole = EnqueuedTrials.Complete(Space, new TrialParameters([KeyValuePair.Create("nesterov", ParameterValue.Bool(false))]), Rng.For(1, trial, "suggest"));

            Assert.Equal((Sgd, ParameterValue.Float(0.9)), (whole["optimizer"], whole["momentum"]));
        }
    }

    [Fact]
    public void Same_stream_same_trial() => Assert.Equal(
        EnqueuedTrials.Complete(Space, TrialParameters.Empty, Rng.For(1, 2, "suggest")),
        EnqueuedTrials.Complete(Space, TrialParameters.Empty, Rng.For(1, 2, "suggest")));
}
