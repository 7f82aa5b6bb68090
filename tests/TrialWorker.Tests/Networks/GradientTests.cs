using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.Studies;
using TuningCluster.TrialWorker.Data;
using TuningCluster.TrialWorker.Networks;
using TuningCluster.TrialWorker.Optimizers;
using TuningCluster.TrialWorker.Training;

namespace TuningCluster.TrialWorker.Tests.Networks;

public class GradientTests
{
    private const double Step = 1e-5;
    private const int Rows = 7;
    private const int Features = 5;

    private static readonly LossSettings[] Losses =
    [
        .. Enum.GetValues<LossKind>().Select(kind => new LossSettings(kind, HuberDelta: 0.7)),
        new(LossKind.CrossEntropy, LabelSmoothing: 0.2),
        new(LossKind.BinaryCrossEntropy, LabelSmoothing: 0.2),
    ];

    public static TheoryData<ActivationKind, int, NormalizationKind> Cases()
    {
        var cases = new TheoryData<ActivationKind, int, NormalizationKind>();
        foreach (var activation in Enum.GetValues<ActivationKind>())
        {
            for (var loss = 0; loss < Losses.Length; loss++)
            {
                foreach (var normalization in Enum.GetValues<NormalizationKind>())
                {
                    cases.Add(activation, loss, normalization);
                }
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Equals_central_differences_in_double(ActivationKind activation, int lossIndex, NormalizationKind normalization)
    {
        var loss = Losses[lossIndex];
        int[] widths = loss.Kind == LossKind.BinaryCrossEntropy ? [2] : loss.Kind is LossKind.Hinge or LossKind.SquaredHinge ? [2, 3] : [3];
        foreach (var width in widths)
        {
            Away(seed => Check(new Architecture(Features, [19, 6], loss.OutputsFor(width), activation) { Normalization = normalization }, loss, width, seed));
        }
    }

    [Theory]
    [InlineData(ActivationKind.Relu, NormalizationKind.None)]
    [InlineData(ActivationKind.Gelu, NormalizationKind.Layer)]
    [InlineData(ActivationKind.Tanh, NormalizationKind.Batch)]
    public void Equals_central_differences_through_residual_layers_and_embeddings(ActivationKind activation, NormalizationKind normalization)
    {
        var architecture = new Architecture(Features, [17, 17, 17, 4], 3, activation)
        {
            Normalization = normalization,
            IsResidual = true,
            Embeddings = [new Embedding(4, 3), new Embedding(2, 1)],
        };
        Away(seed => Check(architecture, new LossSettings(LossKind.CrossEntropy), 3, seed));
    }

    [Fact]
    public void Equals_central_differences_of_a_linear_model_of_several_targets() =>
        Away(seed => Check(new Architecture(Features, [], 2, ActivationKind.Relu), new LossSettings(LossKind.MeanSquared), 0, seed));

    /// <summary>Draws points until two of them lie away from kinks, where differences say nothing.</summary>
    private static void Away(Func<int, bool> check)
    {
        var checks = 0;
        for (var seed = 0; checks < 2; seed++)
        {
            Assert.True(seed < 400, "Found no points away from kinks.");
            checks += check(seed) ? 1 : 0;
        }
    }

    /// <param name="classes">0 for regression.</param>
    /// <returns>False when the point lies near a kink.</returns>
    private static bool Check(Architecture architecture, LossSettings loss, int classes, int seed)
    {
        var rng = Rng.For(seed, 0, "gradient");
        var network = new Network(architecture);
        Initializer.Fill(network, InitializerKind.GlorotNormal, rng);
        for (var layer = 0; layer < architecture.Layers; layer++)
        {
            foreach (ref var bias in network.Biases(layer)[..architecture.OutputsOf(layer)])
            {
                bias = (float)(0.3 * rng.NextNormal());
            }

            for (var j = 0; j < (architecture.IsNormalized(layer) ? architecture.OutputsOf(layer) : 0); j++)
            {
                network.Gains(layer)[j] = (float)(1 + (0.3 * rng.NextNormal()));
                network.Shifts(layer)[j] = (float)(0.3 * rng.NextNormal());
            }
        }

        var rows = Enumerable.Range(0, Rows).Select(_ => Enumerable.Range(0, Features).Select(_ => (float)rng.NextNormal()).ToArray()).ToArray();
        var codes = Enumerable.Range(0, Rows).Select(_ => architecture.Embeddings.Select(e => rng.NextInt32(e.Categories)).ToArray()).ToArray();
        var labels = Enumerable.Range(0, classes > 0 ? Rows : 0).Select(_ => rng.NextInt32(classes)).ToArray();
        var targets = Enumerable.Range(0, classes > 0 ? 0 : Rows * architecture.Outputs).Select(_ => (float)rng.NextNormal()).ToArray();

        var truth = new DoubleNetwork(network);
        var expected = truth.Loss(loss, rows, codes, labels, targets);
        if (truth.NearestKink < 100 * Step)
        {
            return false;
        }

        var part = new DataPart(Rows, Features, rows.SelectMany(r => r).ToArray(), codes.SelectMany(c => c).ToArray(), labels, targets);
        var sgd = OptimizerSettings.Resolve("sgd", 0.1, null, 0.9, null, 0.99, 1e-8, null, 0);
        var settings = new TrainingSettings(architecture.Hidden, architecture.Activation, loss, sgd, Rows, 1);
        var task = classes > 0 ? LearningTask.Classification : LearningTask.Regression;
        var learner = new Learner(network, part, settings, loss.Create(task, classes > 0 ? classes : architecture.Outputs, []), rng);
        var gradient = new float[network.Parameters.Length];
        var actual = learner.ComputeGradient(Enumerable.Range(0, Rows).ToArray(), gradient) / Rows;

        // Normalization divides by deviations that may be small, and so multiplies what was rounded before.
        var amplified = architecture.Normalization == NormalizationKind.None ? 1 : 20;
        Assert.Equal(expected, actual, amplified * 1e-5 * Math.Max(1, Math.Abs(expected)));

        // Differences err by O(h²) = 1e−10. The float gradient is a sum over 7 rows of products through three layers of at most 19 terms:
        // γ(7 + 3·19 + some 20 for activations and loss) ≈ 84·2⁻²⁴ = 5e−6 of the terms' magnitudes, which the largest gradient and 1 stand for.
        var tolerance = amplified * 5e-6 * (1 + gradient.Max(Math.Abs));
        foreach (var index in DoubleNetwork.RealParameters(network))
        {
            var middle = truth.Parameter(index);
            truth.Parameter(index) = middle + Step;
            var above = truth.Loss(loss, rows, codes, labels, targets);
            truth.Parameter(index) = middle - Step;
            var below = truth.Loss(loss, rows, codes, labels, targets);
            truth.Parameter(index) = middle;
            Assert.Equal((above - below) / (2 * Step), gradient[index], tolerance);
            gradient[index] = 0;
        }

        // What is left is padding.
        Assert.All(gradient, g => Assert.Equal(0, g));
        return true;
    }
}
