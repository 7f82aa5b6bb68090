using System.IO.Compression;
using TuningCluster.Benchmarks;
using TuningCluster.Benchmarks.Quality;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Tests.Benchmarks.Quality;

public sealed class TableProblemTests : IDisposable
{
    private const string Complete = "rate,kind,loss_seed0,loss_seed1\n10,b,1,3\n9,b,4,6\n10,a,7,7\n9,a,8,10\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("table-problem-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Numbers_are_places_in_their_order_and_texts_categories()
    {
        var problem = Load(Complete, Direction.Minimize);

        Assert.Equal("small", problem.Name);
        Assert.Equal(["int 0 to 1", "categorical [a, b]"], problem.Space.Parameters.Select(p => p.Describe()));
        Assert.True(problem.IsNoisy);
    }

    [Theory]
    [InlineData(Direction.Minimize, 2)]
    [InlineData(Direction.Maximize, 9)]
    public void A_trial_sees_one_seed_and_is_judged_by_their_mean(Direction direction, double best)
    {
        var problem = Load(Complete, direction);
        var point = new TrialParameters([KeyValuePair.Create("rate", ParameterValue.Int(1)), KeyValuePair.Create("kind", ParameterValue.Text("b"))]);
        var run = problem.Begin(1);
        var seen = Enumerable.Range(0, 40).Select(number => run.Observe(point, number)).ToArray();

        Assert.Equal([1.0, 3.0], seen.Distinct().Order());
        Assert.Equal(seen, Enumerable.Range(0, 40).Select(number => problem.Begin(1).Observe(point, number)));
        Assert.Equal(2, run.Judge(point));
        Assert.Equal(best, problem.Best);
    }

    [Fact]
    public void A_table_with_a_hole_is_refused()
    {
        var refused = Assert.Throws<BenchmarkException>(() => Load(Complete.Replace("9,a,8,10\n", "", StringComparison.Ordinal), Direction.Minimize));

        Assert.Contains("no complete table", refused.Message, StringComparison.Ordinal);
    }

    private TableProblem Load(string text, Direction direction)
    {
        var path = Path.Combine(_folder.FullName, "small.csv.gz");
        using (var file = new StreamWriter(new GZipStream(File.Create(path), CompressionLevel.Fastest)))
        {
            file.Write(text);
        }

        return TableProblem.Load(path, direction);
    }
}
