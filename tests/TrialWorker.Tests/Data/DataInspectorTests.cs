using System.Security.Cryptography;
using TuningCluster.Shared.Data;
using TuningCluster.Shared.Studies;
using TuningCluster.TrialWorker.Data;

namespace TuningCluster.TrialWorker.Tests.Data;

public sealed class DataInspectorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("data-").FullName;
    private readonly DataInspector _inspector = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Summarizes_every_column()
    {
        var path = Write("d.csv", "n,c,y\n1,b,0.5\n,a,2\n1.0,b,?\n");
        var summary = _inspector.Summarize(path);

        Assert.Equal((path, 3), (summary.Path, summary.Rows));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))), summary.Sha256);
        Assert.Equal(["n", "c", "y"], summary.Columns.Select(c => c.Name));
        Assert.Equal([ColumnKind.Numeric, ColumnKind.Categorical, ColumnKind.Numeric], summary.Columns.Select(c => c.Kind));
        Assert.Equal([1L, 0, 1], summary.Columns.Select(c => c.Missing));
        Assert.Equal([1, 2, 2], summary.Columns.Select(c => c.Distinct));
        Assert.Equal(["a", "b"], summary.Columns[1].Categories);
        Assert.Empty(summary.Columns[0].Categories);
    }

    [Fact]
    public void Caps_the_distinct_values_it_counts()
    {
        var summary = _inspector.Summarize(Write("d.csv", DataFiles.Lines("n,id", 1500, i => $"{i},w{i}")));
        Assert.Equal([1000, 1001], summary.Columns.Select(c => c.Distinct));
        Assert.Empty(summary.Columns[1].Categories);
    }

    [Fact]
    public void Resolves_hash_task_and_widths()
    {
        var path = Write("d.csv", "n,c,y\n1,b,u\n2,a,v\n,b,u\n4,a,v\n");
        var resolved = _inspector.Resolve(DataFiles.Spec(), path);

        Assert.Equal(LearningTask.Classification, resolved.Spec.Task);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))), resolved.Spec.Sha256);
        Assert.Equal("data.csv", resolved.Spec.Source);
        Assert.Equal((4, 3, 0, 2), (resolved.Rows, resolved.InputWidth, resolved.EmbeddedColumns, resolved.OutputWidth));
        Assert.Equal(File.ReadAllBytes(path), resolved.Content);
        Assert.Equal(4 * (3 + 1) * sizeof(float), resolved.MemoryBytes);
        Assert.StartsWith("Column 'n': 1 missing cell", Assert.Single(resolved.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void An_inferred_regression_is_not_stratified_so_that_the_study_can_be_read_back()
    {
        var path = Write("d.csv", DataFiles.Lines("n,y", 60, i => $"{i},{i * 0.37:R}"));
        var resolved = _inspector.Resolve(DataFiles.Spec(), path);
        Assert.Equal(LearningTask.Regression, resolved.Spec.Task);
        Assert.False(resolved.Spec.Split.Stratify);

        var file = StudyFile.Parse(
            "name: a\ndata: { source: data.csv, target: y }\nparameters: { width: { type: int, low: 4, high: 8 } }\nbudget: { trials: 5 }\n", "a.yaml").SpecOrThrow();
        Assert.Equal(resolved.Spec, StudyFile.Resolved(file, resolved).Data);
    }

    [Fact]
    public void A_loss_that_does_not_go_with_the_inferred_task_is_told()
    {
        var path = Write("d.csv", DataFiles.Lines("n,y", 60, i => $"{i},{i * 0.37:R}"));
        var file = StudyFile.Parse(
            "name: a\ndata: { source: data.csv, target: y }\nmodel: { loss: hinge }\nparameters: { width: { type: int, low: 4, high: 8 } }\nbudget: { trials: 5 }\n",
            "a.yaml").SpecOrThrow();
        var resolved = _inspector.Resolve(file.Data!, path);
        Assert.Equal("model.loss", Assert.Single(Assert.Throws<SpecException>(() => StudyFile.Resolved(file, resolved)).Errors).Path);
    }

    [Fact]
    public void A_missing_file_is_told_with_the_nearest_name()
    {
        Write("digits.csv.gz", "a");
        var spec = DataFiles.Spec() with { Source = "data/digit.csv.gz" };
        var error = Assert.Single(Assert.Throws<SpecException>(() => _inspector.Resolve(spec, Path.Combine(_folder, "digit.csv.gz"))).Errors);
        Assert.Equal("data.source", error.Path);
        Assert.StartsWith("there is no file 'data/digit.csv.gz' (looked for ", error.Problem, StringComparison.Ordinal);
        Assert.Equal($"Did you mean '{Path.Combine("data", "digits.csv.gz")}'?", error.Hint);
    }

    [Fact]
    public void A_missing_folder_is_told()
    {
        var path = Path.Combine(_folder, "nowhere", "d.csv");
        var error = Assert.Single(Assert.Throws<SpecException>(() => _inspector.Summarize(path)).Errors);
        Assert.Equal($"there is no file '{path}'", error.Problem);
    }

    [Fact]
    public void A_folder_is_no_file()
    {
        var error = Assert.Single(Assert.Throws<SpecException>(() => _inspector.Summarize(_folder)).Errors);
        Assert.Equal($"'{_folder}' is a directory, not a file", error.Problem);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
