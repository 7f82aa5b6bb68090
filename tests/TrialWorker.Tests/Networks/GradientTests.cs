using TuningCluster.Shared.Randomness;
using TuningCluster.TrialWorker.Data;
using TuningCluster.TrialWorker.Networks;
using TuningCluster.TrialWorker.Training;

namespace TuningCluster.TrialWorker.Tests.Networks;

public class GradientTests
{
    private const double Step = 1e-5;
    private const int Rows = 7;

    public static TheoryData<ActivationKind, LossKind, int> Cases()
    {
        var cases = new TheoryData<ActivationKind, LossKind, int>();
        foreach (var activation in Enum.GetValues<ActivationKind>())
        {
            foreach (var loss in Enum.GetValues<LossKind>())
            {
                cases.Add(activation, loss, 3);
                cases.Add(activation, loss, loss.NeedsClasses() ? 2 : 1);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Equals_central_differences_in_double(ActivationKind activation, LossKind loss, int outputs)
    {
        var checks = 0;
        for (var seed = 0; checks < 3; seed++)
        {
            Assert.True(seed < 200, "Found no points away from kinks.");
            checks += Check(new Architecture(5, [19, 6], outputs, activation), loss, seed) ? 1 : 0;
        }

        // A linear model has no hidden layer to go back through.
        Check(new Architecture(5, [], outputs, activation), loss, 1);
    }

    /// <returns>False when the point lies near a kink, where differences say nothing.</returns>
    private static bool Check(Architecture architecture, LossKind loss, int seed)
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
        }

        var isRegression = architecture.Outputs == 1;
        var rows = Enumerable.Range(0, Rows).Select(_ => Enumerable.Range(0, 5).Select(_ => (float)rng.NextNormal()).ToArray()).ToArray();
        var labels = Enumerable.Range(0, isRegression ? 0 : Rows).Select(_ => rng.NextInt32(architecture.Outputs)).ToArray();
        var targets = Enumerable.Range(0, isRegression ? Rows : 0).Select(_ => (float)rng.NextNormal()).ToArray();

        var truth = new DoubleNetwork(network);
        var expected = truth.Loss(loss, rows, labels, targets);
        if (truth.NearestKink < 100 * Step)
        {
            return false;
        }

        var part = new DataPart(Rows, 5, rows.SelectMany(r => r).ToArray(), [], labels, targets);
        var settings = new TrainingSettings(
            architecture.Hidden, architecture.Activation, loss, false, 0.1, 0, 0.9, 0.999, 1e-8, InitializerKind.Auto, Rows, 1, 0, 0);
        var learner = new Learner(network, part, settings);
        var actual = learner.ComputeGradient(Enumerable.Range(0, Rows).ToArray()) / Rows;
        Assert.Equal(expected, actual, 1e-5 * Math.Max(1, Math.Abs(expected)));

        var gradient = learner.Gradient.ToArray();

        // Differences err by O(h²) = 1e−10. The float gradient is a sum over 7 rows of products through three layers of at most 19 terms:
        // γ(7 + 3·19 + some 20 for activations and loss) ≈ 84·2⁻²⁴ = 5e−6 of the terms' magnitudes, which the largest gradient and 1 stand for.
        var tolerance = 5e-6 * (1 + gradient.Max(Math.Abs));
        foreach (var index in RealParameters(network))
        {
            var middle = truth.Parameter(index);
            truth.Parameter(index) = middle + Step;
            var above = truth.Loss(loss, rows, labels, targets);
            truth.Parameter(index) = middle - Step;
            var below = truth.Loss(loss, rows, labels, targets);
            truth.Parameter(index) = middle;
            Assert.Equal((above - below) / (2 * Step), gradient[index], tolerance);
            gradient[index] = 0;
        }

        // What is left is padding.
        Assert.All(gradient, g => Assert.Equal(0, g));
        return true;
    }

    private static IEnumerable<int> RealParameters(Network network)
    {
        var blocks = network.Blocks.ToArray();
        for (var layer = 0; layer < network.Architecture.Layers; layer++)
        {
            for (var i = 0; i < network.Architecture.InputsOf(layer); i++)
            {
                for (var j = 0; j < network.Architecture.OutputsOf(layer); j++)
                {
                    yield return blocks[2 * layer].Start + (i * network.StrideOf(layer)) + j;
                }
            }

            for (var j = 0; j < network.Architecture.OutputsOf(layer); j++)
            {
                yield return blocks[(2 * layer) + 1].Start + j;
            }
        }
    }
}
