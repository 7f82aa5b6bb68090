using TuningCluster.Shared.Studies;
using TuningCluster.TrialWorker.Data;
using static TuningCluster.TrialWorker.Tests.Data.DataFiles;

namespace TuningCluster.TrialWorker.Tests.Data;

public sealed class DataSetLoaderTests
{
    [Fact]
    public void The_same_bytes_give_the_same_data_set_bit_for_bit()
    {
        var text = Lines("n,c,y", 300, i => $"{(i % 11 == 0 ? "" : i * 3)},{"pqr"[i % 3]},{i % 4}");
        var spec = Spec(scale: ScaleMethod.Standard, test: 0.2, stratify: true);
        var (first, second) = (Load(text, spec), Load(text, spec));
        Assert.Equal(first.Training.Features, second.Training.Features);
        Assert.Equal(first.Validation.Features, second.Validation.Features);
        Assert.Equal(first.Test!.Labels, second.Test!.Labels);
        Assert.Equal(first.Notes, second.Notes);
    }

    [Fact]
    public void Parts_have_the_shapes_they_tell()
    {
        var data = Load(Lines("n,m,y", 100, i => $"{i},{-i},{i % 2}"), Spec(test: 0.2));
        Assert.Equal((55, 25, 20), (data.Training.Rows, data.Validation.Rows, data.Test!.Rows));
        foreach (var part in (DataPart[])[data.Training, data.Validation, data.Test])
        {
            Assert.Equal(data.InputWidth, part.Width);
            Assert.Equal(part.Rows * part.Width, part.Features.Length);
            Assert.Equal(part.Rows, part.Labels.Length);
            Assert.Equal(part.Features.Order().Count(f => f >= 0), part.Rows + part.Features.Count(f => f == 0) / 2);
        }
    }

    [Fact]
    public void Without_a_test_share_there_is_no_test_part() => Assert.Null(Load("a,y\n1,u\n2,v\n").Test);

    [Fact]
    public void A_class_that_no_training_row_has_is_told()
    {
        var notes = Enumerable.Range(0, 12).SelectMany(seed => Load("a,y\n1,u\n2,v\n3,w\n4,u\n5,v\n", Spec(seed: seed, validation: 0.4)).Notes).ToArray();
        Assert.Contains("No training row has the class w.", notes);
    }

    [Fact]
    public void Too_few_rows_for_the_split_are_refused() =>
        Assert.Equal("2 rows cannot be split into 3 parts", Refused("a,y\n1,u\n2,v\n", Spec(test: 0.2)).Problem);

    [Theory]
    [InlineData("digits.csv.gz", "label", LearningTask.Classification, 61, 10, 1797)]
    [InlineData("diabetes.csv", "progression", LearningTask.Regression, 10, 1, 442)]
    [InlineData("iris.csv", "species", LearningTask.Classification, 4, 3, 150)]
    [InlineData("credit.csv.gz", "status", LearningTask.Classification, 29, 2, 4454)]
    public void Reads_the_example(string file, string target, LearningTask task, int inputs, int outputs, int rows)
    {
        var content = File.ReadAllBytes(Path.Combine(Examples(), "data", file));
        var data = Load(content, Spec(target, scale: ScaleMethod.Standard, validation: 0.2, test: 0.2, seed: 7, stratify: true));
        Assert.Equal((task, inputs, outputs, rows), (data.Task, data.InputWidth, data.OutputWidth, data.Training.Rows + data.Validation.Rows + data.Test!.Rows));
        Assert.All(data.Training.Features, f => Assert.True(float.IsFinite(f)));
    }

    [Fact]
    public void The_target_is_the_last_column_of_every_example()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Examples(), "data"), "*.csv*"))
        {
            var last = new DataInspector().Summarize(file).Columns[^1].Name;
            Assert.Contains(last, (string[])["label", "progression", "species", "status"]);
        }
    }
}
