using System.IO.Compression;
using System.Text;
using TuningCluster.Shared.Studies;
using TuningCluster.TrialWorker.Data;

namespace TuningCluster.TrialWorker.Tests.Data;

/// <summary>Small data files and the sections that read them.</summary>
internal static class DataFiles
{
    /// <param name="target">Names of the targets, with a bar between them.</param>
    public static DataSpec Spec(
        string target = "y", LearningTask? task = null, ScaleMethod scale = ScaleMethod.None, double validation = 0.25, double test = 0, long seed = 1, bool stratify = false) =>
        new("data.csv", null, target.Split('|'), task, new SplitSpec(validation, test, seed, stratify), scale);

    /// <summary>The data of a study without folds.</summary>
    public static DataSet Load(string text, DataSpec? spec = null) => Load(Encoding.UTF8.GetBytes(text), spec);

    /// <inheritdoc cref="Load(string, DataSpec?)"/>
    public static DataSet Load(byte[] content, DataSpec? spec = null) => Assert.Single(DataSetLoader.Load(spec ?? Spec(), content).Folds);

    public static IReadOnlyList<DataSet> LoadFolds(string text, DataSpec spec) => DataSetLoader.Load(spec, Encoding.UTF8.GetBytes(text)).Folds;

    public static SpecError Refused(string text, DataSpec? spec = null) => Refused(Encoding.UTF8.GetBytes(text), spec);

    public static SpecError Refused(byte[] content, DataSpec? spec = null) =>
        Assert.Single(Assert.Throws<SpecException>(() => DataSetLoader.Load(spec ?? Spec(), content)).Errors);

    /// <summary>Path and problem of everything that is refused at once.</summary>
    public static string[] AllRefused(string text, DataSpec spec) =>
        [.. Assert.Throws<SpecException>(() => DataSetLoader.Load(spec, Encoding.UTF8.GetBytes(text))).Errors.Select(e => $"{e.Path}: {e.Problem}")];

    /// <summary>Lines from a pattern: <c>{0}</c> is the row's number.</summary>
    public static string Lines(string header, int rows, Func<int, string> row) =>
        string.Join('\n', Enumerable.Range(0, rows).Select(row).Prepend(header)) + "\n";

    public static byte[] Gzip(string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return bytes.ToArray();
    }

    /// <summary>All rows of a data set without test part, as (features, label) texts; the order of the parts apart.</summary>
    public static string[] Rows(DataSet data) =>
        [.. new[] { data.Training, data.Validation, data.Test }.OfType<DataPart>().SelectMany(Rows).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Rows(DataPart part) =>
        Enumerable.Range(0, part.Rows).Select(i => string.Join(' ', part.Features.Skip(i * part.Width).Take(part.Width)) + " → "
            + (part.Labels.Length > 0 ? part.Labels[i] : string.Join(' ', part.Targets.Skip(i * (part.Targets.Length / part.Rows)).Take(part.Targets.Length / part.Rows))));

    /// <summary>The repository's <c>examples</c> folder.</summary>
    public static string Examples()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "TuningCluster.sln")))
            {
                return Path.Combine(folder.FullName, "examples");
            }
        }

        throw new DirectoryNotFoundException("The repository's root was not found above the tests.");
    }
}
