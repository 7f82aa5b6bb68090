using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Networks;

/// <summary>A run of parameters that an optimizer treats alike.</summary>
/// <param name="Start">First float in the flat parameters.</param>
/// <param name="Decays">Whether penalties on their size apply: to weights and embeddings, not to biases, gains and shifts.</param>
public readonly record struct ParameterBlock(int Start, int Length, bool Decays);

/// <summary>A multilayer perceptron's parameters.</summary>
/// <remarks>
/// All lie in one flat buffer: the embeddings [categories, dimension] each, then for each layer the weights [inputs, outputs] in panels of
/// 16 columns (<see cref="Panels"/>), the biases [padded outputs] and, where it is normalized, gains and shifts, as long as a row of its
/// outputs (<see cref="RowBuffer"/>). Padding is zero and stays zero through training: its gradients are zero. Batch normalization's running means and variances are no parameters
/// and lie in <see cref="Statistics"/>.
/// </remarks>
public sealed class Network
{
    private readonly AlignedBuffer _parameters;
    private readonly AlignedBuffer _statistics;
    private readonly ParameterBlock[] _embeddings;
    private readonly LayerBlocks[] _layers;

    /// <summary>All parameters zero, but gains and running variances one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More parameters than one buffer can hold.</exception>
    public Network(Architecture architecture)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(architecture.PaddedParametersCount, AlignedBuffer.MaxLength, nameof(architecture));
        Architecture = architecture;
        _parameters = new AlignedBuffer((int)architecture.PaddedParametersCount);
        var start = 0;
        _embeddings = new ParameterBlock[architecture.Embeddings.Count];
        for (var i = 0; i < _embeddings.Length; i++)
        {
            _embeddings[i] = Take((int)Architecture.PaddedLength(architecture.Embeddings[i]), true);
        }

        _layers = new LayerBlocks[architecture.Layers];
        var statistics = 0;
        for (var layer = 0; layer < architecture.Layers; layer++)
        {
            var padded = KernelPath.Pad(architecture.OutputsOf(layer));
            var weights = Take(architecture.InputsOf(layer) * padded, true);
            var biases = Take(padded, false);
            var normalized = architecture.IsNormalized(layer);
            var columns = RowBuffer.StrideOf(architecture.OutputsOf(layer));
            var (gains, shifts) = normalized ? (Take(columns, false), Take(columns, false)) : default;
            _layers[layer] = new LayerBlocks(weights, biases, gains, shifts, statistics);
            Parameters.Slice(gains.Start, normalized ? architecture.OutputsOf(layer) : 0).Fill(1);
            statistics += normalized && architecture.Normalization == NormalizationKind.Batch ? 2 * columns : 0;
        }

        _statistics = new AlignedBuffer(statistics);
        for (var layer = 0; layer < architecture.Layers && statistics > 0; layer++)
        {
            RunningVariances(layer).Fill(1);
        }

        ParameterBlock Take(int length, bool decays)
        {
            var block = new ParameterBlock(start, length, decays);
            start += length;
            return block;
        }
    }

    public Architecture Architecture { get; }

    /// <summary>Number of trained parameters, without padding.</summary>
    public long ParametersCount => Architecture.ParametersCount;

    /// <summary>Every parameter, padded; gradients and optimizer states have the same layout.</summary>
    public Span<float> Parameters => _parameters.Span;

    /// <summary>Running means and variances of batch normalization, padded; empty without it.</summary>
    public Span<float> Statistics => _statistics.Span;

    public ParameterBlock EmbeddingBlock(int index) => _embeddings[index];

    public ParameterBlock WeightsBlock(int layer) => _layers[layer].Weights;

    public ParameterBlock BiasesBlock(int layer) => _layers[layer].Biases;

    /// <summary>Empty unless the layer is normalized.</summary>
    public ParameterBlock GainsBlock(int layer) => _layers[layer].Gains;

    /// <summary>Empty unless the layer is normalized.</summary>
    public ParameterBlock ShiftsBlock(int layer) => _layers[layer].Shifts;

    /// <summary>[categories, dimension] by rows.</summary>
    public Span<float> EmbeddingTable(int index) => Slice(_embeddings[index]);

    /// <summary>[inputs, outputs] in panels.</summary>
    public Span<float> Weights(int layer) => Slice(WeightsBlock(layer));

    /// <summary>[padded outputs].</summary>
    public Span<float> Biases(int layer) => Slice(BiasesBlock(layer));

    /// <summary>Of a normalized layer, as long as a row of its outputs.</summary>
    public Span<float> Gains(int layer) => Slice(GainsBlock(layer));

    /// <summary>Of a normalized layer, as long as a row of its outputs.</summary>
    public Span<float> Shifts(int layer) => Slice(ShiftsBlock(layer));

    /// <summary>Of a layer with batch normalization, as long as a row of its outputs; empty of the output layer.</summary>
    public Span<float> RunningMeans(int layer) => Statistics.Slice(_layers[layer].Statistics, GainsBlock(layer).Length);

    /// <summary>Of a layer with batch normalization, as long as a row of its outputs; empty of the output layer.</summary>
    public Span<float> RunningVariances(int layer) =>
        Statistics.Slice(_layers[layer].Statistics + GainsBlock(layer).Length, GainsBlock(layer).Length);

    /// <summary>Where the weight from input <paramref name="input"/> to output <paramref name="output"/> is in <see cref="Weights"/>.</summary>
    public int WeightIndex(int layer, int input, int output) => Panels.IndexOf(Architecture.InputsOf(layer), input, output);

    internal unsafe float* WeightsPointer(int layer) => _parameters.Pointer + WeightsBlock(layer).Start;

    internal unsafe float* BiasesPointer(int layer) => _parameters.Pointer + BiasesBlock(layer).Start;

    private Span<float> Slice(ParameterBlock block) => Parameters.Slice(block.Start, block.Length);

    private readonly record struct LayerBlocks(
        ParameterBlock Weights, ParameterBlock Biases, ParameterBlock Gains, ParameterBlock Shifts, int Statistics);
}
