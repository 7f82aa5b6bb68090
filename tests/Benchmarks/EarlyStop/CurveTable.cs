using System.Globalization;
using System.IO.Compression;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Benchmarks.EarlyStop;

/// <summary>The learning curves of one task of TaskSet (Metz et al. 2020, arXiv:2002.11887): one row for each set of Adam's parameters that was trained.</summary>
/// <param name="Name">Of the task.</param>
/// <param name="Columns">Names of the parameters.</param>
/// <param name="Parameters">Shape [rows][columns].</param>
/// <param name="Curves">Shape [rows][steps]: the validation loss after each step; NaN from where a training diverged.</param>
internal sealed record CurveTable(string Name, IReadOnlyList<string> Columns, double[][] Parameters, double[][] Curves)
{
    private const string Ending = ".valid.csv.gz";
    private const string CurveColumn = "valid_loss_";

    /// <summary>Steps of a whole curve.</summary>
    public int Steps => Curves[0].Length;

    /// <summary>The least loss anywhere in the table: regret 0.</summary>
    public double Best { get; } = Curves.Min(curve => curve.Where(double.IsFinite).DefaultIfEmpty(double.PositiveInfinity).Min());

    /// <summary>The median loss at the first step: regret 1.</summary>
    public double Reference { get; } = Median.Of(Curves.Select(curve => curve[0]).Where(double.IsFinite));

    public double RegretOf(double loss) => (loss - Best) / (Reference - Best);

    /// <summary>The tables of a folder, by name.</summary>
    public static IReadOnlyList<string> FilesIn(string folder) => Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "*" + Ending).Order(StringComparer.Ordinal)] : [];

    /// <summary>What the table of a file is called.</summary>
    public static string NameOf(string path) => Path.GetFileName(path)[..^Ending.Length];

    /// <param name="path">A gzipped csv: parameters, then the curve.</param>
    /// <exception cref="BenchmarkException">It is something else.</exception>
    public static CurveTable Load(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var header = (reader.ReadLine() ?? "").Split(',');
        var columns = header.TakeWhile(h => !h.StartsWith(CurveColumn, StringComparison.Ordinal)).ToArray();
        var rows = new List<double[]>();
        while (reader.ReadLine() is { } line)
        {
            rows.Add([.. line.Split(',').Select(Number)]);
        }

        return columns.Length > 0 && columns.Length < header.Length && rows.Count > 0 && rows.All(row => row.Length == header.Length)
            ? new CurveTable(NameOf(path), columns, [.. rows.Select(row => row[..columns.Length])], [.. rows.Select(row => UpToDivergence(row[columns.Length..]))])
            : throw new BenchmarkException($"{path} is no table of learning curves: parameters, then {CurveColumn}1, {CurveColumn}2 and so on.");
    }

    /// <summary>An empty cell or an infinite one is what a diverged training left.</summary>
    private static double Number(string cell) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : double.NaN;

    private static double[] UpToDivergence(double[] curve)
    {
        var diverged = Array.FindIndex(curve, double.IsNaN);
        if (diverged >= 0)
        {
            Array.Fill(curve, double.NaN, diverged, curve.Length - diverged);
        }

        return curve;
    }
}
