using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Search;

public sealed class ObservationsTests
{
    private static readonly SearchSpace Space = new(
    [
        new FloatParameter("momentum", 0, 1, false, null, null, [new Condition("optimizer", [ParameterValue.Text("sgd")])]),
        new CategoricalParameter("optimizer", [ParameterValue.Text("sgd"), ParameterValue.Text("adam")], []),
    ]);

    [Theory]
    [InlineData(Direction.Minimize, 1)]
    [InlineData(Direction.Maximize, -1)]
    public void Trials_become_losses_to_be_minimized(Direction direction, int sign)
    {
        var observations = new Observations(new EncodedSpace(Space));
        observations.Update(new StudyHistory(9, direction,
        [
            new(0, Sgd(0.25), TrialState.Complete, 3, false),
            new(1, Sgd(0.5), TrialState.Pruned, null, false) { Curve = [new IntermediateValue(1, 9), new IntermediateValue(4, 5)] },
            new(2, Sgd(0.5), TrialState.Pruned, null, false),
            new(3, Sgd(0.5), TrialState.Diverged, null, false),
            new(4, Sgd(0.5), TrialState.Failed, null, false),
            new(5, Sgd(0.5), TrialState.Cancelled, null, false),
            new(6, Sgd(0.5), TrialState.Running, null, false),
        ]));

        Assert.Equal([0, 1, 2, 3, 4], observations.Items.Select(o => o.Number));
        Assert.Equal([3.0 * sign, 5.0 * sign, double.NaN, double.PositiveInfinity, double.NaN], observations.Items.Select(o => o.Loss));
        Assert.Equal([0, 4, 0, 0, 0], observations.Items.Select(o => o.Step));
        Assert.Equal([0.25, 0.25], observations.Items[0].Point);
    }

    [Fact]
    public void Parameters_that_are_not_active_are_NaN_and_strange_sets_are_left_out()
    {
        var observations = new Observations(new EncodedSpace(Space));
        var adam = new TrialParameters([KeyValuePair.Create("optimizer", ParameterValue.Text("adam"))]);
        var history = new StudyHistory(4, Direction.Minimize,
        [
            new(0, adam, TrialState.Complete, 1, false),
            new(1, Sgd(7), TrialState.Complete, 1, true),
            new(2, new TrialParameters([.. adam, KeyValuePair.Create("width", ParameterValue.Int(3))]), TrialState.Complete, 1, true),
            new(3, new TrialParameters([KeyValuePair.Create("optimizer", ParameterValue.Text("sgd"))]), TrialState.Complete, 1, true),
            new(4, Sgd(0.75), TrialState.Waiting, null, false),
            new(5, Sgd(-1), TrialState.Running, null, true),
        ]);
        observations.Update(history);

        Assert.Equal([0.75, double.NaN], Assert.Single(observations.Items).Point);
        Assert.Equal([0.25, 0.75], Assert.Single(observations.Pending(history)));
    }

    [Fact]
    public void Goes_on_only_where_a_history_goes_on()
    {
        var observations = new Observations(new EncodedSpace(Space));
        var lineage = new object();
        HistoryTrial[] trials = [new(0, Sgd(0.1), TrialState.Complete, 1, false), new(1, Sgd(0.2), TrialState.Running, null, false)];
        var history = new StudyHistory(2, Direction.Minimize, trials) { Lineage = lineage };
        Assert.False(observations.Update(history));
        var first = observations.Items[0];

        Assert.True(observations.Update(history with { Trials = [trials[0], trials[1] with { State = TrialState.Complete, Value = 2 }] }));
        Assert.Equal([0, 1], observations.Items.Select(o => o.Number));
        Assert.Same(first, observations.Items[0]);

        // Shorter, another, none.
        Assert.False(observations.Update(history));
        Assert.Single(observations.Items);
        Assert.False(observations.Update(history with { Lineage = new object() }));
        Assert.False(observations.Update(history with { Lineage = null }));
        Assert.False(observations.Update(history with { Lineage = null }));
    }

    private static TrialParameters Sgd(double momentum) =>
        new([KeyValuePair.Create("momentum", ParameterValue.Float(momentum)), KeyValuePair.Create("optimizer", ParameterValue.Text("sgd"))]);
}
