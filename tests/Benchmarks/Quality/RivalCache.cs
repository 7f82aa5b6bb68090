using System.Globalization;
using System.Text.Json;

namespace TuningCluster.Benchmarks.Quality;

/// <summary>Curves of rivals' studies in a file, a line of JSON each, for who develops a strategy and does not want to wait for the rival again. Safe to use from several threads.</summary>
internal sealed class RivalCache
{
    private readonly string? _path;
    private readonly Dictionary<string, double[]> _kept = new(StringComparer.Ordinal);

    /// <param name="path">Null for none: nothing is kept.</param>
    /// <exception cref="BenchmarkException">The file holds something else.</exception>
    public RivalCache(string? path)
    {
        _path = path;
        if (path is null || !File.Exists(path))
        {
            return;
        }

        foreach (var line in File.ReadLines(path))
        {
            var (key, curve) = Parse(line, path);
            if (!_kept.TryGetValue(key, out var known) || known.Length < curve.Length)
            {
                _kept[key] = curve;
            }
        }
    }

    /// <summary>What a study is known by: a rival of another version, or a problem that has changed, is another study.</summary>
    public static string Key(string rival, StudyKey study, Regret regret) =>
        string.Create(CultureInfo.InvariantCulture, $"{rival} {study.Searcher}, {study.Problem} {regret.Fingerprint:R}, seed {study.Seed}, {study.Pending} pending");

    /// <summary>A curve of at least so many trials: what a sampler suggests first does not depend on how many follow. Null when there is none.</summary>
    public double[]? Find(string key, int trials)
    {
        lock (_kept)
        {
            return _kept.TryGetValue(key, out var curve) && curve.Length >= trials ? curve : null;
        }
    }

    public void Keep(string key, double[] curve)
    {
        if (_path is null)
        {
            return;
        }

        lock (_kept)
        {
            _kept[key] = curve;
            File.AppendAllText(_path, JsonSerializer.Serialize(new Line(key, curve), JsonSerializerOptions.Web) + "\n");
        }
    }

    private static (string Key, double[] Curve) Parse(string line, string path)
    {
        try
        {
            var read = JsonSerializer.Deserialize<Line>(line, JsonSerializerOptions.Web)!;
            return (read.Key, read.Curve);
        }
        catch (JsonException)
        {
            throw new BenchmarkException($"{path} has a line that is no kept study: '{line[..Math.Min(60, line.Length)]}'. Remove the line or the file.");
        }
    }

    private sealed record Line(string Key, double[] Curve);
}
