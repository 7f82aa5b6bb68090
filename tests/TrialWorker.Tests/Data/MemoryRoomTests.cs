using System.Text;
using TuningCluster.Shared.Studies;
using TuningCluster.TrialWorker.Data;
using static TuningCluster.TrialWorker.Tests.Data.DataFiles;

namespace TuningCluster.TrialWorker.Tests.Data;

public sealed class MemoryRoomTests
{
    private static readonly string Text = Lines("a,b,y", 40_000, i => $"{i},{-i},{i % 2}");

    [Fact]
    public void Columns_that_do_not_fit_are_refused_while_they_are_read()
    {
        var error = Refused(Text, Spec(), 200_000);
        Assert.Equal("data.source", error.Path);
        Assert.StartsWith("the columns of 'data.csv' up to line 32769 take ", error.Problem, StringComparison.Ordinal);
        Assert.EndsWith(", and this process may use 195 KiB beside the file's bytes", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_that_do_not_fit_are_refused_before_they_are_made()
    {
        var folds = Spec() with { Split = new SplitSpec(0, 0.2, 1, false, 5) };
        var error = Refused(Text, folds, 1_500_000);
        Assert.StartsWith("40,000 rows × 3 features, codes and targets × 5 folds, and the ", error.Problem, StringComparison.Ordinal);
        Assert.NotEmpty(DataSetLoader.Load(Spec(), Encoding.UTF8.GetBytes(Text), Text.Length + 1_500_000).Folds);
    }

    [Fact]
    public void Images_are_refused_by_their_head()
    {
        byte[] pair = [.. IdxFiles.Images(1000), .. IdxFiles.Labels(1000)];
        Assert.StartsWith("the images of 'data.csv' take 5.9 KiB", Refused(pair, Spec(), 5_999).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parquet_is_refused_by_the_rows_it_announces()
    {
        var content = await new ParquetFiles().Add("a", [.. Enumerable.Range(0, 1000)]).Add("y", [.. Enumerable.Range(0, 1000)]).Write();
        Assert.StartsWith("1000 rows of 2 columns of 'data.csv' take 3.9 KiB", Refused(content, Spec(), 3_999).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_memory_of_all_parts_is_stated()
    {
        var data = DataSetLoader.Load(Spec() with { Split = new SplitSpec(0, 0.2, 1, false, 5) }, Encoding.UTF8.GetBytes(Text));
        Assert.Equal(5 * 40_000 * 3 * sizeof(float), data.Bytes);
    }

    private static SpecError Refused(string text, DataSpec spec, long available) => Refused(Encoding.UTF8.GetBytes(text), spec, available);

    private static SpecError Refused(byte[] content, DataSpec spec, long available) =>
        Assert.Single(Assert.Throws<SpecException>(() => DataSetLoader.Load(spec, content, content.Length + available)).Errors);
}
