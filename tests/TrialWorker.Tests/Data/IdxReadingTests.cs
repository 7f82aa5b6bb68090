using TuningCluster.Shared.Studies;
using TuningCluster.TrialWorker.Data;
using static TuningCluster.TrialWorker.Tests.Data.DataFiles;
using static TuningCluster.TrialWorker.Tests.Data.IdxFiles;

namespace TuningCluster.TrialWorker.Tests.Data;

public sealed class IdxReadingTests : IDisposable
{
    private const int Count = 24;

    private static readonly DataSpec Untold = Spec() with { Source = "train-images-idx3-ubyte.gz", Targets = [] };

    private readonly string _folder = Directory.CreateTempSubdirectory("idx-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Pixels_are_features_and_labels_are_classes()
    {
        var data = Load([.. Images(Count), .. Labels(Count)], Untold);
        Assert.Equal((LearningTask.Classification, 6, 3), (data.Task, data.InputWidth, data.OutputWidth));
        Assert.Equal(["0", "1", "2"], data.Classes);
        Assert.Equal(["label"], data.TargetNames);
        Assert.Equal(
            Enumerable.Range(0, Count).Select(i => string.Join(' ', Enumerable.Range(0, 5).Select(p => (float)(((10 * i) + p) / 255.0)).Append(0)) + $" → {i % 3}").Order(StringComparer.Ordinal),
            Rows(data));
        Assert.Equal("1 of 6 pixels have one value in every image; they are kept.", Assert.Single(data.Notes));
    }

    [Theory]
    [InlineData(ScaleMethod.Standard)]
    [InlineData(ScaleMethod.MinMax)]
    public void Pixels_are_scaled_as_numbers_and_one_that_never_varies_is_0(ScaleMethod scale)
    {
        var data = Load([.. Images(Count), .. Labels(Count)], Untold with { Scale = scale });
        var pixel = Enumerable.Range(0, data.Training.Rows).Select(i => (double)data.Training.Features[6 * i]).ToArray();
        if (scale == ScaleMethod.MinMax)
        {
            Assert.Equal((0, 1), (pixel.Min(), pixel.Max()));
        }
        else
        {
            Assert.Equal(1, pixel.Average(v => v * v), 1e-5);
        }

        Assert.All(Enumerable.Range(0, data.Training.Rows), i => Assert.Equal(0, data.Training.Features[(6 * i) + 5]));
    }

    [Fact]
    public void More_classes_than_numbers_are_taken_for_stay_classes()
    {
        var labels = Write([60], [.. Enumerable.Range(0, 60).Select(i => (byte)(i % 30))]);
        Assert.Equal(30, Load([.. Write([60, 1, 2], [.. Enumerable.Range(0, 120).Select(i => (byte)i)]), .. labels], Untold).Classes.Count);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void The_pair_is_bound_whichever_of_it_is_compressed(bool imagesGzip, bool labelsGzip)
    {
        var images = Path.Combine(_folder, "train-images-idx3-ubyte" + (imagesGzip ? ".gz" : ""));
        File.WriteAllBytes(images, imagesGzip ? Gzip(Images(Count)) : Images(Count));
        var labels = Path.Combine(_folder, "train-labels-idx1-ubyte" + (labelsGzip ? ".gz" : ""));
        File.WriteAllBytes(labels, labelsGzip ? Gzip(Labels(Count)) : Labels(Count));

        var resolved = new DataInspector().Resolve(Untold, images);
        Assert.Equal(["label"], resolved.Spec.Targets);
        Assert.Equal((Count, 6, 3), (resolved.Rows, resolved.InputWidth, resolved.OutputWidth));
        Assert.Equal(Rows(Load([.. Images(Count), .. Labels(Count)], Untold)), Rows(Load(resolved.Content, resolved.Spec)));

        // Other labels are other data.
        File.WriteAllBytes(labels, Write([Count], [.. Enumerable.Range(0, Count).Select(i => (byte)(i % 2))]));
        Assert.NotEqual(resolved.Spec.Sha256, new DataInspector().Resolve(Untold, images).Spec.Sha256);
    }

    [Fact]
    public void The_label_is_the_last_column_of_a_summary()
    {
        var path = Path.Combine(_folder, "a-images.idx3-ubyte");
        File.WriteAllBytes(path, Images(Count));
        File.WriteAllBytes(Path.Combine(_folder, "a-labels.idx1-ubyte"), Labels(Count));
        var summary = new DataInspector().Summarize(path);
        Assert.Equal((7, Count), (summary.Columns.Count, summary.Rows));
        Assert.Equal(("pixel_1_0", 24), (summary.Columns[3].Name, summary.Columns[3].Distinct));
        Assert.Equal(("label", 3), (summary.Columns[^1].Name, summary.Columns[^1].Distinct));
    }

    [Theory]
    [InlineData("train-images-idx3-ubyte", "the labels of 'd/train-images-idx3-ubyte' are not beside it: there is neither 'train-labels-idx1-ubyte' nor 'train-labels-idx1-ubyte.gz'")]
    [InlineData("train-labels-idx1-ubyte", "'d/train-labels-idx1-ubyte' is the file of the labels")]
    [InlineData("digits.idx", "'d/digits.idx' is an idx file whose name does not tell where its labels are")]
    public void Labels_that_are_not_found_are_told(string name, string problem)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, Images(Count));
        var error = Assert.Single(Assert.Throws<SpecException>(() => new DataInspector().Resolve(Untold with { Source = $"d/{name}" }, path)).Errors);
        Assert.Equal(("data.source", problem), (error.Path, error.Problem));
    }

