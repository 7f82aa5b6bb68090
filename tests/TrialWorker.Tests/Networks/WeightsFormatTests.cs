using TuningCluster.Shared.Randomness;
using TuningCluster.TrialWorker.Networks;

namespace TuningCluster.TrialWorker.Tests.Networks;

public class WeightsFormatTests
{
    public static readonly TheoryData<Architecture> Architectures =
    [
        new Architecture(4, [], 3, ActivationKind.Relu),
        new Architecture(64, [32], 10, ActivationKind.Tanh),
        new Architecture(1, [17, 1, 33], 1, ActivationKind.Identity),
        new Architecture(3, [5, 5], 2, ActivationKind.Mish) { Normalization = NormalizationKind.Batch, IsResidual = true },
        new Architecture(0, [5], 2, ActivationKind.Gelu) { Normalization = NormalizationKind.Layer, Embeddings = [new Embedding(40, 7), new Embedding(3, 2)] },
    ];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Reads_back_what_it_wrote(Architecture architecture)
    {
        var networks = new[] { Filled(architecture, 1), Filled(architecture, 2) };
        var read = WeightsFormat.Read(WeightsFormat.Write(networks));
        Assert.Equal(2, read.Count);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(architecture, read[i].Architecture);
            Assert.Equal(networks[i].Parameters.ToArray(), read[i].Parameters.ToArray());
            Assert.Equal(networks[i].Statistics.ToArray(), read[i].Statistics.ToArray());
        }
    }

    [Fact]
    public void Writes_the_bytes_of_version_two()
    {
        var network = new Network(new Architecture(2, [], 1, ActivationKind.Relu));
        network.Weights(0)[network.WeightIndex(0, 0, 0)] = 1;
        network.Weights(0)[network.WeightIndex(0, 1, 0)] = -2;
        network.Biases(0)[0] = 0.5f;
        Assert.Equal(
            "54435745494748540200000001000000" + "0400000072656C75" + "040000006E6F6E65" + "00000000" + "02000000" + "00000000" + "0100000001000000"
            + "0000803F" + "000000C0" + "0000003F",
            Convert.ToHexString(WeightsFormat.Write([network])));
    }

    [Fact]
    public void Refuses_bytes_that_are_damaged()
    {
        var bytes = WeightsFormat.Write([Filled(new Architecture(3, [4], 2, ActivationKind.Relu) { Embeddings = [new Embedding(3, 2)] }, 1)]);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => WeightsFormat.Read(bytes[..length]));
        }

        Assert.Throws<InvalidDataException>(() => WeightsFormat.Read([.. bytes, 0]));
        var later = bytes.ToArray();
        later[8] = 3;
        Assert.Contains("version 3", Assert.Throws<InvalidDataException>(() => WeightsFormat.Read(later)).Message, StringComparison.Ordinal);
        foreach (var at in (int[])[12, 16, 24, 36, 40, 44, 48, 52, 56, 60])
        {
            var huge = bytes.ToArray();
            huge[at + 3] = 0x7f;
            Assert.Throws<InvalidDataException>(() => WeightsFormat.Read(huge));
        }
    }

    private static Network Filled(Architecture architecture, int seed)
    {
        var network = new Network(architecture);
        Initializer.Fill(network, InitializerKind.HeNormal, Rng.For(seed, 2, "weights"));
        for (var layer = 0; layer < architecture.Layers; layer++)
        {
            var outputs = architecture.OutputsOf(layer);
            network.Biases(layer)[..outputs].Fill(0.25f * (layer + seed));
            if (architecture.IsNormalized(layer))
            {
                network.Gains(layer)[..outputs].Fill(0.5f * (layer + seed));
                network.Shifts(layer)[..outputs].Fill(0.75f * (layer + seed));
            }
        }

        network.Statistics.Clear();
        for (var layer = 0; layer < architecture.Layers && network.Statistics.Length > 0 && architecture.IsNormalized(layer); layer++)
        {
            network.RunningMeans(layer)[..architecture.OutputsOf(layer)].Fill(seed);
            network.RunningVariances(layer).Fill(1);
            network.RunningVariances(layer)[..architecture.OutputsOf(layer)].Fill(2 * seed);
        }

        return network;
    }
}
