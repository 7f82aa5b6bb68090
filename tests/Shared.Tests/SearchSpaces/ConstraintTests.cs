using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Shared.Tests.SearchSpaces;

public class ConstraintTests
{
    private static readonly Dictionary<string, ParameterValue> Values = new(StringComparer.Ordinal)
    {
        ["width"] = ParameterValue.Int(64),
        ["layers"] = ParameterValue.Int(3),
        ["learning_rate"] = ParameterValue.Float(0.01),
        ["optimizer"] = ParameterValue.Text("sgd"),
        ["fast"] = ParameterValue.Bool(true),
    };

    [Theory]
    [InlineData("width * layers <= 192", true)]
    [InlineData("width * layers < 192", false)]
    [InlineData("192 <= width*layers", true)]
    [InlineData("width * layers <= 191.5", false)]
    [InlineData("width == 64", true)]
    [InlineData("width == 64.0", true)]
    [InlineData("width != 64", false)]
    [InlineData("width > 63", true)]
    [InlineData("width >= 65", false)]
    [InlineData("learning_rate <= 1e-2", true)]
    [InlineData("learning_rate <= .5e-2", false)]
    [InlineData("-width < 0", true)]
    [InlineData("- 2 ^ 2 == -4", true)]
    [InlineData("2 ^ 3 ^ 2 == 512", true)]
    [InlineData("2 - 3 - 4 == -5", true)]
    [InlineData("24 / 4 / 2 == 3", true)]
    [InlineData("1 + 2 * 3 == 7", true)]
    [InlineData("(1 + 2) * 3 == 9", true)]
    [InlineData("min(width, layers, 2) == 2", true)]
    [InlineData("max(width, layers) == 64", true)]
    [InlineData("abs(layers - 5) == 2", true)]
    [InlineData("sqrt(width) == 8 and exp(0) == 1 and log(1) == 0", true)]
    [InlineData("optimizer == 'sgd'", true)]
    [InlineData("optimizer != \"sgd\"", false)]
    [InlineData("optimizer != 'sgd' or learning_rate <= 0.1", true)]
    [InlineData("optimizer == 'sgd' and learning_rate > 0.1", false)]
    [InlineData("width > 100 or layers > 100 and layers < 0", false)]
    [InlineData("(width > 100 or layers == 3) and (width) <= (64)", true)]
    [InlineData("fast == true", true)]
    [InlineData("fast != true", false)]
    public void Holds_as_arithmetic_says(string text, bool holds) => Assert.Equal(holds, Constraint.Parse(text).Holds(Values));

    [Theory]
    [InlineData("width <= 60", 4)]
    [InlineData("width <= 70", -6)]
    [InlineData("width >= 70", 6)]
    [InlineData("width == 60", 4)]
    [InlineData("width <= 60 and layers <= 1", 4)]
    [InlineData("width <= 60 or layers <= 1", 2)]
    [InlineData("width <= 60 or layers <= 5", -2)]
    public void Says_by_how_much_it_is_violated(string text, double violation) => Assert.Equal(violation, Violation(text));

    [Fact]
    public void A_strict_bound_that_is_met_exactly_is_violated_by_next_to_nothing() => Assert.Equal(double.Epsilon, Violation("width < 64"));

    [Theory]
    [InlineData("momentum <= 0.5")]
    [InlineData("momentum * width <= 0.5")]
    [InlineData("width > 1000 or max(momentum, width) < 0")]
    public void A_comparison_that_names_a_parameter_which_is_not_active_holds(string text) => Assert.True(Constraint.Parse(text).Holds(Values));

    [Theory]
    [InlineData("log(0 - width) <= 1")]
    [InlineData("width / 0 - width / 0 <= 1")]
    [InlineData("layers <= 5 and sqrt(-1) <= 1")]
    public void What_cannot_be_computed_does_not_hold(string text)
    {
        Assert.False(Constraint.Parse(text).Holds(Values));
        Assert.True(double.IsNaN(Violation(text)));
    }

    [Fact]
    public void Of_two_of_which_one_must_hold_one_need_not_be_computable() => Assert.True(Constraint.Parse("layers <= 5 or sqrt(-1) <= 1").Holds(Values));

    [Fact]
    public void Knows_the_names_it_depends_on() =>
        Assert.Equal(["width", "layers", "optimizer"], Constraint.Parse("max(width, layers * 2) <= width or optimizer == 'layers'").Names);

    [Fact]
    public void Constants_take_the_place_of_names()
    {
        var bound = Constraint.Parse("width * layers <= 500").With(new Dictionary<string, ParameterValue> { ["width"] = ParameterValue.Int(200) });

        Assert.Equal(["layers"], bound.Names);
        Assert.False(bound.Holds(Values));
        Assert.Equal("width * layers <= 500", bound.Text);
    }

    [Theory]
    [InlineData("", "at character 1: unexpected end of input")]
    [InlineData("width", "at character 6: unexpected end of input, expected a comparison")]
    [InlineData("width * <= 3", "at character 9: unexpected comparison `<=`")]
    [InlineData("width <= 3 layers", "at character 12: unexpected name `layers`")]
    [InlineData("1 <= width <= 3", "at character 12: unexpected comparison `<=`")]
    [InlineData("width <= 3 and", "at character 15: unexpected end of input")]
    [InlineData("width § 3", "at character 7: unexpected `§`")]
    [InlineData("mean(width, layers) <= 3", "there is no function mean, only abs, exp, log, sqrt, min, max")]
    [InlineData("abs(width, layers) <= 3", "abs takes one value, not 2")]
    [InlineData("min(width) <= 3", "min takes two values or more, not 1")]
    [InlineData("(width <= 3", "at character 12: unexpected end of input, expected")]
    public void What_is_no_condition_is_refused_with_the_place(string text, string problem) =>
        Assert.Contains(problem, Assert.Throws<FormatException>(() => Constraint.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("width <= 'wide'", "width is a number and 'wide' is a text: they cannot be compared with <=")]
    [InlineData("optimizer <= 'sgd'", "<= compares numbers, not a text")]
    [InlineData("optimizer * 2 <= 3", "* takes numbers, and optimizer is none")]
    [InlineData("mixed <= 3", "mixed is of several kinds and 3 is a number: they cannot be compared with <=")]
    [InlineData("fast == 1", "fast is true or false and 1 is a number: they cannot be compared with ==")]
    [InlineData("mixed == 3", null)]
    [InlineData("width == 3 and optimizer != 'adam'", null)]
    public void Kinds_must_go_together(string text, string? problem) => Assert.Equal(problem, Constraint.Parse(text).Misfit(name => name switch
    {
        "optimizer" => ParameterValueKind.Text,
        "fast" => ParameterValueKind.Bool,
        "mixed" => null,
        _ => ParameterValueKind.Float,
    }));

    private static double Violation(string text) => Constraint.Parse(text).Violation(name => Values.TryGetValue(name, out var value) ? value : null);
}
