using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Networks;

/// <summary>A run of parameters that an optimizer treats alike.</summary>
/// <param name="Start">First float in the flat parameters.</param>
/// <param name="Decays">Weights decay, biases do not.</param>
public readonly record struct ParameterBlock(int Start, int Length, bool Decays);

/// <summary>A multilayer perceptron's parameters.</summary>
/// <remarks>
/// All layers lie in one flat buffer: for each layer the weights [inputs, padded outputs], then the biases [padded outputs]. Rows are
/// padded to a multiple of 16 with zeros, which stay zero through training: their gradients are zero.
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
            var stride = StrideOf(layer);
            var weights = architecture.InputsOf(layer) * stride;
            _blocks[2 * layer] = new ParameterBlock(start, weights, true);
            _blocks[(2 * layer) + 1] = new ParameterBlock(start + weights, stride, false);
            start += weights + stride;
        }
    }

    public Architecture Architecture { get; }

    /// <summary>Number of weights and biases, without padding.</summary>
    public long ParametersCount => Architecture.ParametersCount;

    /// <summary>Every parameter, padded; gradients and optimizer states have the same layout.</summary>
    public Span<float> Parameters => _parameters.Span;

    public ReadOnlySpan<ParameterBlock> Blocks => _blocks;

    /// <summary>Floats from one row of a layer's weights, outputs or gradients to the next.</summary>
    public int StrideOf(int layer) => KernelPath.Pad(Architecture.OutputsOf(layer));

    /// <summary>A layer's part of <see cref="Parameters"/>, or of a buffer laid out like it: weights [inputs, stride].</summary>
    public Span<float> WeightsIn(Span<float> parameters, int layer) => Take(parameters, _blocks[2 * layer]);

    /// <summary>A layer's part of <see cref="Parameters"/>, or of a buffer laid out like it: biases [stride].</summary>
    public Span<float> BiasesIn(Span<float> parameters, int layer) => Take(parameters, _blocks[(2 * layer) + 1]);

    public Span<float> Weights(int layer) => WeightsIn(Parameters, layer);

    public Span<float> Biases(int layer) => BiasesIn(Parameters, layer);

    private static Span<float> Take(Span<float> parameters, ParameterBlock block) => parameters.Slice(block.Start, block.Length);
}
