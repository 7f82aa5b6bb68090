using TuningCluster.Coordinator.Search.Pbt;
using TuningCluster.Shared.Models;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.TrialWorker.Tests.Docs;

namespace TuningCluster.Coordinator.Tests.Search.Pbt;

public sealed class ExplorationTests
{
    private const int Draws = 400;

    [Fact]
    public void Floats_are_moved_by_the_factor_or_its_inverse_within_their_range()
    {
        Assert.Equal([0.05, 0.2], Moves(new FloatParameter("learning_rate", 1e-4, 1, true, null, null, []), ParameterValue.Float(0.1), factor: 2));
        Assert.Equal([0.4, 0.99], Moves(new FloatParameter("momentum", 0, 0.99, false, null, null, []), ParameterValue.Float(0.8), factor: 2));
        Assert.Equal([-1.0, -0.4], Moves(new FloatParameter("l1", -1, 1, false, null, null, []), ParameterValue.Float(-0.8), factor: 2));
        Assert.Equal([0.0], Moves(new FloatParameter("dropout", 0, 0.5, false, null, null, []), ParameterValue.Float(0), factor: 2));
    }

    [Fact]
    public void Steps_are_moved_to_the_nearest_and_at_least_to_the_next()
    {
        var batch = new IntParameter("batch_size", 1, 256, true, 1, null, []);
        Assert.Equal([50.0, 200.0], Moves(batch, ParameterValue.Int(100), factor: 2));
        Assert.Equal([1.0, 3.0], Moves(batch, ParameterValue.Int(2), factor: 1.2));
        Assert.Equal([213.0, 256.0], Moves(batch, ParameterValue.Int(256), factor: 1.2));
        Assert.Equal([40.0, 60.0], Moves(new IntParameter("warmup_epochs", 0, 100, false, 10, null, []), ParameterValue.Int(50), factor: 1.2));
        Assert.Equal([0.1, 0.3], Moves(new FloatParameter("dropout", 0, 0.5, false, 0.1, null, []), ParameterValue.Float(0.2), factor: 1.1).Select(v => Math.Round(v, 9)));
        Assert.Equal([0.0, 0.1], Moves(new FloatParameter("dropout", 0, 0.5, false, 0.1, null, []), ParameterValue.Float(0), factor: 1.1).Select(v => Math.Round(v, 9)));
        Assert.Equal([5.0], Moves(new IntParameter("batch_size", 5, 5, false, 1, null, []), ParameterValue.Int(5), factor: 2));
    }

    [Fact]
    public void Numbers_among_choices_go_to_a_neighbour_and_other_choices_to_any_other()
    {
        var batch = new CategoricalParameter("batch_size", [ParameterValue.Int(128), ParameterValue.Int(16), ParameterValue.Int(64), ParameterValue.Int(32)], []);
        Assert.Equal([16.0, 64.0], Moves(batch, ParameterValue.Int(32)));
        Assert.Equal([64.0, 128.0], Moves(batch, ParameterValue.Int(128)));
        var schedules = new CategoricalParameter("schedule", [.. new[] { "constant", "cosine", "step" }.Select(ParameterValue.Text)], []);
        Assert.Equal(["constant", "step"], Values(schedules, ParameterValue.Text("cosine"), 1.2).Select(v => v.AsText()).Order());
        Assert.Equal(["only"], Values(new CategoricalParameter("schedule", [ParameterValue.Text("only")], []), ParameterValue.Text("only"), 1.2).Select(v => v.AsText()));
    }

    [Fact]
    public void A_share_is_drawn_anew()
    {
        var space = new SearchSpace([new FloatParameter("learning_rate", 0, 1, false, null, null, [])]);
        var exploration = new Exploration(space, Settings(resample: 0.25));
        var parent = new TrialParameters([KeyValuePair.Create("learning_rate", ParameterValue.Float(0.5))]);
        var anew = Enumerable.Range(0, 4000)
            .Select(i => exploration.Move(parent, Rng.For(1, i, "move"))["learning_rate"].AsDouble())
            .Count(v => Math.Abs(v - 0.6) > 1e-9 && Math.Abs(v - (0.5 / 1.2)) > 1e-9);
        Assert.InRange(anew, 900, 1100);
    }

    [Fact]
    public void What_fixes_the_network_stays_and_what_that_depends_on_too()
    {
        var space = new SearchSpace(
        [
            new CategoricalParameter("class_weights", [ParameterValue.Text("none"), ParameterValue.Text("balanced")], []),
            new IntParameter("width", 1, 64, false, 1, null, [new Condition("class_weights", [ParameterValue.Text("none")])]),
            new CategoricalParameter("optimizer", [ParameterValue.Text("sgd"), ParameterValue.Text("adam")], []),
            new FloatParameter("momentum", 0.1, 0.9, false, null, null, [new Condition("optimizer", [ParameterValue.Text("sgd")])]),
            new CategoricalParameter("schedule", [ParameterValue.Text("constant"), ParameterValue.Text("step")], []),
            new FloatParameter("schedule_factor", 0.1, 0.9, false, null, null, [new Condition("schedule", [ParameterValue.Text("step")])]),
        ]);
        var exploration = new Exploration(space, Settings(resample: 0.5));
        var parent = new TrialParameters(
        [
            KeyValuePair.Create("class_weights", ParameterValue.Text("none")),
            KeyValuePair.Create("width", ParameterValue.Int(7)),
            KeyValuePair.Create("optimizer", ParameterValue.Text("sgd")),
            KeyValuePair.Create("momentum", ParameterValue.Float(0.5)),
            KeyValuePair.Create("schedule", ParameterValue.Text("constant")),
        ]);
        var moved = Enumerable.Range(0, Draws).Select(i => exploration.Move(parent, Rng.For(1, i, "move"))).ToList();
        Assert.All(moved, p => Assert.True(space.Contains(p), p.ToString()));
        Assert.All(moved, p => Assert.Equal(("none", 7, "sgd"), (p["class_weights"].AsText(), p["width"].AsInt(), p["optimizer"].AsText())));
        Assert.Contains(moved, p => p["schedule"].AsText() == "step" && p.ContainsKey("schedule_factor"));
        Assert.Equal(parent, exploration.Keep(parent, Rng.For(1, 0, "move")));
    }

    [Fact]
    public void The_page_names_what_fixes_the_network()
    {
        var page = File.ReadAllText(DocsFolder.PathOf("strategies.md"));
        var names = string.Join(", ", ModelSettings.All.Where(s => s.FixesNetwork).Select(s => $"`{s.Name}`"));
        Assert.Contains($"**What stays** with the weights: {names}, and", page, StringComparison.Ordinal);
    }

    private static IEnumerable<double> Moves(Parameter parameter, ParameterValue value, double factor = 1.2) =>
        Values(parameter, value, factor).Select(v => v.AsDouble()).Order();

    /// <summary>Every value that the parameter is moved to.</summary>
    private static List<ParameterValue> Values(Parameter parameter, ParameterValue value, double factor)
    {
        var space = new SearchSpace([parameter]);
        var exploration = new Exploration(space, Settings(resample: 0, factor));
        var parent = new TrialParameters([KeyValuePair.Create(parameter.Name, value)]);
        return [.. Enumerable.Range(0, Draws).Select(i => exploration.Move(parent, Rng.For(1, i, "move"))[parameter.Name]).Distinct()];
    }

    private static PbtSettings Settings(double resample, double factor = 1.2) => new(4, 1, 10, 0.25, resample, factor);
}
