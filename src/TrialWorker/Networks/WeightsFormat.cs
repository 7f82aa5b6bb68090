using System.Text;

namespace TuningCluster.TrialWorker.Networks;

/// <summary>The trained networks of a trial as bytes: what is kept as a blob.</summary>
/// <remarks>
/// Little-endian; extend by a new version only, readers keep reading the old ones:
/// <code>
/// 8 bytes   "TCWEIGHT"
/// int32     version, 2
/// int32     networks N ≥ 1: one a fold and repeat; then for each
///   text      activation, as in the study file (int32 length in bytes, then UTF-8)
///   text      normalization, as in the study file
///   int32     1 where layers add their input, else 0
///   int32     features a row brings
///   int32     embeddings; then for each int32 categories, int32 dimension
///   int32     layers L ≥ 1; then L widths: hidden layers, outputs
///   float32   embeddings [categories, dimension] by rows; for each layer weights [inputs, outputs] by rows, biases [outputs] and, where
///             normalized, gains and shifts [outputs] and, by batch, running means and variances [outputs]; not padded
/// </code>
/// </remarks>
public static class WeightsFormat
{
    private const int Version = 2;
    private const int MaxCount = 1 << 16;

    private static ReadOnlySpan<byte> Magic => "TCWEIGHT"u8;

    public static byte[] Write(IReadOnlyList<Network> networks)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write(networks.Count);
        foreach (var network in networks)
        {
            WriteArchitecture(writer, network.Architecture);
            Visit(network, (ref float value) => writer.Write(value));
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <exception cref="InvalidDataException">Not such bytes, of another version, cut short or too long.</exception>
    public static IReadOnlyList<Network> Read(byte[] bytes)
    {
        if (!bytes.AsSpan().StartsWith(Magic))
        {
            throw new InvalidDataException("These bytes are no weights of a network: they do not start with TCWEIGHT.");
        }

        using var reader = new BinaryReader(new MemoryStream(bytes));
        reader.BaseStream.Position = Magic.Length;
        try
        {
            var version = reader.ReadInt32();
            if (version != Version)
            {
                throw new InvalidDataException($"The weights are of version {version}; this release reads version {Version}.");
            }

            var networks = new Network[Count(reader, 1, "networks")];
            for (var i = 0; i < networks.Length; i++)
            {
                networks[i] = new Network(ReadArchitecture(reader, bytes.Length));
                Visit(networks[i], (ref float value) => value = reader.ReadSingle());
            }

            return reader.BaseStream.Position == bytes.Length
                ? networks
                : throw new InvalidDataException($"{bytes.Length - reader.BaseStream.Position} bytes follow the weights.");
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("The weights are cut short.", e);
        }
    }

    private static void WriteArchitecture(BinaryWriter writer, Architecture architecture)
    {
        WriteText(writer, architecture.Activation.Word());
        WriteText(writer, architecture.Normalization.Word());
        writer.Write(architecture.IsResidual ? 1 : 0);
        writer.Write(architecture.Features);
        writer.Write(architecture.Embeddings.Count);
        foreach (var (categories, dimension) in architecture.Embeddings)
        {
            writer.Write(categories);
            writer.Write(dimension);
        }

        writer.Write(architecture.Layers);
        for (var layer = 0; layer < architecture.Layers; layer++)
        {
            writer.Write(architecture.OutputsOf(layer));
        }
    }

    private static Architecture ReadArchitecture(BinaryReader reader, int bytes)
    {
        try
        {
            var activation = ActivationKinds.Parse(ReadText(reader));
            var normalization = NormalizationKinds.Parse(ReadText(reader));
            var isResidual = reader.ReadInt32() != 0;
            var features = Size(reader, 0, bytes);
            var embeddings = new Embedding[Count(reader, 0, "embeddings")];
            for (var i = 0; i < embeddings.Length; i++)
            {
                embeddings[i] = new Embedding(Size(reader, 1, bytes), Size(reader, 1, bytes));
            }

            var widths = new int[Count(reader, 1, "layers")];
            for (var i = 0; i < widths.Length; i++)
            {
                widths[i] = Size(reader, 1, bytes);
            }

            var architecture = new Architecture(features, widths[..^1], widths[^1], activation)
            {
                Normalization = normalization,
                IsResidual = isResidual,
                Embeddings = embeddings,
            };

            // Announced sizes are believed only as far as the bytes reach: nothing large is made for a broken header.
            return architecture.ParametersCount * sizeof(float) <= bytes - reader.BaseStream.Position
                ? architecture
                : throw new InvalidDataException($"{architecture.ParametersCount} parameters of 4 bytes are announced, and {bytes - reader.BaseStream.Position} bytes follow.");
        }
        catch (ArgumentException unknown)
        {
            throw new InvalidDataException($"The weights cannot be read: {unknown.Message}", unknown);
        }
    }

    private delegate void Visitor(ref float value);

    /// <summary>Every number of a network, in the order of the format.</summary>
    private static void Visit(Network network, Visitor visit)
    {
        var architecture = network.Architecture;
        for (var i = 0; i < architecture.Embeddings.Count; i++)
        {
            var (categories, dimension) = architecture.Embeddings[i];
            All(network.EmbeddingTable(i)[..(categories * dimension)]);
        }

        for (var layer = 0; layer < architecture.Layers; layer++)
        {
            var outputs = architecture.OutputsOf(layer);
            var weights = network.Weights(layer);
            for (var i = 0; i < architecture.InputsOf(layer); i++)
            {
                for (var j = 0; j < outputs; j++)
                {
                    visit(ref weights[network.WeightIndex(layer, i, j)]);
                }
            }

            All(network.Biases(layer)[..outputs]);
            if (!architecture.IsNormalized(layer))
            {
                continue;
            }

            All(network.Gains(layer)[..outputs]);
            All(network.Shifts(layer)[..outputs]);
            if (architecture.Normalization == NormalizationKind.Batch)
            {
                All(network.RunningMeans(layer)[..outputs]);
                All(network.RunningVariances(layer)[..outputs]);
            }
        }

        void All(Span<float> values)
        {
            foreach (ref var value in values)
            {
                visit(ref value);
            }
        }
    }

    private static int Count(BinaryReader reader, int least, string what)
    {
        var count = reader.ReadInt32();
        return count >= least && count <= MaxCount ? count : throw new InvalidDataException($"The weights announce {count} {what}.");
    }

    private static int Size(BinaryReader reader, int least, int bytes)
    {
        var size = reader.ReadInt32();
        return size >= least && size <= bytes ? size : throw new InvalidDataException($"The weights announce a width of {size} and are {bytes} bytes.");
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static string ReadText(BinaryReader reader)
    {
        var length = reader.ReadInt32();
        return length is >= 0 and < 256
            ? Encoding.UTF8.GetString(reader.ReadBytes(length))
            : throw new InvalidDataException($"The weights announce a word of {length} bytes.");
    }
}
