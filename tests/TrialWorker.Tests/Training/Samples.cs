using TuningCluster.Shared.Models;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.TrialWorker.Data;

namespace TuningCluster.TrialWorker.Tests.Training;

/// <summary>Small problems with known answers, and studies about them.</summary>
internal static class Samples
{
    public static readonly LimitsSpec NoLimits = new(null, null);

    /// <summary>Three clouds in the plane, four deviations apart: hardly an error is left to make.</summary>
    public static DataSet Clouds(int training = 300, int validation = 120, int test = 90) => new(
        LearningTask.Classification, 2, [], ["a", "b", "c"], ["class"], Cloud(training, 1), Cloud(validation, 2), test == 0 ? null : Cloud(test, 3), [0], [1], []);

    /// <summary>y = 3x₁ − 2x₂ + 5 without noise; targets standardised with deviation 4 when scaled.</summary>
    public static DataSet Plane(float scale = 4, int rows = 200)
    {
        return new DataSet(LearningTask.Regression, 2, [], [], ["y"], Part(rows, 1), Part(80, 2), Part(60, 3), [5], [scale], []);

        DataPart Part(int count, int seed)
        {
            var rng = Rng.For(seed, 0, "plane");
            var features = new float[2 * count];
            var targets = new float[count];
            for (var i = 0; i < count; i++)
            {
                features[2 * i] = (float)rng.NextNormal();
                features[(2 * i) + 1] = (float)rng.NextNormal();
                targets[i] = ((3 * features[2 * i]) - (2 * features[(2 * i) + 1])) / scale;
            }

            return new DataPart(count, 2, features, [], [], targets);
        }
    }

    public static ObjectiveSpec Objective(string metric, int repeats = 1) =>
        new(ObjectiveKind.Network, metric, Metrics.Find(metric)?.Direction ?? Direction.Minimize, null, repeats);

    /// <summary>The data without cross-validation.</summary>
    public static StudyData Alone(DataSet data) => new([data]);

    public static StudySpec Spec(
        string metric = "validation_loss",
        Direction direction = Direction.Minimize,
        LimitsSpec? limits = null,
        DataSpec? data = null,
        params (string Name, ParameterValue Value)[] model) => new(
            "sample", data, new ObjectiveSpec(ObjectiveKind.Network, metric, direction, null),
            model.ToDictionary(m => m.Name, m => m.Value), new SearchSpace([]), [],
            new StrategySpec("random", 1, new Dictionary<string, ParameterValue>()),
            new BudgetSpec(1, null, null, null, null), limits ?? NoLimits, new ParallelSpec(1, 1), new RetrySpec(1), new ReproducibleSpec(null));

    public static TrialParameters Parameters(params (string Name, ParameterValue Value)[] values) =>
        new(values.Select(v => KeyValuePair.Create(v.Name, v.Value)));

    private static DataPart Cloud(int count, int seed)
    {
        var rng = Rng.For(seed, 0, "clouds");
        var features = new float[2 * count];
        var labels = new int[count];
        for (var i = 0; i < count; i++)
        {
            labels[i] = i % 3;
            features[2 * i] = (float)(rng.NextNormal() + (4 * Math.Cos(labels[i] * 2.1)));
            features[(2 * i) + 1] = (float)(rng.NextNormal() + (4 * Math.Sin(labels[i] * 2.1)));
        }

        return new DataPart(count, 2, features, [], labels, []);
    }
}
