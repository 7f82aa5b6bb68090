using TuningCluster.Shared.Studies;
using TuningCluster.TrialWorker.Data;
using static TuningCluster.TrialWorker.Tests.Data.DataFiles;

namespace TuningCluster.TrialWorker.Tests.Data;

public sealed class FeatureEncodingTests
{
    [Fact]
    public void Numbers_stay_and_categories_become_one_feature_each()
    {
        var data = Load("n,c,y\n1,red,u\n2,green,v\n3,red,u\n4,blue,v\n");
        Assert.Equal(4, data.InputWidth);
        Assert.Equal(["1 0 0 1 → 0", "2 0 1 0 → 1", "3 0 0 1 → 0", "4 1 0 0 → 1"], Rows(data));
    }

    [Fact]
    public void A_category_of_the_validation_part_alone_has_its_feature()
    {
        for (var seed = 0; seed < 8; seed++)
        {
            var data = Load("n,c,y\n1,red,u\n2,green,v\n3,blue,u\n4,black,v\n", Spec(seed: seed));
            Assert.Equal(5, data.InputWidth);
            Assert.All(data.Validation.Features.Skip(1), f => Assert.True(f is 0 or 1));
            Assert.Equal(1, data.Validation.Features.Skip(1).Sum());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("NA")]
    [InlineData("n/a")]
    [InlineData("nan")]
    [InlineData("NULL")]
    [InlineData(" ? ")]
    [InlineData("\"\"")]
    public void A_missing_number_becomes_the_median_of_the_training_part(string cell)
    {
        var data = Load($"n,m,y\n1,0,u\n2,{cell},v\n30,0,u\n4,{cell},v\n5,1,u\n6,0,v\n7,10,u\n8,4,v\n");
        var known = Enumerable.Range(0, data.Training.Rows).Select(i => (Row: data.Training.Features[2 * i], M: data.Training.Features[(2 * i) + 1]))
            .Where(r => r.Row is not (2 or 4)).Select(r => r.M).Order().ToArray();
        var median = known.Length % 2 == 1 ? known[known.Length / 2] : (known[(known.Length / 2) - 1] + known[known.Length / 2]) / 2;
        Assert.Contains(FormattableString.Invariant($"2 {median} → 1"), Rows(data));
        Assert.Contains(FormattableString.Invariant($"4 {median} → 1"), Rows(data));
        Assert.Equal(FormattableString.Invariant($"Column 'm': 2 missing cells got the median of the training part, {median}."), Assert.Single(data.Notes));
    }

    [Fact]
    public void A_missing_category_is_one_of_its_own()
    {
        var data = Load("n,c,y\n1,red,u\n2,,v\n3,red,u\n4,null,v\n5,blue,u\n");
        Assert.Contains("2 0 0 1 → 1", Rows(data));
        Assert.Contains("5 1 0 0 → 0", Rows(data));
        Assert.Equal("Column 'c': 2 missing cells became the category '(missing)'.", Assert.Single(data.Notes));
    }

    [Fact]
    public void Columns_that_cannot_inform_are_left_out()
    {
        var data = Load(Lines("n,one,same,none,id,y", 40, i => $"{i},{(i % 2 == 0 ? "1" : "1.0")},x,,name{i},{(i % 2 == 0 ? "u" : "v")}"));
        Assert.Equal(1, data.InputWidth);
        Assert.Equal(
            [
                "Column 'none' is left out: all its cells are missing.",
                "Column 'id' is left out: its values all differ, as names and ids do.",
                "Left out, since they have one value in every row: one, same.",
            ],
            data.Notes);
    }

    [Fact]
    public void A_column_is_constant_when_it_is_in_the_rows_in_use()
    {
        var data = Load("n,c,m,y\n1,x,5,u\n2,x,5,v\n3,z,6,\n4,x,5,u\n5,x,5,v\n");
        Assert.Equal(1, data.InputWidth);
        Assert.Contains("Left out, since they have one value in every row: c, m.", data.Notes);
    }

    [Fact]
    public void Too_many_categories_are_left_out_and_the_text_among_numbers_is_shown()
    {
        var data = Load(Lines("n,many,slip,y", 3000, i => $"{i % 7},w{i % 1500},{(i == 2500 ? "12a" : i)},{(i % 2 == 0 ? "u" : "v")}"));
        Assert.Equal(1, data.InputWidth);
        Assert.Equal(
            [
                "Column 'many' is left out: it has text ('w0', line 2) and more than 1000 distinct values.",
                "Column 'slip' is left out: it has text ('12a', line 2502) and more than 1000 distinct values.",
            ],
            data.Notes);
    }

    [Fact]
    public void A_thousand_categories_are_not_too_many() =>
        Assert.Equal(1001, Load(Lines("n,c,y", 2000, i => $"{i},w{i % 1000},{i % 2}"), Spec() with { OneHotMaxSize = 1000 }).InputWidth);

    [Fact]
    public void A_category_of_rows_without_target_has_no_feature()
    {
        var data = Load("n,c,y\n1,red,u\n2,green,v\n3,odd,\n4,red,v\n5,green,u\n");
        Assert.Equal(3, data.InputWidth);
        Assert.Contains("2 1 0 → 1", Rows(data));
    }

    [Fact]
    public void A_column_of_numbers_that_one_text_made_categories_is_told()
    {
        var data = Load(Lines("n,slip,y", 60, i => $"{i},{(i == 30 ? "oops" : i % 5)},{i % 2}"));
        Assert.Equal(7, data.InputWidth);
        Assert.Equal("Column 'slip' is read as categories because of 'oops' (line 32); 5 of its 6 distinct values are numbers.", Assert.Single(data.Notes));
    }

    [Theory]
    [InlineData("1e999")]
    [InlineData("Infinity")]
    [InlineData("1e300")]
    public void What_is_not_finite_in_single_precision_is_no_number(string cell)
    {
        var data = Load($"n,m,y\n1,2,u\n2,{cell},v\n3,2,u\n4,{cell},v\n");
        Assert.All(data.Training.Features, f => Assert.True(float.IsFinite(f)));
        Assert.Contains($"because of '{cell}'", Assert.Single(data.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Categories_keep_their_spelling_although_they_look_like_numbers()
    {
        var data = Load("n,c,y\n1,01,u\n2,1,v\n3,01,u\n4,x,v\n");
        Assert.Equal(4, data.InputWidth);
    }

    [Fact]
    public void Columns_with_thousands_of_numbers_are_exact()
    {
        var data = Load(Lines("n,m,y", 5000, i => FormattableString.Invariant($"{i},{(i % 10 == 3 ? "" : (i * 0.37).ToString("R", System.Globalization.CultureInfo.InvariantCulture))},{i % 2}")));
        for (var i = 0; i < data.Training.Rows; i++)
        {
            var n = (int)data.Training.Features[2 * i];
            if (n % 10 != 3)
            {
                Assert.Equal((float)(n * 0.37), data.Training.Features[(2 * i) + 1]);
            }
        }
    }

    [Fact]
    public void Standard_scaling_is_fitted_on_the_training_part_alone()
    {
        var text = Lines("n,c,y", 50, i => $"{i * i},{(i % 3 == 0 ? "p" : "q")},{i % 2}");
        var raw = Load(text);
        var data = Load(text, Spec(scale: ScaleMethod.Standard));
        var known = Column(raw.Training, 0);
        var mean = known.Average(v => (double)v);
        var deviation = Math.Sqrt(known.Average(v => (v - mean) * (v - mean)));

        foreach (var (before, after) in new[] { (raw.Training, data.Training), (raw.Validation, data.Validation) })
        {
            Assert.Equal(Column(before, 0).Select(v => (float)((v - mean) / deviation)), Column(after, 0), (a, b) => Math.Abs(a - b) < 1e-5);
            Assert.Equal(Column(before, 1), Column(after, 1));
            Assert.Equal(Column(before, 2), Column(after, 2));
        }
    }

    [Fact]
    public void Min_max_scaling_maps_the_training_part_to_0_and_1()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var text = Lines("n,y", 8, i => $"{i * i},{i % 2}");
            var raw = Load(text, Spec(seed: seed));
            var data = Load(text, Spec(seed: seed, scale: ScaleMethod.MinMax));
            Assert.Equal(0, data.Training.Features.Min());
            Assert.Equal(1, data.Training.Features.Max());
            var (low, high) = (raw.Training.Features.Min(), raw.Training.Features.Max());
            Assert.Equal(raw.Validation.Features.Select(v => (v - low) / (high - low)), data.Validation.Features, (a, b) => Math.Abs(a - b) < 1e-6);
        }
    }

    [Theory]
    [InlineData(ScaleMethod.Standard)]
    [InlineData(ScaleMethod.MinMax)]
    public void A_column_that_only_the_validation_part_varies_stays_finite(ScaleMethod scale)
    {
        for (var seed = 0; seed < 6; seed++)
        {
            var data = Load("n,m,y\n1,5,u\n2,5,v\n3,5,u\n4,9,v\n", Spec(seed: seed, scale: scale));
            Assert.All(data.Training.Features.Concat(data.Validation.Features), f => Assert.True(float.IsFinite(f)));
        }
    }

    [Fact]
    public void Without_any_feature_there_is_nothing_to_learn_from()
    {
        foreach (var text in (string[])["y\nu\nv\nu\n", "a,y\n1,u\n1,v\n1,u\n"])
        {
            var error = Refused(text);
            Assert.Equal("data.source", error.Path);
            Assert.Equal("no column is left to learn from beside the target", error.Problem);
        }

        Assert.Contains("one value in every row: a", Refused("a,y\n1,u\n1,v\n1,u\n").Hint, StringComparison.Ordinal);
    }

    private static float[] Column(DataPart part, int column) =>
        [.. Enumerable.Range(0, part.Rows).Select(i => part.Features[(i * part.Width) + column])];
}
