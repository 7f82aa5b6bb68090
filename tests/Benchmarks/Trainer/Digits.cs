using System.Globalization;
using System.IO.Compression;
using TuningCluster.TrialWorker.Data;

namespace TuningCluster.Benchmarks.Trainer;

/// <summary>The handwritten digits as both sides of a contest read them: pixels ÷ 16, every fifth row for validation.</summary>
internal static class Digits
{
    public static readonly string File = Path.Combine(Repository.Root, "examples", "data", "digits.csv.gz");

    /// <param name="path">64 pixels and a label a line, under a heading; gzip.</param>
    public static DataSet Load(string path)
    {
        var rows = ReadRows(path).ToArray();
        return Product.Classification(
            Part(rows.Where((_, row) => row % 5 != 0)),
            Part(rows.Where((_, row) => row % 5 == 0)),
            [.. Enumerable.Range(0, 10).Select(digit => digit.ToString(CultureInfo.InvariantCulture))]);
    }

    /// <summary>The label of every row.</summary>
    /// <inheritdoc cref="Load"/>
    public static int[] Labels(string path) => [.. ReadRows(path).Select(row => (int)row[^1])];

    private static IEnumerable<float[]> ReadRows(string path)
    {
        using var lines = new StreamReader(new GZipStream(System.IO.File.OpenRead(path), CompressionMode.Decompress));
        lines.ReadLine();
        while (lines.ReadLine() is { } line)
        {
            yield return [.. line.Split(',').Select(cell => float.Parse(cell, CultureInfo.InvariantCulture))];
        }
    }

    private static DataPart Part(IEnumerable<float[]> rows)
    {
        var all = rows.ToArray();
        var width = all[0].Length - 1;
        float[] features = [.. all.SelectMany(row => row.Take(width)).Select(pixel => pixel / 16)];
        return new DataPart(all.Length, width, features, [], [.. all.Select(row => (int)row[^1])], []);
    }
}
