using TuningCluster.Shared.Randomness;
using TuningCluster.TrialWorker.Networks;

namespace TuningCluster.TrialWorker.Tests.Networks;

public class InitializerTests
{
    [Theory]
    [InlineData(InitializerKind.GlorotUniform, 2.0 / 350)]
    [InlineData(InitializerKind.GlorotNormal, 2.0 / 350)]
    [InlineData(InitializerKind.HeUniform, 2.0 / 200)]
    [InlineData(InitializerKind.HeNormal, 2.0 / 200)]
    [InlineData(InitializerKind.LeCunUniform, 1.0 / 200)]
    [InlineData(InitializerKind.LeCunNormal, 1.0 / 200)]
    public void Draws_weights_of_the_stated_variance_and_zero_biases(InitializerKind kind, double variance)
    {
        var network = new Network(new Architecture(200, [], 150, ActivationKind.Tanh));
        Initializer.Fill(network, kind, Rng.For(3, 0, "weights"));
        var weights = Weights(network, 200, 150);

        // 30,000 draws: the mean has a deviation of √(variance / 30,000), the variance of at most variance · √(2 / 30,000) = 0.8 %.
        Assert.Equal(0, weights.Average(), 5 * Math.Sqrt(variance / weights.Length));
        Assert.Equal(variance, weights.Average(w => w * w), 0.04 * variance);
        Assert.All(network.Biases(0).ToArray(), b => Assert.Equal(0, b));
        if (kind is InitializerKind.GlorotUniform or InitializerKind.HeUniform or InitializerKind.LeCunUniform)
        {
            Assert.All(weights, w => Assert.InRange(Math.Abs(w), 0, Math.Sqrt(3 * variance) * 1.0001));
        }
    }

    [Theory]
    [InlineData(ActivationKind.Relu, InitializerKind.HeUniform)]
    [InlineData(ActivationKind.Gelu, InitializerKind.HeUniform)]
    [InlineData(ActivationKind.Sigmoid, InitializerKind.GlorotUniform)]
    [InlineData(ActivationKind.Selu, InitializerKind.LeCunNormal)]
    public void Auto_is_he_for_the_relu_family_lecun_for_selu_and_glorot_otherwise(ActivationKind activation, InitializerKind same) =>
        Assert.Equal(Draw(activation, same), Draw(activation, InitializerKind.Auto));

    [Theory]
    [InlineData(40, 17)]
    [InlineData(17, 40)]
    [InlineData(9, 9)]
    public void Orthogonal_weights_are_orthonormal_the_shorter_way(int inputs, int outputs)
    {
        var network = new Network(new Architecture(inputs, [], outputs, ActivationKind.Tanh));
        Initializer.Fill(network, InitializerKind.Orthogonal, Rng.For(3, 0, "weights"));
        var weights = Weights(network, inputs, outputs);
        var count = Math.Min(inputs, outputs);
        for (var a = 0; a < count; a++)
        {
            for (var b = 0; b < count; b++)
            {
                var dot = Enumerable.Range(0, Math.Max(inputs, outputs)).Sum(i => outputs <= inputs
                    ? weights[(i * outputs) + a] * weights[(i * outputs) + b]
                    : weights[(a * outputs) + i] * weights[(b * outputs) + i]);

                // Doubles rounded to floats: each product errs by 2u of two factors that are at most 1.
                Assert.Equal(a == b ? 1 : 0, dot, 4e-7);
            }
        }
    }

    [Fact]
    public void Embeddings_are_normal_with_deviation_one_over_the_root_of_the_dimension()
    {
        var network = new Network(new Architecture(1, [], 1, ActivationKind.Relu) { Embeddings = [new Embedding(2000, 16)] });
        Initializer.Fill(network, InitializerKind.Auto, Rng.For(3, 0, "weights"));
        var table = network.EmbeddingTable(0).ToArray();
        Assert.Equal(1.0 / 16, table.Average(w => (double)w * w), 0.04 / 16);
    }

    [Theory]
    [InlineData(64, new[] { 32 }, 10, 2410)]
    [InlineData(4, new int[0], 3, 15)]
    [InlineData(3, new[] { 5, 5 }, 1, 56)]
    public void Counts_weights_and_biases_without_padding(int inputs, int[] hidden, int outputs, long count) =>
        Assert.Equal(count, new Network(new Architecture(inputs, hidden, outputs, ActivationKind.Relu)).ParametersCount);

    private static float[] Draw(ActivationKind activation, InitializerKind kind)
    {
        var network = new Network(new Architecture(9, [7], 3, activation));
        Initializer.Fill(network, kind, Rng.For(3, 0, "weights"));
        return network.Parameters.ToArray();
    }

    /// <summary>By rows, without padding.</summary>
    private static double[] Weights(Network network, int inputs, int outputs) =>
        [.. Enumerable.Range(0, inputs * outputs).Select(at => (double)network.Weights(0)[network.WeightIndex(0, at / outputs, at % outputs)])];
}
