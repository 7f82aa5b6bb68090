using System.Globalization;
using System.Text.RegularExpressions;

namespace TuningCluster.TrialWorker.Tests.Docs;

public partial class PlotsTests
{
    /// <summary>One unit of the last digit: kernels may differ by as much between processors.</summary>
    private const double Tolerance = 0.1 + 1e-9;

    public static TheoryData<string> Names => [.. Plots.All.Keys];

    /// <summary>TUNING_UPDATE_GOLDEN=1 writes the files anew.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Committed_picture_is_the_one_the_kernels_draw(string name)
    {
        var path = DocsFolder.PathOf(Path.Combine("plots", name));
        var drawn = Plots.All[name]();
        if (DocsFolder.IsUpdate)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, drawn);
        }

        var committed = File.ReadAllText(path);

        Assert.Equal(Numbers().Replace(drawn, "#"), Numbers().Replace(committed, "#"));
        Assert.All(Values(drawn).Zip(Values(committed)), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }

    [Fact]
    public void No_picture_is_left_over() => Assert.Equal(
        Plots.All.Keys.Order(StringComparer.Ordinal),
        Directory.EnumerateFiles(DocsFolder.PathOf("plots")).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));

    private static IEnumerable<double> Values(string svg) => Numbers().Matches(svg).Select(m => double.Parse(m.Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"-?\d+(\.\d+)?")]
    private static partial Regex Numbers();
}
