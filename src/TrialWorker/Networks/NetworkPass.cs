using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Networks;

/// <summary>Runs blocks of rows forward and backward through a network.</summary>
/// <remarks>Owns the buffers between the layers and allocates nothing after construction. Not safe for several threads; several passes may share a network that nobody changes.</remarks>
public sealed class NetworkPass
{
    private readonly Network _network;
    private readonly AlignedBuffer[] _outputs;
    private readonly AlignedBuffer[] _gradients;

    /// <param name="network">Whose parameters are used.</param>
    /// <param name="maxRows">Rows of the largest block.</param>
    /// <param name="backward">Whether gradients are wanted too.</param>
    public NetworkPass(Network network, int maxRows, bool backward)
    {
        _network = network;
        MaxRows = maxRows;
        var layers = network.Architecture.Layers;
        _outputs = new AlignedBuffer[layers];
        _gradients = new AlignedBuffer[backward ? layers : 0];
        for (var layer = 0; layer < layers; layer++)
        {
            var length = checked(maxRows * network.StrideOf(layer));
            _outputs[layer] = new AlignedBuffer(length);
            if (backward)
            {
                _gradients[layer] = new AlignedBuffer(length);
            }
        }
    }

    public int MaxRows { get; }

    /// <summary>Floats from one row of <see cref="Outputs"/> to the next.</summary>
    public int OutputStride => _network.StrideOf(_outputs.Length - 1);

    /// <summary>The network's outputs for the last block, shape [rows, outputs], rows <see cref="OutputStride"/> apart, zeros between.</summary>
    public ReadOnlySpan<float> Outputs => _outputs[^1].Span;

    /// <summary>Where the gradient of the loss by <see cref="Outputs"/> is put before <see cref="Backward"/>; the same layout.</summary>
    public Span<float> OutputGradient => _gradients[^1].Span;

    /// <summary>Computes <see cref="Outputs"/>.</summary>
    /// <param name="rows">1 to <see cref="MaxRows"/>.</param>
    /// <param name="input">Shape [rows, inputs], dense.</param>
    public void Forward(int rows, ReadOnlySpan<float> input)
    {
        var architecture = _network.Architecture;
        for (var layer = 0; layer < _outputs.Length; layer++)
        {
            var stride = _network.StrideOf(layer);
            var inputs = architecture.InputsOf(layer);
            var output = _outputs[layer].Span[..(rows * stride)];
            Gemm.Multiply(
                rows, stride, inputs,
                layer == 0 ? input : _outputs[layer - 1].Span, InputStride(layer),
                _network.Weights(layer), stride, _network.Biases(layer), output, stride);
            if (layer < _outputs.Length - 1)
            {
                architecture.Activation.Forward(output);
            }
        }
    }

    /// <summary>From <see cref="OutputGradient"/> computes the gradient by every parameter.</summary>
    /// <param name="rows">As in <see cref="Forward"/>.</param>
    /// <param name="input">As in <see cref="Forward"/>.</param>
    /// <param name="gradient">Receives the layout of <see cref="Network.Parameters"/>; overwritten.</param>
    public void Backward(int rows, ReadOnlySpan<float> input, Span<float> gradient)
    {
        var architecture = _network.Architecture;
        for (var layer = _outputs.Length - 1; layer >= 0; layer--)
        {
            var stride = _network.StrideOf(layer);
            var inputs = architecture.InputsOf(layer);
            var slope = _gradients[layer].Span[..(rows * stride)];
            Gemm.MultiplyTransposedA(
                inputs, stride, rows,
                layer == 0 ? input : _outputs[layer - 1].Span, InputStride(layer),
                slope, stride, _network.WeightsIn(gradient, layer), stride);
            ColumnSums.Compute(rows, stride, slope, stride, _network.BiasesIn(gradient, layer));
            if (layer == 0)
            {
                return;
            }

            var below = InputStride(layer);
            var inputSlope = _gradients[layer - 1].Span[..(rows * below)];
            Gemm.MultiplyTransposedB(
                rows, inputs, architecture.OutputsOf(layer), slope, stride, _network.Weights(layer), stride, inputSlope, below);
            architecture.Activation.Backward(_outputs[layer - 1].Span[..(rows * below)], inputSlope);
        }
    }

    private int InputStride(int layer) => layer == 0 ? _network.Architecture.Inputs : _network.StrideOf(layer - 1);
}
