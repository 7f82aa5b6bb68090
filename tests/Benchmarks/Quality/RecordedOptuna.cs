using System.Globalization;

namespace TuningCluster.Benchmarks.Quality;

/// <summary>What a newer Optuna than the installed one reached on the plain functions, from a table of recorded runs.</summary>
internal static class RecordedOptuna
{
    /// <summary>The folder with <c>optuna-quality.csv</c>; without it nothing is compared with it.</summary>
    public const string Variable = "TUNING_BASELINES";

    /// <param name="Version">Of Optuna.</param>
    /// <param name="Best">The best value after <paramref name="Trials"/> trials.</param>
    public sealed record Figure(string Version, string Problem, string Sampler, int Trials, double Best);

    /// <summary>Every recorded figure; none when there is no table.</summary>
    public static IReadOnlyList<Figure> Read(Action<string> say)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } folder || !File.Exists(Path.Combine(folder, "optuna-quality.csv")))
        {
            say($"{Variable} names no folder with optuna-quality.csv: recorded figures of newer Optunas are missing.");
            return [];
        }

        var lines = File.ReadLines(Path.Combine(folder, "optuna-quality.csv")).Select(l => l.Split(',')).ToList();
        var header = lines[0];
        var counts = header.Index().Where(h => h.Item.StartsWith("best", StringComparison.Ordinal)).ToList();
        return [.. lines.Skip(1).SelectMany(line => counts
            .Where(c => line[c.Index].Length > 0)
            .Select(c => new Figure(
                line[0], line[1], line[2], int.Parse(c.Item["best".Length..], CultureInfo.InvariantCulture), double.Parse(line[c.Index], CultureInfo.InvariantCulture))))];
    }
}
