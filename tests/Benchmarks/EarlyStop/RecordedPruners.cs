using System.Globalization;

namespace TuningCluster.Benchmarks.EarlyStop;

/// <summary>What Optuna's pruners reached on the tables, from the file of recorded figures beside them.</summary>
internal static class RecordedPruners
{
    private const string Pattern = "reference-optuna-*.csv";

    /// <param name="Name">Of the rival, with its version.</param>
    /// <param name="Points">Curve points spent.</param>
    /// <param name="Median">Regret.</param>
    public sealed record Figure(string Name, string Task, string Method, int Points, double Median);

    /// <summary>Every recorded figure of a folder; none when there is no file.</summary>
    public static IReadOnlyList<Figure> Read(string folder) => [.. Directory.GetFiles(folder, Pattern).Order(StringComparer.Ordinal).SelectMany(path =>
    {
        var version = Path.GetFileNameWithoutExtension(path).Split('-')[^1];
        return File.ReadLines(path).Skip(1).Select(l => l.Split(',')).Select(cells => new Figure(
            $"Optuna {version} {cells[1]}, recorded", cells[0], cells[1], int.Parse(cells[2], CultureInfo.InvariantCulture), double.Parse(cells[4], CultureInfo.InvariantCulture)));
    })];
}
