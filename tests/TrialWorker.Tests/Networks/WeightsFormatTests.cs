using TuningCluster.Shared.Randomness;
using TuningCluster.TrialWorker.Networks;

namespace TuningCluster.TrialWorker.Tests.Networks;

public class WeightsFormatTests
{
    [Theory]
    [InlineData(4, new int[0], 3, ActivationKind.Relu)]
    [InlineData(64, new[] { 32 }, 10, ActivationKind.Tanh)]
    [InlineData(1, new[] { 17, 1, 33 }, 1, ActivationKind.Identity)]
    public void Reads_back_what_it_wrote(int inputs, int[] hidden, int outputs, ActivationKind activation)
    {
        var network = Filled(new Architecture(inputs, hidden, outputs, activation));
        var read = WeightsFormat.Read(WeightsFormat.Write(network));
        Assert.Equal(network.Architecture, read.Architecture);
        Assert.Equal(network.Parameters.ToArray(), read.Parameters.ToArray());
    }

    [Fact]
    public void Writes_the_bytes_of_version_one()
    {
        var network = new Network(new Architecture(2, [], 1, ActivationKind.Relu));
        network.Weights(0)[0] = 1;
        network.Weights(0)[network.StrideOf(0)] = -2;
        network.Biases(0)[0] = 0.5f;
        Assert.Equal(
            "544357454947485401000000" + "0400000072656C75" + "01000000" + "0200000001000000" + "0000803F" + "000000C0" + "0000003F",
            Convert.ToHexString(WeightsFormat.Write(network)));
    }

    [Fact]
    public void Refuses_bytes_that_are_damaged()
    {
        var bytes = WeightsFormat.Write(Filled(new Architecture(3, [4], 2, ActivationKind.Relu)));
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => WeightsFormat.Read(bytes.AsSpan(0, length)));
        }

        Assert.Throws<InvalidDataException>(() => WeightsFormat.Read([.. bytes, 0]));
        var later = bytes.ToArray();
        later[8] = 2;
        Assert.Contains("version 2", Assert.Throws<InvalidDataException>(() => WeightsFormat.Read(later)).Message, StringComparison.Ordinal);
        var huge = bytes.ToArray();
        huge[27] = 0x7f;
        Assert.Throws<InvalidDataException>(() => WeightsFormat.Read(huge));
    }

    private static Network Filled(Architecture architecture)
    {
        var network = new Network(architecture);
        Initializer.Fill(network, InitializerKind.HeNormal, Rng.For(1, 2, "weights"));
        for (var layer = 0; layer < architecture.Layers; layer++)
        {
            network.Biases(layer)[..architecture.OutputsOf(layer)].Fill(0.25f * (layer + 1));
        }

        return network;
    }
}
