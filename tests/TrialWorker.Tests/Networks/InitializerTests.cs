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
    public void Draws_weights_of_the_stated_variance_and_zero_biases(InitializerKind kind, double variance)
    {
        var network = new Network(new Architecture(200, [], 150, ActivationKind.Tanh));
        Initializer.Fill(network, kind, Rng.For(3, 0, "weights"));
        var weights = Enumerable.Range(0, 200).SelectMany(i => network.Weights(0).Slice(i * network.StrideOf(0), 150).ToArray()).Select(w => (double)w).ToArray();

        // 30,000 draws: the mean has a deviation of √(variance / 30,000), the variance of at most variance · √(2 / 30,000) = 0.8 %.
        Assert.Equal(0, weights.Average(), 5 * Math.Sqrt(variance / weights.Length));
        Assert.Equal(variance, weights.Average(w => w * w), 0.04 * variance);
        Assert.All(network.Biases(0).ToArray(), b => Assert.Equal(0, b));
        if (kind is InitializerKind.GlorotUniform or InitializerKind.HeUniform)
        {
            Assert.All(weights, w => Assert.InRange(Math.Abs(w), 0, Math.Sqrt(3 * variance) * 1.0001));
        }
    }

    [Theory]
    [InlineData(ActivationKind.Relu, InitializerKind.HeUniform)]
    [InlineData(ActivationKind.Sigmoid, InitializerKind.GlorotUniform)]
    public void Auto_is_he_for_relu_and_glorot_otherwise(ActivationKind activation, InitializerKind same) =>
        Assert.Equal(Draw(activation, same), Draw(activation, InitializerKind.Auto));

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
}
