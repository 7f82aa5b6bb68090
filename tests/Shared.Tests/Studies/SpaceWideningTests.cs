using TuningCluster.Shared.Models;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Shared.Tests.Studies;

public sealed class SpaceWideningTests
{
    private const string Network =
        """
        name: a
        data: { source: a.csv, target: y, task: classification }
        model: { width: 48, epochs: 10 }
        parameters:
          learning_rate: { type: float, low: 0.001, high: 0.1, log: true }
          dropout: { type: float, low: 0.2, high: 0.5, step: 0.1 }
          layers: { type: int, low: 3, high: 9, step: 3 }
          optimizer: { type: categorical, choices: [sgd, adam] }
          momentum: { type: float, low: 0, high: 0.9, when: { optimizer: sgd } }
        strategy: { name: random, seed: 1 }
        budget: { trials: 10 }
        """;

    private const string Function =
        """
        name: a
        objective: { kind: function, name: sphere }
        parameters:
          x: { type: float, low: 0, high: 1, points: 3 }
          n: { type: int, low: 0, high: 100, points: 5 }
        strategy: { name: grid, seed: 1 }
        """;

    [Theory]
    [InlineData(Network, "low: 0.001, high: 0.1", "low: 1e-4, high: 1")]
    [InlineData(Network, "low: 0.2, high: 0.5, step: 0.1", "low: 0.0, high: 0.9, step: 0.1")]
    [InlineData(Network, "low: 3, high: 9", "low: 0, high: 12")]
    [InlineData(Network, "[sgd, adam]", "[lion, sgd, adam]")]
    [InlineData(Network, "points: 3", "points: 3", "  beta1: { type: float, low: 0.5, high: 0.95 }\n")]
    [InlineData(Network, "width: 48, ", "", "  width: { type: int, low: 8, high: 64 }\n")]
    [InlineData(Network, "width: 48, ", "", "  width: { type: int, low: 8, high: 64, default: 48 }\n")]
    [InlineData(Network, "[sgd, adam]", "[sgd, adam, rmsprop]", "  weight_decay: { type: float, low: 0, high: 0.1, when: { optimizer: rmsprop } }\n")]
    [InlineData(Network, "[sgd, adam]", "[sgd, adam]", "  weight_decay: { type: float, low: 0, high: 0.1, default: 0.0, when: { optimizer: adam } }\n")]
    [InlineData(Function, "high: 1, points: 3", "high: 2, points: 5")]
    [InlineData(Function, ", points: 5", "")]
    [InlineData(Function, "points: 5 }", "points: 5 }", "  y: { type: float, low: -1, high: 1, points: 2, default: 0 }\n")]
    public void Wider_spaces_go_on(string text, string was, string now, string added = "")
    {
        var (journalled, widening) = Widen(text, was, now, added);

        Assert.Empty(widening.Refused);
        Assert.NotEmpty(widening.Widened);
        Assert.Equal(widening.Wider, StudyFile.Parse(StudyFile.Write(widening.Wider!), "journal").SpecOrThrow());
        Assert.Empty(SpaceWidening.Between(widening.Wider!, Parse(Changed(text, was, now, added))).Widened);
        Assert.Equal(journalled.Space.Parameters.Select(p => p.Name), widening.Wider!.Space.Parameters.Take(journalled.Space.Parameters.Count).Select(p => p.Name));
    }

    [Theory]
    [InlineData(Network, "log: true", "log: false", "log stays as it was")]
    [InlineData(Network, "low: 0.2, high: 0.5, step: 0.1", "low: 0.15, high: 0.5, step: 0.1", "low may be lower by whole steps of 0.1")]
    [InlineData(Network, "high: 0.5, step: 0.1", "high: 0.5, step: 0.05", "its step stays")]
    [InlineData(Network, "low: 3, high: 9", "low: 1, high: 9", "low may be lower by whole steps of 3")]
    [InlineData(Network, "[sgd, adam]", "[sgd, lion]", "choices may be added, not taken away: adam")]
    [InlineData(Network, "type: int, low: 3, high: 9, step: 3", "type: categorical, choices: [3, 6, 9]", "its type stays")]
    [InlineData(Function, "points: 3", "points: 2", "points may be at least 3")]
    [InlineData(Function, "points: 5", "points: 4", "points may not become fewer")]
    [InlineData(Function, "high: 1, points: 3", "high: 1, points: 3, default: 0.5", "it was searched from the beginning: a default is for parameters that come later")]
    public void Other_changes_are_refused_with_what_would_be_allowed(string text, string was, string now, string allowed)
    {
        var (_, widening) = Widen(text, was, now, "");

        Assert.Null(widening.Wider);
        Assert.EndsWith($"; {allowed}", Assert.Single(widening.Refused), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Function, "  y: { type: float, low: -1, high: 1, points: 2 }\n", "parameters.y: was absent, is float -1 to 1, 2 points; a new parameter needs the value that the trials so far had: default: one of its values")]
    [InlineData(Network, "  weight_decay: { type: float, low: 0, high: 0.1 }\n", "parameters.weight_decay: was absent, is float 0 to 0.1; a new parameter needs the value that the trials so far had: default: one of its values")]
    [InlineData(Network, "  batch_size: { type: int, low: 8, high: 64, default: 16 }\n", "parameters.batch_size: was 32, is int 8 to 64; the trials so far had 32, not 16")]
    [InlineData(Network, "  widths: { type: categorical, choices: [64, 64-64], default: 64-64 }\n", "parameters.widths: was absent, is categorical [64, 64-64]; the trials so far had layers, width and shape: search those")]
    public void New_parameters_need_the_value_of_the_trials_so_far(string text, string added, string refused)
    {
        var spec = Parse(text);
        var file = added.Contains("widths", StringComparison.Ordinal)
            ? spec with { Space = new SearchSpace([.. spec.Space.Parameters, new CategoricalParameter("widths", [ParameterValue.Text("64"), ParameterValue.Text("64-64")], []) { Default = ParameterValue.Text("64-64") }]) }
            : Parse(Changed(text, "", "", added));

        Assert.Equal(refused, Assert.Single(SpaceWidening.Between(spec, file).Refused));
    }

