using Parquet.Schema;
using TuningCluster.Shared.Studies;
using static TuningCluster.TrialWorker.Tests.Data.DataFiles;

namespace TuningCluster.TrialWorker.Tests.Data;

public sealed class ParquetReadingTests
{
    [Fact]
    public async Task The_same_table_as_the_csv_file()
    {
        var content = await new ParquetFiles().Add("a", 1, 3, 5, 7).AddOptional<double>("b", 2.5, null, 0.125, 8).AddText("c", "p", "q", null, "p").AddText("y", "u", "v", "u", "v").Write();
        var expected = Load("a,b,c,y\n1,2.5,p,u\n3,,q,v\n5,0.125,,u\n7,8,p,v\n");
        var actual = Load(content);
        Assert.Equal(Rows(expected), Rows(actual));
        Assert.Equal(expected.Classes, actual.Classes);
        Assert.Equal(expected.Notes, actual.Notes);
    }

    [Fact]
    public async Task Every_type_of_number_is_read()
    {
        var content = await new ParquetFiles()
            .Add<sbyte>("i8", -1, 2, 3, 4).Add<short>("i16", -1, 2, 3, 4).Add("i32", -1, 2, 3, 4).Add("i64", -1L, 2, 3, 4)
            .Add<byte>("u8", 1, 2, 3, 4).Add<ushort>("u16", 1, 2, 3, 4).Add("u32", 1u, 2u, 3u, 4u).Add("u64", 1ul, 2ul, 3ul, 4ul)
            .Add("f32", 1.5f, 2, 3, 4).Add("f64", 1.25, 2, 3, 4).Add("dec", 1.75m, 2m, 3m, 4m).Add("y", 1, 2, 1, 2).Write();
        var data = Load(content);
        Assert.Equal(11, data.InputWidth);
        Assert.Contains("-1 -1 -1 -1 1 1 1 1 1.5 1.25 1.75 → 0", Rows(data));
        Assert.Contains("4 4 4 4 4 4 4 4 4 4 4 → 1", Rows(data));
    }

    [Fact]
    public async Task Columns_that_may_miss_cells_and_miss_none_are_whole()
    {
        var content = await new ParquetFiles().AddOptional<int>("i", 1, 2, 3, 4).AddOptional<double>("d", -1, -2, -3, -4).AddText("y", "u", "v", "u", "v").Write(groups: 2);
        var data = Load(content);
        Assert.Equal(["1 -1 → 0", "1 -1 → 0", "2 -2 → 1", "2 -2 → 1", "3 -3 → 0", "3 -3 → 0", "4 -4 → 1", "4 -4 → 1"], Rows(data));
        Assert.Empty(data.Notes);
    }

    [Fact]
    public async Task Missing_cells_of_every_type_are_missing()
    {
        var content = await new ParquetFiles()
            .AddOptional<int>("i", 1, null, 3, 4).AddOptional<float>("f", null, 2, float.NaN, 4).AddOptional<decimal>("d", 1, 2, null, 4)
            .AddOptional<bool>("b", true, null, false, true).Add("y", 1, 2, 1, 2).Write();
        Assert.Equal(["f: 2", "i: 1", "d: 1", "b: 1"], Load(content).Notes.OrderBy(n => "fidb".IndexOf(n[8], StringComparison.Ordinal)).Select(n => $"{n[8]}: {n[12]}"));
    }

    [Fact]
    public async Task Truth_values_and_texts_are_categories_whatever_they_look_like()
    {
        var content = await new ParquetFiles().Add("b", true, false, true, false).AddText("zip", "01", "1", "01", "NA").AddText("y", "1", "2", "1", "2").Write();
        var data = Load(content);
        Assert.Equal(["1", "2"], data.Classes);
        Assert.Equal(["0 1 1 0 0 → 0", "0 1 1 0 0 → 0", "1 0 0 0 1 → 1", "1 0 0 1 0 → 1"], Rows(data).Select(r => r).Order(StringComparer.Ordinal));
        Assert.Empty(data.Notes);
    }

    [Fact]
    public async Task Row_groups_follow_one_another()
    {
        var data = Load(await new ParquetFiles().Add("a", 1, 2, 3).Add("y", 0.5, 1, 2).Write(groups: 3), Spec(task: LearningTask.Regression));
        Assert.Equal(9, data.Training.Rows + data.Validation.Rows);
        Assert.Equal([1, 1, 1, 2, 2, 2, 3, 3, 3], data.Training.Features.Concat(data.Validation.Features).Order());
    }

    [Fact]
    public async Task Points_in_time_are_categories_with_a_note()
    {
        var day = new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var data = Load(await new ParquetFiles().Add("d", day, day.AddDays(1), day, day).Add("y", 1, 2, 1, 2).Write());
        Assert.Equal(2, data.InputWidth);
        Assert.StartsWith("Column 'd' holds points in time", Assert.Single(data.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbers_beyond_single_precision_count_as_missing_and_are_told()
    {
        var data = Load(await new ParquetFiles().Add("a", 1.0, 1e300, double.PositiveInfinity, 4, 5).Add("y", 1, 2, 1, 2, 1).Write());
        Assert.All(data.Training.Features, f => Assert.True(float.IsFinite(f)));
        Assert.Equal("Column 'a': 2 numbers are not finite in single precision (1E+300, row 2) and count as missing.", data.Notes[0]);
    }

    [Fact]
    public async Task Targets_keep_double_precision()
    {
        var data = Load(await new ParquetFiles().Add("a", 1, 2, 3, 4).Add("y", 1e9, 1e9 + 1, 1e9 + 2, 1e9 + 3).Write(), Spec(task: LearningTask.Regression));
        Assert.Equal(4, data.Training.Targets.Concat(data.Validation.Targets).Distinct().Count());
    }

    [Fact]
    public async Task Columns_a_network_cannot_take_are_all_named()
    {
        var content = await new ParquetFiles()
            .AddField(new ListField("list", new DataField<int>("element"))).AddField(new StructField("pair", new DataField<int>("x")))
            .AddField(new DataField("blob", typeof(byte[]))).Add("a", 1).Write(groups: 0);
        var errors = Assert.Throws<SpecException>(() => Load(content)).Errors;
        Assert.Equal(
            [
                "column 'list' of 'data.csv' is nested: a network takes numbers and categories",
                "column 'pair' of 'data.csv' is nested: a network takes numbers and categories",
                "column 'blob' of 'data.csv' holds bytes, neither numbers nor texts",
            ],
            errors.Select(e => e.Problem));
        Assert.All(errors, e => Assert.Equal("data.source", e.Path));
    }

    [Fact]
    public async Task A_file_without_rows_is_told() =>
        Assert.Equal("'data.csv' has columns but no rows", Refused(await new ParquetFiles().Add("a", 1).Write(groups: 0)).Problem);

    [Fact]
    public async Task Damaged_files_are_told_wherever_they_are_cut_or_changed()
    {
        var whole = await new ParquetFiles().Add("a", [.. Enumerable.Range(0, 200)]).Add("y", [.. Enumerable.Range(0, 200).Select(i => i % 2)]).Write();
        foreach (var cut in (int[])[4, 8, whole.Length / 2, whole.Length - 4, whole.Length - 1])
        {
            var error = Refused(whole[..cut]);
            Assert.StartsWith("'data.csv' is a damaged parquet file", error.Problem, StringComparison.Ordinal);
            Assert.Equal("data.source", error.Path);
        }
    }
}
