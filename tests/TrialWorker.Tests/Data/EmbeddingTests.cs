using TuningCluster.Shared.Studies;
using TuningCluster.TrialWorker.Data;
using static TuningCluster.TrialWorker.Tests.Data.DataFiles;

namespace TuningCluster.TrialWorker.Tests.Data;

public sealed class EmbeddingTests
{
    [Theory]
    [InlineData(32, 33, 0)]
    [InlineData(33, 1, 1)]
    public void More_categories_than_the_limit_are_embedded(int categories, int inputs, int embedded)
    {
        var data = Load(Lines("n,c,y", 200, i => $"{i},w{i % categories},{i % 2}"));
        Assert.Equal((inputs, embedded), (data.InputWidth, data.Embedded.Count));
        Assert.Equal(embedded == 0 ? [] : ["Column 'c' is embedded: it has 33 categories, more than one_hot_max_size (32)."], data.Notes);
        Assert.Equal(embedded * data.Training.Rows, data.Training.Codes.Length);
        Assert.Equal(inputs * data.Training.Rows, data.Training.Features.Length);
    }

    [Fact]
    public void Codes_follow_the_names_and_mean_the_same_in_every_part()
    {
        // The number tells the category: c is w{n mod 5}.
        var data = Load(Lines("n,c,y", 100, i => $"{i},w{i % 5},{i % 2}"), Few(2) with { Split = new SplitSpec(0.2, 0.2, 1, false) });
        Assert.Equal([new EmbeddedColumn("c", 6)], data.Embedded);
        foreach (var part in (DataPart[])[data.Training, data.Validation, data.Test!])
        {
            Assert.Equal(part.Features.Select(n => ((int)n % 5) + 1), part.Codes);
        }
    }

    [Fact]
    public void What_no_training_row_has_and_what_is_missing_is_code_0()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var data = Load("n,c,y\n0,a,u\n1,b,v\n2,,u\n3,d,v\n4,e,u\n5,f,v\n", Few(0) with { Split = new SplitSpec(0.3, 0, seed, false) });
            string[] names = ["a", "b", "", "d", "e", "f"];
            var trained = data.Training.Features.Select(n => names[(int)n]).Where(c => c.Length > 0).Order(StringComparer.Ordinal).ToList();
            Assert.Equal(trained.Count + 1, Assert.Single(data.Embedded).Categories);
            foreach (var part in (DataPart[])[data.Training, data.Validation])
            {
                Assert.Equal(part.Features.Select(n => trained.IndexOf(names[(int)n]) + 1), part.Codes);
            }

            Assert.Equal("Column 'c': 1 missing cell got the code of categories that no training row has.", data.Notes[^1]);
        }
    }

    [Fact]
    public void Each_fold_has_codes_of_its_own()
    {
        var folds = LoadFolds(Lines("n,c,y", 40, i => $"{i},w{i / 4},{i % 2}"), Few(3) with { Split = new SplitSpec(0, 0, 5, false, 4) });
        foreach (var fold in folds)
        {
            var trained = fold.Training.Features.Select(n => (int)n / 4).Distinct().Order().ToList();
            Assert.Equal([new EmbeddedColumn("c", trained.Count + 1)], fold.Embedded);
            Assert.Equal(fold.Validation.Features.Select(n => trained.IndexOf((int)n / 4) + 1), fold.Validation.Codes);
        }
    }

    [Fact]
    public void Codes_of_several_columns_stand_side_by_side()
    {
        var data = Load(Lines("c,n,d,y", 60, i => $"w{i % 5},{i},v{i % 4},{i % 2}"), Few(3));
        Assert.Equal(["c", "d"], data.Embedded.Select(e => e.Name));
        Assert.Equal(data.Training.Features.SelectMany(n => (int[])[((int)n % 5) + 1, ((int)n % 4) + 1]), data.Training.Codes);
    }

    [Fact]
    public void Embedded_columns_alone_are_enough()
    {
        var data = Load(Lines("c,y", 60, i => $"w{i % 5},{i % 2}"), Few(0));
        Assert.Equal((0, 1), (data.InputWidth, data.Embedded.Count));
        Assert.Empty(data.Training.Features);
    }

    private static DataSpec Few(int oneHotMaxSize) => Spec() with { OneHotMaxSize = oneHotMaxSize };
}