    [Fact]
    public void What_the_model_fixed_is_what_older_trials_have_within_the_range_or_not()
    {
        var within = Widen(Network, "width: 48, ", "", "  width: { type: int, low: 8, high: 64 }\n").Widening.Wider!;
        var outside = Widen(Network, "width: 48, ", "", "  width: { type: int, low: 64, high: 256 }\n").Widening.Wider!;
        var older = Set(("learning_rate", ParameterValue.Float(0.01)), ("dropout", ParameterValue.Float(0.3)), ("layers", ParameterValue.Int(3)), ("optimizer", ParameterValue.Text("adam")));

        Assert.Equal(ParameterValue.Int(48), within.Space.Adopt(older)!["width"]);
        Assert.Null(outside.Space.Adopt(older));
        Assert.False(within.Model.ContainsKey("width"));
        // A trial that is run again, or whose weights are used, is what it was.
        Assert.Equal(ParameterValue.Int(48), ModelSettings.Resolve("width", within, older));
        Assert.Equal(ParameterValue.Int(48), ModelSettings.Resolve("width", outside, older));
        Assert.Equal(outside, StudyFile.Parse(StudyFile.Write(outside), "journal").SpecOrThrow());
    }

    [Fact]
    public void Values_of_a_step_are_adopted_in_the_new_spelling()
    {
        var space = Widen(Network, "low: 0.2, high: 0.5, step: 0.1", "low: 0.0, high: 0.9, step: 0.1", "").Widening.Wider!.Space;
        var dropout = (FloatParameter)space.Find("dropout")!;
        var older = Set(("learning_rate", ParameterValue.Float(0.01)), ("dropout", ParameterValue.Float(0.2 + 0.1)), ("layers", ParameterValue.Int(3)), ("optimizer", ParameterValue.Text("adam")));

        Assert.Equal(ParameterValue.Float(dropout.AtStep(3)), space.Adopt(older)!["dropout"]);
    }

    [Fact]
    public void Longer_trials_do_not_go_with_a_rule_of_stopping()
    {
        var text = Network.Replace("epochs: 10 }", "batch_size: 16 }", StringComparison.Ordinal).Replace(
            "parameters:", "stopping: { name: asha, min: 1, factor: 2 }\nparameters:\n  epochs: { type: int, low: 5, high: 10 }", StringComparison.Ordinal);

        Assert.Contains("the rule of stopping judges by it", Assert.Single(Widen(text, "low: 5, high: 10", "low: 5, high: 20", "").Widening.Refused), StringComparison.Ordinal);
        Assert.Empty(Widen(text, "low: 5, high: 10", "low: 2, high: 10", "").Widening.Refused);
    }

    [Theory]
    [InlineData("y: { type: float, low: -1, high: 1, points: 2, default: 2 }", "the default of y is one of its values, not '2'")]
    [InlineData("y: { type: float, low: -1, high: 1, points: 2, default: [0] }", "the default of y is one of its values, not a list")]
    [InlineData("y: { type: int, low: 1, high: 2, was: 7 }", "y was no setting before it was searched")]
    public void A_default_is_a_value_of_its_parameter(string parameter, string problem) => Assert.Contains(
        StudyFile.Parse(Changed(Function, "", "", $"  {parameter}\n"), "a.yaml").Errors, e => e.Problem == problem);

    private static (StudySpec Journalled, SpaceWidening Widening) Widen(string text, string was, string now, string added)
    {
        var journalled = Parse(text);
        return (journalled, SpaceWidening.Between(journalled, Parse(Changed(text, was, now, added))));
    }

    private static string Changed(string text, string was, string now, string added)
    {
        text = text.ReplaceLineEndings("\n");
        text = was.Length == 0 ? text : text.Replace(was, now, StringComparison.Ordinal);
        return text.Replace("strategy:", $"{added}strategy:", StringComparison.Ordinal);
    }

    private static StudySpec Parse(string text) => StudyFile.Parse(text, "a.yaml").SpecOrThrow();

    private static TrialParameters Set(params (string Name, ParameterValue Value)[] values) => new(values.Select(v => KeyValuePair.Create(v.Name, v.Value)));
}
