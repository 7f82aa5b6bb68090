using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Tests.Search.Encoding;

public sealed class DimensionTests
{
    public static TheoryData<string> Countable => ["int", "log int", "stepped int", "step", "category", "one"];

    [Theory]
    [MemberData(nameof(Countable))]
    public void Cells_of_the_values_follow_each_other_from_0_to_1(string kind)
    {
        var dimension = new Dimension(Make(kind));
        var end = 0.0;
        for (var index = 0L; index < dimension.Count; index++)
        {
            var (from, to) = dimension.Cell(index);
            Assert.Equal(end, from, 1e-12);
            Assert.True(from < to);
            end = to;
        }

        Assert.Equal(1, end, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Countable))]
    public void Every_coordinate_of_a_cell_means_its_value(string kind)
    {
        var dimension = new Dimension(Make(kind));
        for (var index = 0L; index < dimension.Count; index++)
        {
            var value = dimension.AtIndex(index);
            var (from, to) = dimension.Cell(index);
            Assert.True(dimension.Parameter.Contains(value));
            Assert.Equal(index, dimension.IndexOf(value));
            Assert.Equal(0.5 * (from + to), dimension.ToUnit(value));
            foreach (var share in (double[])[1e-6, 0.25, 0.5, 1 - 1e-6])
            {
                Assert.Equal(value, dimension.FromUnit(from + (share * (to - from))));
            }
        }
    }

    [Theory]
    [InlineData(false, 0.25, -2.0)]
    [InlineData(true, 0.25, 1e-3)]
    public void A_continuous_parameter_runs_evenly(bool log, double unit, double value)
    {
        var dimension = new Dimension(log ? new FloatParameter("x", 1e-4, 1, true, null, null, []) : new FloatParameter("x", -3, 1, false, null, null, []));

        Assert.Equal(value, dimension.FromUnit(unit).AsDouble(), 1e-12);
        Assert.Equal(unit, dimension.ToUnit(ParameterValue.Float(value)), 1e-12);
    }

    [Theory]
    [InlineData("int")]
    [InlineData("log int")]
    [InlineData("float")]
    [InlineData("category")]
    public void Coordinates_outside_mean_the_edges(string kind)
    {
        var dimension = new Dimension(Make(kind));

        Assert.Equal(dimension.FromUnit(0), dimension.FromUnit(-0.3));
        Assert.Equal(dimension.FromUnit(1), dimension.FromUnit(1.3));
        Assert.True(dimension.Parameter.Contains(dimension.FromUnit(1)));
    }

    [Fact]
    public void Values_of_another_parameter_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new Dimension(Make("category")).IndexOf(ParameterValue.Text("d")));
        Assert.Throws<InvalidOperationException>(() => new Dimension(Make("float")).IndexOf(ParameterValue.Float(0.5)));
        Assert.Throws<InvalidOperationException>(() => new Dimension(Make("float")).AtIndex(0));
    }

    private static Parameter Make(string kind) => kind switch
    {
        "int" => new IntParameter("x", -3, 9, false, 1, null, []),
        "log int" => new IntParameter("x", 1, 300, true, 1, null, []),
        "stepped int" => new IntParameter("x", 1, 9, false, 4, null, []),
        "step" => new FloatParameter("x", 0, 0.95, false, 0.1, null, []),
        "category" => new CategoricalParameter("x", [ParameterValue.Text("a"), ParameterValue.Text("b"), ParameterValue.Text("c")], []),
        "one" => new IntParameter("x", 5, 5, false, 1, null, []),
        "float" => new FloatParameter("x", 0, 1, false, null, null, []),
        _ => throw new ArgumentException($"No parameter for '{kind}'.", nameof(kind)),
    };
}
