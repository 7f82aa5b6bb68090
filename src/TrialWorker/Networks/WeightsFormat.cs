using System.Buffers.Binary;
using System.Text;

namespace TuningCluster.TrialWorker.Networks;

/// <summary>A trained network as bytes: what is kept as a blob.</summary>
/// <remarks>
/// Little-endian; extend by a new version only, readers keep reading the old ones:
/// <code>
/// 8 bytes   "TCWEIGHT"
/// int32     version, 1
/// int32     length of the activation's name in bytes, then the name in UTF-8, as in the study file
/// int32     layers L ≥ 1
/// int32     L + 1 widths: inputs, hidden layers, outputs
/// float32   for each layer: weights [inputs, outputs] by rows, then biases [outputs]; not padded
/// </code>
/// </remarks>
public static class WeightsFormat
{
    private const int Version = 1;
    private const int MaxLayers = 1 << 16;

    private static ReadOnlySpan<byte> Magic => "TCWEIGHT"u8;

    public static byte[] Write(Network network)
    {
        var architecture = network.Architecture;
        var name = Encoding.UTF8.GetBytes(architecture.Activation.Word());
        var header = Magic.Length + 4 + 4 + name.Length + 4 + (4 * (architecture.Layers + 1));
        var bytes = new byte[checked(header + (4 * architecture.ParametersCount))];
        var rest = bytes.AsSpan();
        Magic.CopyTo(rest);
        rest = rest[Magic.Length..];
        WriteInt(ref rest, Version);
        WriteInt(ref rest, name.Length);
        name.CopyTo(rest);
        rest = rest[name.Length..];
        WriteInt(ref rest, architecture.Layers);
        WriteInt(ref rest, architecture.Inputs);
        for (var layer = 0; layer < architecture.Layers; layer++)
        {
            WriteInt(ref rest, architecture.OutputsOf(layer));
        }

        for (var layer = 0; layer < architecture.Layers; layer++)
        {
            var outputs = architecture.OutputsOf(layer);
            for (var i = 0; i < architecture.InputsOf(layer); i++)
            {
                for (var j = 0; j < outputs; j++)
                {
                    WriteFloats(ref rest, network.Weights(layer).Slice(network.WeightIndex(layer, i, j), 1));
                }
            }

            WriteFloats(ref rest, network.Biases(layer)[..outputs]);
        }

        return bytes;
    }

    /// <exception cref="InvalidDataException">Not such bytes, of a later version, cut short or too long.</exception>
    public static Network Read(ReadOnlySpan<byte> bytes)
    {
        var rest = bytes;
        if (!rest.StartsWith(Magic))
        {
            throw new InvalidDataException("These bytes are no weights of a network: they do not start with TCWEIGHT.");
        }

        rest = rest[Magic.Length..];
        var version = ReadInt(ref rest);
        if (version != Version)
        {
            throw new InvalidDataException($"The weights are of version {version}; this release reads version {Version}.");
        }

        var network = new Network(ReadArchitecture(ref rest));
        var architecture = network.Architecture;
        if (rest.Length != 4 * architecture.ParametersCount)
        {
            throw new InvalidDataException(
                $"{architecture.ParametersCount} parameters of 4 bytes are announced, and {rest.Length} bytes follow.");
        }

        for (var layer = 0; layer < architecture.Layers; layer++)
        {
            var outputs = architecture.OutputsOf(layer);
            for (var i = 0; i < architecture.InputsOf(layer); i++)
            {
                for (var j = 0; j < outputs; j++)
                {
                    ReadFloats(ref rest, network.Weights(layer).Slice(network.WeightIndex(layer, i, j), 1));
                }
            }

            ReadFloats(ref rest, network.Biases(layer)[..outputs]);
        }

        return network;
    }

    private static Architecture ReadArchitecture(ref ReadOnlySpan<byte> rest)
    {
        var nameLength = ReadInt(ref rest);
        if (nameLength < 0 || nameLength > rest.Length)
        {
            throw new InvalidDataException("The weights end within their header.");
        }

        ActivationKind activation;
        try
        {
            activation = ActivationKinds.Parse(Encoding.UTF8.GetString(rest[..nameLength]));
        }
        catch (ArgumentException unknown)
        {
            throw new InvalidDataException($"The weights name an unknown activation: {unknown.Message}", unknown);
        }

        rest = rest[nameLength..];
        var layers = ReadInt(ref rest);
        if (layers is < 1 or > MaxLayers)
        {
            throw new InvalidDataException($"The weights announce {layers} layers.");
        }

        var widths = new int[layers + 1];
        for (var i = 0; i < widths.Length; i++)
        {
            widths[i] = ReadInt(ref rest);
            if (widths[i] < 1 || widths[i] > rest.Length + 4)
            {
                throw new InvalidDataException($"The weights announce a layer of {widths[i]} and hold {rest.Length} more bytes.");
            }
        }

        return new Architecture(widths[0], widths[1..^1], widths[^1], activation);
    }

    private static void WriteInt(ref Span<byte> rest, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(rest, value);
        rest = rest[4..];
    }

    private static int ReadInt(ref ReadOnlySpan<byte> rest)
    {
        if (!BinaryPrimitives.TryReadInt32LittleEndian(rest, out var value))
        {
            throw new InvalidDataException("The weights end within their header.");
        }

        rest = rest[4..];
        return value;
    }

    private static void WriteFloats(ref Span<byte> rest, ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(rest, value);
            rest = rest[4..];
        }
    }

    private static void ReadFloats(ref ReadOnlySpan<byte> rest, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(rest);
            rest = rest[4..];
        }
    }
}
