using System.Text.Json;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.Studies;
using TuningCluster.TrialWorker.Data;
using TuningCluster.TrialWorker.Networks;
using TuningCluster.TrialWorker.Optimizers;
using TuningCluster.TrialWorker.Training;

namespace TuningCluster.TrialWorker.Tests.Training;

public class GoldenCurveTests
{
    /// <summary>
    /// PyTorch's own float32 stays within 1e-6 of these float64 figures. Ours rounds as often and at other places, and its functions err by
    /// a few units in the last place where PyTorch's err by one or two: twice as much.
    /// </summary>
    private const double Tolerance = 2e-6;

    /// <summary>
    /// PyTorch clips by bound/(norm + 1e-6), we by bound/norm: a gradient of the bound's norm differs by 1e-6 then, its velocity with momentum
    /// 0.9 by 1e-5, and 30 steps at a rate of 0.05 by 1.5e-5.
    /// </summary>
    private const double OfClippedNorm = 1.5e-5;

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var file in new[] { "optimizers", "losses", "activations", "layers" })
        {
            foreach (var curve in GoldenFiles.Read<GoldenCurve>(file))
            {
                cases.Add(file, curve.Name);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Follows_the_other_framework_step_by_step(string file, string name)
    {
        var golden = GoldenCurve.Read(file, name);
        var tolerance = Tolerance + (golden.Settings.ClipNorm > 0 ? OfClippedNorm : 0);
        var data = Data(golden);
        var settings = Settings(golden.Settings, data);
        var network = new Network(settings.Architecture(data));
        Set(network, golden.Initial);

        var batch = golden.Settings.BatchSize;
        var batches = data.Training.Rows / batch;
        var losses = Enumerable.Range(0, batches)
            .Select(b => settings.Loss.Create(data.Task, data.OutputWidth, Weights(golden, data, b * batch, batch))).ToArray();
        var learners = losses.Select(loss => new Learner(network, data.Training, settings, loss, Rng.For(1, 0, "dropout"))).ToArray();
        for (var step = 0; step < golden.Settings.Steps; step++)
        {
            var b = step % batches;
            var loss = learners[b].Step([.. Enumerable.Range(b * batch, batch)]) / batch;
            Assert.True(Math.Abs(golden.Losses[step] - loss) <= tolerance, $"step {step}: expected {golden.Losses[step]}, got {loss}");
            HandOver(learners[b], learners[(b + 1) % batches]);
        }

        AssertClose(network, golden.Final, tolerance);
        Assert.Equal(golden.EvaluationLoss, EvaluationLoss(golden, network, data, settings), tolerance);
    }

    /// <summary>
    /// Our mean over a mini-batch divides by its rows, PyTorch's by the sum of their weights: weights multiplied by rows ÷ their sum make the
    /// same mean. They differ from one mini-batch to the next, so each has a loss and a learner of its own, and the state goes round.
    /// </summary>
    private static float[] Weights(GoldenCurve golden, DataSet data, int first, int rows) => golden.Settings.ClassWeights is not { } weights
        ? []
        : [.. weights.Select(w => (float)(w * rows / data.Training.Labels.Skip(first).Take(rows).Sum(label => weights[label])))];

    private static void HandOver(Learner from, Learner to)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        from.Write(writer);
        writer.Flush();
        stream.Position = 0;
        using var reader = new BinaryReader(stream);
        to.Read(reader);
    }

    private static double EvaluationLoss(GoldenCurve golden, Network network, DataSet data, TrainingSettings settings)
    {
        var part = data.Training;
        var loss = settings.Loss.Create(data.Task, data.OutputWidth, Weights(golden, data, 0, part.Rows));
        if (golden.Settings is { LabelSmoothing: 0, ClassWeights: null })
        {
            return new Scorer(network, data, loss, part.Rows).Score(part, withCurve: false, CancellationToken.None).Loss;
        }

        // Scores leave smoothing and weights out; PyTorch has them here too.
        var whole = new Learner(network, part, settings with { BatchSize = part.Rows }, loss, Rng.For(1, 0, "dropout"));
        return whole.ComputeGradient([.. Enumerable.Range(0, part.Rows)], new float[network.Parameters.Length]) / part.Rows;
    }

    private static DataSet Data(GoldenCurve golden)
    {
        var sizes = golden.Settings.Sizes;
        var features = golden.Features.SelectMany(row => row).ToArray();
        var isClasses = golden.Settings.Loss is "cross_entropy" or "binary_cross_entropy" or "mse_of_classes";
        var part = new DataPart(
            golden.Features.Length, sizes[0], features, [], isClasses ? golden.Targets.Deserialize<int[]>()! : [],
            isClasses ? [] : [.. golden.Targets.Deserialize<float[][]>()!.SelectMany(row => row)]);
        string[] names = [.. Enumerable.Range(0, golden.Settings.Loss == "binary_cross_entropy" ? 2 : sizes[^1]).Select(i => $"{i}")];
        return isClasses
            ? new DataSet(LearningTask.Classification, sizes[0], [], names, ["class"], part, part, null, [0], [1], [])
            : new DataSet(LearningTask.Regression, sizes[0], [], [], names, part, part, null, new float[names.Length], [.. names.Select(_ => 1f)], []);
    }

    private static TrainingSettings Settings(GoldenSettings golden, DataSet data)
    {
        var schedule = golden.Schedule;
        var loss = golden.Loss == "mse_of_classes" ? "mse" : golden.Loss;
        return new TrainingSettings(
            golden.Sizes[1..^1],
            ActivationKinds.Parse(golden.Activation),
            new LossSettings(LossSettings.Parse(loss, data.Task), golden.Delta ?? 1, golden.LabelSmoothing),
            OptimizerSettings.Resolve(
                golden.Optimizer, schedule is { Name: "one_cycle" } ? schedule.Greatest : golden.LearningRate, golden.Momentum, golden.Beta1 ?? 0.9,
                golden.Beta2, golden.Alpha ?? 0.99, golden.Epsilon ?? 1e-8, golden.WeightDecay, 0),
            golden.BatchSize,
            golden.Steps * golden.BatchSize / data.Training.Rows)
        {
            Normalization = NormalizationKinds.Parse(golden.Normalization ?? "none"),
            ClipNorm = golden.ClipNorm,
            ClipValue = golden.ClipValue,
            Schedule = schedule is null ? ScheduleSettings.Constant : ScheduleSettings.Resolve(schedule.Name, schedule.Factor, schedule.Every, 0, 0, 0, 1),
        };
    }

    private static void Set(Network network, GoldenLayer[] layers) => ForEachParameter(network, layers, static (ref float ours, double theirs, string _) =>
    {
        ours = (float)theirs;
        Assert.Equal(theirs, ours);
    });

    private static void AssertClose(Network network, GoldenLayer[] layers, double tolerance) => ForEachParameter(
        network, layers,
        (ref float ours, double theirs, string where) => Assert.True(Math.Abs(theirs - ours) <= tolerance, $"{where}: expected {theirs}, got {ours}"));

    private delegate void Meeting(ref float ours, double theirs, string where);

    private static void ForEachParameter(Network network, GoldenLayer[] layers, Meeting meet)
    {
        Assert.Equal(layers.Length, network.Architecture.Layers);
        for (var layer = 0; layer < layers.Length; layer++)
        {
            var it = layers[layer];
            for (var i = 0; i < it.Weights.Length; i++)
            {
                for (var j = 0; j < it.Weights[i].Length; j++)
                {
                    meet(ref network.Weights(layer)[network.WeightIndex(layer, i, j)], it.Weights[i][j], $"weight [{i}, {j}] of layer {layer}");
                }
            }

            MeetAll(network.Biases(layer), it.Biases, $"bias of layer {layer}");
            MeetAll(network.Gains(layer), it.Gain, $"gain of layer {layer}");
            MeetAll(network.Shifts(layer), it.Shift, $"shift of layer {layer}");
            if (it.RunningMean is not null)
            {
                MeetAll(network.RunningMeans(layer), it.RunningMean, $"running mean of layer {layer}");
                MeetAll(network.RunningVariances(layer), it.RunningVariance, $"running variance of layer {layer}");
            }
        }

        void MeetAll(Span<float> ours, double[]? theirs, string where)
        {
            Assert.Equal(theirs is null, ours.IsEmpty);
            for (var j = 0; j < (theirs?.Length ?? 0); j++)
            {
                meet(ref ours[j], theirs![j], $"{where}, {j}");
            }
        }
    }
}
