using System.Text.Json;

namespace TuningCluster.TrialWorker.Tests.Training;

/// <summary>A training by another framework, as tests/Golden/training/README.md describes it.</summary>
/// <param name="Targets">Classes, or rows of numbers.</param>
internal sealed record GoldenCurve(
    string Name, GoldenSettings Settings, float[][] Features, JsonElement Targets, GoldenLayer[] Initial, double[] Losses, double EvaluationLoss, GoldenLayer[] Final)
{
    public static GoldenCurve Read(string file, string name) => GoldenFiles.Read<GoldenCurve>(file).Single(c => c.Name == name);
}

internal sealed record GoldenSettings(
    int[] Sizes, string Activation, string? Normalization, string Loss, double LabelSmoothing, double[]? ClassWeights, double? Delta,
    string Optimizer, double LearningRate, double? Momentum, double? Alpha, double? Beta1, double? Beta2, double? Epsilon,
    double WeightDecay, double ClipNorm, double ClipValue, GoldenSchedule? Schedule, int BatchSize, int Steps);

/// <param name="Weights">[inputs][outputs].</param>
internal sealed record GoldenLayer(
    double[][] Weights, double[] Biases, double[]? Gain, double[]? Shift, double[]? RunningMean, double[]? RunningVariance);

internal sealed record GoldenSchedule(
    string Name, string? Per, int Every, double Factor, int Length, double Least, double Greatest, double Rise, double StartDivisor, double EndDivisor,
    int Warmup, int Patience, double Threshold, int Cooldown);

/// <summary>Learning rates alone.</summary>
/// <param name="Metrics">Told after each step; of reduce_on_plateau.</param>
internal sealed record GoldenRates(string Name, double LearningRate, GoldenSchedule Schedule, double[] Rates, double[]? Metrics);

internal static class GoldenFiles
{
    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <param name="file">Its name without the extension.</param>
    public static T[] Read<T>(string file)
    {
        using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Golden", "training", file + ".json"));
        return JsonSerializer.Deserialize<T[]>(stream, Snake)!;
    }
}