    public static TheoryData<byte[], string> Damaged => new()
    {
        { Images(Count), "the idx pair 'train-images-idx3-ubyte.gz' has no labels" },
        { [.. Images(Count)[..50], .. Labels(Count)], "the images of 'train-images-idx3-ubyte.gz' are cut off" },
        { Images(Count)[..10], "the images of 'train-images-idx3-ubyte.gz' are cut off" },
        { [.. Images(Count), .. Labels(Count)[..^1]], "the labels of 'train-images-idx3-ubyte.gz' are cut off" },
        { [.. Images(Count), .. Labels(Count), 0], "something follows the labels of 'train-images-idx3-ubyte.gz'" },
        { [.. Images(Count), .. Labels(Count - 1)], "'train-images-idx3-ubyte.gz' has 24 images and its labels' file 23 labels" },
        { Write([Count], new byte[Count]), "'train-images-idx3-ubyte.gz' is an idx file of labels, not of images" },
        { Write([Count, 1, 1], new byte[4 * Count], type: 0x0D), "the images of 'train-images-idx3-ubyte.gz' are not unsigned bytes (idx type 0x0D)" },
        { Write([0, 2, 3], []), "the images of 'train-images-idx3-ubyte.gz' are an empty or damaged array (0 × 2 × 3)" },
        { Write([int.MaxValue, 28, 28], []), "the images of 'train-images-idx3-ubyte.gz' are 1,683,627,179,248 bytes, more than one array can hold" },
        { Write([1 << 20, 28, 28], []), "the images of 'train-images-idx3-ubyte.gz' are cut off" },
    };

    [Theory]
    [MemberData(nameof(Damaged))]
    public void Says_what_is_wrong_with_the_pair(byte[] content, string problem)
    {
        Assert.Equal(problem, Refused(content, Untold).Problem);
        Assert.Equal(problem, Refused(Gzip(content), Untold).Problem);
    }

    [Fact]
    public void A_damaged_gzip_file_is_told()
    {
        var content = Gzip([.. Images(Count), .. Labels(Count)]);
        content[^6] ^= 0xFF;
        Assert.StartsWith("'train-images-idx3-ubyte.gz' is a damaged gzip file", Refused(content, Untold).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_csv_file_needs_a_target_whatever_its_name() =>
        Assert.Equal(("data.target", "target is missing"), (Refused("a,y\n1,2\n", Untold).Path, Refused("a,y\n1,2\n", Untold).Problem));
}
