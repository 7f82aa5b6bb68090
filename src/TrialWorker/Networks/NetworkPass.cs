using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Networks;

/// <summary>Runs blocks of rows forward and backward through a network.</summary>
/// <remarks>Owns the buffers between the layers and allocates nothing after construction. Not safe for several threads; several passes may share a network that nobody changes.</remarks>
public sealed unsafe class NetworkPass
{
    private readonly Network _network;
    private readonly RowBuffer[] _outputs;
    private readonly RowBuffer[] _gradients;
    private readonly LayerProducts _products;

    /// <param name="network">Whose parameters are used.</param>
    /// <param name="maxRows">Rows of the largest block.</param>
    /// <param name="backward">Whether gradients are wanted too.</param>
    /// <param name="team">Who divides large products; null for the caller alone.</param>
    public NetworkPass(Network network, int maxRows, bool backward, ThreadTeam? team = null)
    {
        _network = network;
        MaxRows = maxRows;
        var architecture = network.Architecture;
        var layers = architecture.Layers;
        _outputs = new RowBuffer[layers];
        _gradients = new RowBuffer[backward ? layers : 0];
        for (var layer = 0; layer < layers; layer++)
        {
            _outputs[layer] = new RowBuffer(maxRows, architecture.OutputsOf(layer));
            if (backward)
            {
                _gradients[layer] = new RowBuffer(maxRows, architecture.OutputsOf(layer));
            }
        }

        _products = new LayerProducts(architecture, maxRows, backward, team);
    }

    public int MaxRows { get; }

    /// <summary>Floats from one row of <see cref="Outputs"/> to the next.</summary>
    public int OutputStride => _outputs[^1].Stride;

    /// <summary>The network's outputs for the last block, shape [rows, outputs], rows <see cref="OutputStride"/> apart, zeros between.</summary>
    public ReadOnlySpan<float> Outputs => _outputs[^1].Span;

    /// <summary>Where the gradient of the loss by <see cref="Outputs"/> is put before <see cref="Backward"/>; the same layout.</summary>
    public Span<float> OutputGradient => _gradients[^1].Span;

    /// <summary>Computes <see cref="Outputs"/>.</summary>
    /// <param name="rows">1 to <see cref="MaxRows"/>.</param>
    /// <param name="input">Pointers to rows of shape [inputs].</param>
    public void Forward(int rows, float** input)
    {
        var architecture = _network.Architecture;
        for (var layer = 0; layer < _outputs.Length; layer++)
        {
            var output = _outputs[layer];
            _products.Forward(
                InputOf(layer, input), rows, architecture.InputsOf(layer), architecture.OutputsOf(layer),
                _network.WeightsPointer(layer), _network.BiasesPointer(layer), output);
            if (layer < _outputs.Length - 1)
            {
                architecture.Activation.Forward(output.First(rows));
            }
        }
    }

    /// <summary>From <see cref="OutputGradient"/> computes the gradient by every parameter and hands it out, from the last layer down.</summary>
    /// <remarks>A layer's parameters may change once its gradient is handed out: what lies below was computed before.</remarks>
    /// <param name="rows">As in <see cref="Forward"/>.</param>
    /// <param name="input">As in <see cref="Forward"/>.</param>
    /// <param name="sink">Takes the gradient.</param>
    public void Backward(int rows, float** input, LayerSink sink)
    {
        var architecture = _network.Architecture;
        for (var layer = _outputs.Length - 1; layer >= 0; layer--)
        {
            var slopes = _gradients[layer];
            var inputs = architecture.InputsOf(layer);
            var outputs = architecture.OutputsOf(layer);
            if (layer > 0)
            {
                var below = _gradients[layer - 1];
                _products.InputGradient(slopes, rows, inputs, outputs, _network.WeightsPointer(layer), below);
                architecture.Activation.Backward(_outputs[layer - 1].First(rows), below.First(rows));
            }

            sink.Layer = layer;
            _products.WeightGradient(InputOf(layer, input), rows, inputs, outputs, slopes, sink);
        }
    }

    private float** InputOf(int layer, float** input) => layer == 0 ? input : _outputs[layer - 1].Rows;
}
