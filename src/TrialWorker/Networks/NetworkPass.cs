using System.Runtime.CompilerServices;
using TuningCluster.Shared.Randomness;
using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Networks;

/// <summary>Runs blocks of rows forward and backward through a network.</summary>
/// <remarks>
/// Owns the buffers between the layers and allocates nothing after construction. Not safe for several threads; several passes may share
/// a network that nobody changes. Whatever runs with every mini-batch, here and in the kernels, optimizers and losses, asks for
/// <see cref="MethodImplOptions.AggressiveOptimization"/>: a mini-batch of a small network takes microseconds, and callers left to tiered
/// compilation kept it at 60 % of its speed for the first seconds of a process that has one core to train and to compile on.
/// </remarks>
public sealed unsafe class NetworkPass
{
    private readonly Network _network;
    private readonly HiddenLayer[] _hidden;
    private readonly RowBuffer _outputs;
    private readonly RowBuffer? _slopes;
    private readonly RowBuffer? _inputSlopes;
    private readonly LayerProducts _products;

    /// <param name="network">Whose parameters are used.</param>
    /// <param name="maxRows">Rows of the largest block.</param>
    /// <param name="backward">Whether gradients are wanted too.</param>
    /// <param name="dropout">Share of the hidden neurons left out in training, in [0, 1).</param>
    /// <param name="team">Who divides large products; null for the caller alone.</param>
    public NetworkPass(Network network, int maxRows, bool backward, double dropout = 0, ThreadTeam? team = null)
    {
        _network = network;
        MaxRows = maxRows;
        var architecture = network.Architecture;
        _hidden = new HiddenLayer[architecture.Hidden.Count];
        for (var layer = 0; layer < _hidden.Length; layer++)
        {
            _hidden[layer] = new HiddenLayer(network, layer, maxRows, backward, dropout);
        }

        _outputs = new RowBuffer(maxRows, architecture.Outputs);
        _slopes = backward ? new RowBuffer(maxRows, architecture.Outputs) : null;
        _inputSlopes = backward && architecture.Embeddings.Count > 0 ? new RowBuffer(maxRows, architecture.Inputs) : null;
        _products = new LayerProducts(architecture, maxRows, backward, team);
    }

    public int MaxRows { get; }

    /// <summary>Floats from one row of <see cref="Outputs"/> to the next.</summary>
    public int OutputStride => _outputs.Stride;

    /// <summary>The network's outputs for the last block, shape [rows, outputs], rows <see cref="OutputStride"/> apart, zeros between.</summary>
    public ReadOnlySpan<float> Outputs => _outputs.Span;

    /// <summary>Where the gradient of the loss by <see cref="Outputs"/> is put before <see cref="Backward"/>; the same layout.</summary>
    public Span<float> OutputGradient => _slopes!.Span;

    /// <summary>The gradient by the rows that went in, after <see cref="Backward"/>; only with embeddings.</summary>
    internal RowBuffer? InputGradient => _inputSlopes;

    /// <summary>Computes <see cref="Outputs"/>.</summary>
    /// <param name="rows">1 to <see cref="MaxRows"/>.</param>
    /// <param name="input">Pointers to rows of shape [inputs].</param>
    /// <param name="dropout">While training: draws the masks, and batches are normalized by themselves. Null: running averages, no dropout.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(int rows, float** input, Rng? dropout = null)
    {
        var architecture = _network.Architecture;
        for (var layer = 0; layer < architecture.Layers; layer++)
        {
            var isHidden = layer < _hidden.Length;
            _products.Forward(
                InputOf(layer, input), rows, architecture.InputsOf(layer), architecture.OutputsOf(layer),
                _network.WeightsPointer(layer), _network.BiasesPointer(layer), isHidden ? _hidden[layer].Sums : _outputs);
            if (isHidden)
            {
                _hidden[layer].Forward(rows, layer > 0 ? _hidden[layer - 1].Output : null, dropout);
            }
        }
    }

    /// <summary>From <see cref="OutputGradient"/> computes the gradient by every parameter of the layers and hands it out, from the last down.</summary>
    /// <remarks>A layer's parameters may change once its gradient is handed out: what lies below was computed before.</remarks>
    /// <param name="rows">As in <see cref="Forward"/>.</param>
    /// <param name="input">As in <see cref="Forward"/>.</param>
    /// <param name="sink">Takes the gradient.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Backward(int rows, float** input, LayerSink sink)
    {
        var architecture = _network.Architecture;
        for (var layer = architecture.Layers - 1; layer >= 0; layer--)
        {
            sink.Layer = layer;
            var isHidden = layer < _hidden.Length;
            if (isHidden)
            {
                _hidden[layer].Backward(rows, sink);
            }

            var slopes = isHidden ? _hidden[layer].Branch! : _slopes!;
            var inputs = architecture.InputsOf(layer);
            var outputs = architecture.OutputsOf(layer);
            var below = layer > 0 ? _hidden[layer - 1].Slopes : _inputSlopes;
            if (below is not null)
            {
                var added = architecture.AddsInput(layer) ? _hidden[layer].Slopes : null;
                _products.InputGradient(slopes, rows, inputs, outputs, _network.WeightsPointer(layer), added, below);
            }

            _products.WeightGradient(InputOf(layer, input), rows, inputs, outputs, slopes, sink);
        }
    }

    private float** InputOf(int layer, float** input) => layer == 0 ? input : _hidden[layer - 1].Output.Rows;
}
