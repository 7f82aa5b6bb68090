using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Networks;

/// <summary>A run of parameters that an optimizer treats alike.</summary>
/// <param name="Start">First float in the flat parameters.</param>
/// <param name="Decays">Weights decay, biases do not.</param>
public readonly record struct ParameterBlock(int Start, int Length, bool Decays);

/// <summary>A multilayer perceptron's parameters.</summary>
/// <remarks>
/// All layers lie in one flat buffer: for each layer the weights [inputs, outputs] in panels of 16 columns (<see cref="Panels"/>), then
/// the biases [padded outputs]. Padding is zero and stays zero through training: its gradients are zero.
/// </remarks>
public sealed class Network
{
    private readonly AlignedBuffer _parameters;
    private readonly ParameterBlock[] _blocks;

    /// <summary>All parameters zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More parameters than one buffer can hold.</exception>
    public Network(Architecture architecture)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(architecture.PaddedParametersCount, AlignedBuffer.MaxLength, nameof(architecture));
        Architecture = architecture;
        _parameters = new AlignedBuffer((int)architecture.PaddedParametersCount);
        _blocks = new ParameterBlock[2 * architecture.Layers];
        var start = 0;
        for (var layer = 0; layer < architecture.Layers; layer++)
        {
            var padded = KernelPath.Pad(architecture.OutputsOf(layer));
            var weights = architecture.InputsOf(layer) * padded;
            _blocks[2 * layer] = new ParameterBlock(start, weights, true);
            _blocks[(2 * layer) + 1] = new ParameterBlock(start + weights, padded, false);
            start += weights + padded;
        }
    }

    public Architecture Architecture { get; }

    /// <summary>Number of weights and biases, without padding.</summary>
    public long ParametersCount => Architecture.ParametersCount;

    /// <summary>Every parameter, padded; gradients and optimizer states have the same layout.</summary>
    public Span<float> Parameters => _parameters.Span;

    public ReadOnlySpan<ParameterBlock> Blocks => _blocks;

    public ParameterBlock WeightsBlock(int layer) => _blocks[2 * layer];

    public ParameterBlock BiasesBlock(int layer) => _blocks[(2 * layer) + 1];

    /// <summary>[inputs, outputs] in panels.</summary>
    public Span<float> Weights(int layer) => Take(WeightsBlock(layer));

    /// <summary>[padded outputs].</summary>
    public Span<float> Biases(int layer) => Take(BiasesBlock(layer));

    /// <summary>Where the weight from input <paramref name="input"/> to output <paramref name="output"/> is in <see cref="Weights"/>.</summary>
    public int WeightIndex(int layer, int input, int output) => Panels.IndexOf(Architecture.InputsOf(layer), input, output);

    internal unsafe float* WeightsPointer(int layer) => _parameters.Pointer + WeightsBlock(layer).Start;

    internal unsafe float* BiasesPointer(int layer) => _parameters.Pointer + BiasesBlock(layer).Start;

    private Span<float> Take(ParameterBlock block) => Parameters.Slice(block.Start, block.Length);
}
