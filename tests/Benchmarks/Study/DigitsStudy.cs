using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TuningCluster.Benchmarks.Contests;

namespace TuningCluster.Benchmarks.Study;

/// <param name="Seconds">From the start of the command to its end.</param>
/// <param name="Best">Least validation loss found.</param>
internal sealed record StudyResult(double Seconds, double Best);

/// <param name="Best">Least validation loss of a trial.</param>
/// <param name="Test">Test loss of that trial.</param>
/// <param name="BestEpoch">Least validation loss after any epoch of any trial.</param>
internal sealed record SearchResult(double Best, double Test, double BestEpoch);

/// <summary>One run of <c>examples/digits.yaml</c>, by us or by the rival, in an empty folder and on two processors.</summary>
internal static class DigitsStudy
{
    public const string MissingRival = "Optuna + PyTorch missing";

    private static readonly string Examples = Path.Combine(Repository.Root, "examples");

    /// <param name="program">The published <c>tuning</c>.</param>
    /// <exception cref="BenchmarkException">It failed.</exception>
    public static StudyResult RunOurs(string program, int trials, int seed) => InEmptyFolder(folder =>
    {
        var (seconds, _) = Run(folder,
        [
            program, "run", Path.Combine(Examples, "digits.yaml"), "--trials", Text(trials), "--seed", Text(seed),
        ]);
        var (_, best) = Run(folder, [program, "best", "digits", "-o", "json"]);
        using var json = JsonDocument.Parse(best);
        return new StudyResult(seconds, json.RootElement.GetProperty("value").GetDouble());
    });

    /// <summary>The study with another strategy, one trial at a time.</summary>
    /// <param name="program">The published <c>tuning</c>.</param>
    /// <param name="strategy">As in a study file, without a seed: <c>{ name: random }</c>.</param>
    /// <param name="trials">In all.</param>
    /// <param name="seed">Of the study.</param>
    /// <exception cref="BenchmarkException">It failed.</exception>
    public static SearchResult RunOurs(string program, string strategy, int trials, int seed) => InEmptyFolder(folder =>
    {
        var file = Path.Combine(folder, "digits.yaml");
        File.WriteAllText(file, Replace(StudyText(), "strategy: { name: random, seed: 42 }", $"strategy: {strategy}"));
        Run(folder, [program, "run", file, "--trials", Text(trials), "--seed", Text(seed), "--parallel", "1"]);
        using var best = JsonDocument.Parse(Run(folder, [program, "best", "digits", "-o", "json"]).Output);
        using var all = JsonDocument.Parse(Run(folder, [program, "trials", "digits", "-o", "json"]).Output);
        return new SearchResult(
            best.RootElement.GetProperty("value").GetDouble(),
            best.RootElement.GetProperty("metrics").GetProperty("test_loss").GetDouble(),
            all.RootElement.EnumerateArray().SelectMany(trial => trial.GetProperty("intermediate").EnumerateArray()).Min(point => point.GetProperty("value").GetDouble()));
    });

    /// <summary>The study file with networks of the larger kind alone and many more epochs, so that every trial takes more than a second.</summary>
    public static string Slow(int trials)
    {
        var text = Replace(StudyText(), "epochs: 30", "epochs: 1200");
        text = Replace(text, "low: 8, high: 128, log: true", "low: 64, high: 80");
        text = Replace(text, "choices: [16, 32, 64, 128]", "choices: [16, 32]");
        text = Replace(text, "low: 1e-4, high: 1.0, log: true", "low: 1e-4, high: 1e-2, log: true");
        return Replace(text, "budget: { trials: 60 }", $"budget: {{ trials: {Text(trials)} }}");
    }

    /// <param name="name">Name and versions, or what is missing.</param>
    /// <returns>Null when something is missing.</returns>
    /// <exception cref="BenchmarkException">It failed.</exception>
    public static StudyResult? RunRival(int trials, int seed, out string name)
    {
        if (Python.With("optuna", "torch", "numpy") is not { } interpreter)
        {
            name = MissingRival;
            return null;
        }

        var (seconds, said) = InEmptyFolder(folder =>
        {
            const string split = "split.txt";
            File.WriteAllText(Path.Combine(folder, split), DigitsSplit.Lines());
            return Run(folder,
            [
                interpreter, Python.Script("optuna_torch_digits.py"), Path.Combine(Examples, "data", "digits.csv.gz"), split, Text(trials), Text(seed),
            ]);
        });
        using var json = JsonDocument.Parse(said);
        name = json.RootElement.GetProperty("name").GetString()!;
        return json.RootElement.TryGetProperty("best", out var best) ? new StudyResult(seconds, best.GetDouble()) : null;
    }

    private static T InEmptyFolder<T>(Func<string, T> run)
    {
        var folder = Directory.CreateTempSubdirectory("tuning-study-");
        try
        {
            return run(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (double Seconds, string Output) Run(string folder, string[] command)
    {
        var pinned = Cpus.Pin(Math.Min(2, Cpus.Count), command);
        var start = new ProcessStartInfo(pinned[0], pinned.Skip(1)) { WorkingDirectory = folder };
        // The rival's two processes share the processors; more threads would only stand in each other's way.
        Python.Prepare(start, 1);
        var started = Stopwatch.GetTimestamp();
        var output = Subprocess.Output(start);
        return (Stopwatch.GetElapsedTime(started).TotalSeconds, output);
    }

    /// <summary>The study file, to be written to any folder.</summary>
    private static string StudyText() => Replace(File.ReadAllText(Path.Combine(Examples, "digits.yaml")), "source: data/", $"source: {Examples}/data/");

    private static string Replace(string text, string old, string by) =>
        text.Contains(old, StringComparison.Ordinal) ? text.Replace(old, by, StringComparison.Ordinal) : throw new BenchmarkException($"examples/digits.yaml has no '{old}'.");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
