using System.Runtime.CompilerServices;
using TuningCluster.Shared.Randomness;
using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Networks;

/// <summary>What a hidden layer does with its sums: normalization, activation, dropout, and the layer's input added.</summary>
/// <remarks>
/// Stages that a layer does not have cost nothing: without any of them the activation runs in place. Where an activation's derivative
/// needs what went in, or a later stage changes what came out, the values are kept apart.
/// </remarks>
internal sealed class HiddenLayer
{
    private const float Epsilon = 1e-5f;

    private readonly Network _network;
    private readonly int _layer;
    private readonly int _width;
    private readonly ActivationKind _activation;
    private readonly NormalizationKind _normalization;
    private readonly bool _addsInput;
    private readonly float _keep;
    private readonly RowBuffer _sums;
    private readonly RowBuffer _activated;
    private readonly RowBuffer? _normalized;
    private readonly AlignedBuffer? _inverseDeviations;
    private readonly RowBuffer? _mask;
    private readonly AlignedBuffer? _gainGradient;
    private readonly AlignedBuffer? _shiftGradient;

    /// <param name="maxRows">Rows of the largest block.</param>
    /// <param name="backward">Whether the layer trains: gradients are wanted, dropout drops, batches are normalized by themselves.</param>
    /// <param name="dropout">Share of neurons left out while training, in [0, 1).</param>
    public HiddenLayer(Network network, int layer, int maxRows, bool backward, double dropout)
    {
        var architecture = network.Architecture;
        _network = network;
        _layer = layer;
        _width = architecture.OutputsOf(layer);
        _activation = architecture.Activation;
        _normalization = architecture.Normalization;
        _addsInput = architecture.AddsInput(layer);
        _keep = (float)(1 - dropout);
        _sums = new RowBuffer(maxRows, _width);
        if (_normalization != NormalizationKind.None && backward)
        {
            _normalized = new RowBuffer(maxRows, _width);
            _inverseDeviations = new AlignedBuffer(Math.Max(maxRows, _sums.Stride));
            _gainGradient = new AlignedBuffer(_sums.Stride);
            _shiftGradient = new AlignedBuffer(_sums.Stride);
        }
        else if (_normalization == NormalizationKind.Layer)
        {
            _normalized = new RowBuffer(maxRows, _width);
            _inverseDeviations = new AlignedBuffer(maxRows);
        }

        _mask = backward && dropout > 0 ? new RowBuffer(maxRows, _width) : null;
        _activated = backward && _activation.NeedsInputs() ? new RowBuffer(maxRows, _width) : _sums;
        Output = backward && (_mask is not null || _addsInput) ? new RowBuffer(maxRows, _width) : _activated;
        Slopes = backward ? new RowBuffer(maxRows, _width) : null;
        Branch = backward && _addsInput ? new RowBuffer(maxRows, _width) : Slopes;
    }

    /// <summary>Receives the layer's sums, before <see cref="Forward"/>.</summary>
    public RowBuffer Sums => _sums;

    /// <summary>What the layer gives, after <see cref="Forward"/>.</summary>
    public RowBuffer Output { get; }

    /// <summary>The gradient by <see cref="Output"/>, before <see cref="Backward"/>.</summary>
    public RowBuffer? Slopes { get; }

    /// <summary>The gradient by <see cref="Sums"/>, after <see cref="Backward"/>; where the layer adds its input <see cref="Slopes"/> stays.</summary>
    public RowBuffer? Branch { get; }

    /// <summary>Buffers of floats a layer of this kind keeps for each row, of its own width.</summary>
    public static int BuffersPerRow(Architecture architecture, bool backward, double dropout)
    {
        var normalizes = architecture.Normalization == NormalizationKind.Layer || (backward && architecture.Normalization != NormalizationKind.None);
        var keeps = architecture.Activation.NeedsInputs();
        return 1 + (normalizes ? 1 : 0) + (backward ? 1 + (keeps ? 1 : 0) + (dropout > 0 ? 1 : 0) + (dropout > 0 || architecture.IsResidual ? 1 : 0) + (architecture.IsResidual ? 1 : 0) : 0);
    }

    /// <param name="input">What the layer took; for layers that add it.</param>
    /// <param name="dropout">Draws the mask; null while not training.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(int rows, RowBuffer? input, Rng? dropout)
    {
        var sums = _sums.First(rows);
        Normalize(rows, sums, dropout is not null);
        _activation.Forward(sums, _activated.First(rows));
        var output = Output.First(rows);
        if (Output != _activated)
        {
            _activated.First(rows).CopyTo(output);
        }

        if (_mask is not null && dropout is not null)
        {
            Dropout.Mask(_mask.First(rows), _keep, dropout);
            Dropout.Apply(_mask.First(rows), output);
        }

        if (_addsInput)
        {
            Addition.Add(input!.First(rows), output);
        }
    }

    /// <summary>From <see cref="Slopes"/> to <see cref="Branch"/>; hands out the gradient by gains and shifts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Backward(int rows, LayerSink sink)
    {
        var gradient = Branch!.First(rows);
        if (Branch != Slopes)
        {
            Slopes!.First(rows).CopyTo(gradient);
        }

        if (_mask is not null)
        {
            Dropout.Apply(_mask.First(rows), gradient);
        }

        _activation.Backward((_activation.NeedsInputs() ? _sums : _activated).First(rows), gradient);
        if (_normalization == NormalizationKind.None)
        {
            return;
        }

        if (_normalization == NormalizationKind.Layer)
        {
            LayerNormalization.Backward(
                rows, _width, _normalized!.Span, _sums.Stride, _network.Gains(_layer), _inverseDeviations!.Span, gradient, _gainGradient!.Span, _shiftGradient!.Span);
        }
        else
        {
            BatchNormalization.Backward(
                rows, _width, _normalized!.Span, _sums.Stride, _network.Gains(_layer), _inverseDeviations!.Span, gradient, _gainGradient!.Span, _shiftGradient!.Span);
        }

        var padded = _network.GainsBlock(_layer).Length;
        sink.TakeGains(_gainGradient.Span[..padded], _shiftGradient.Span[..padded]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Normalize(int rows, Span<float> sums, bool isTraining)
    {
        switch (_normalization)
        {
            case NormalizationKind.Layer:
                LayerNormalization.Forward(
                    rows, _width, sums, _sums.Stride, _network.Gains(_layer), _network.Shifts(_layer), _normalized!.Span, sums,
                    _inverseDeviations!.Span, Epsilon);
                break;
            case NormalizationKind.Batch when isTraining:
                BatchNormalization.Forward(
                    rows, _width, sums, _sums.Stride, _network.Gains(_layer), _network.Shifts(_layer), _network.RunningMeans(_layer),
                    _network.RunningVariances(_layer), _normalized!.Span, sums, _inverseDeviations!.Span, Epsilon);
                break;
            case NormalizationKind.Batch:
                BatchNormalization.Infer(
                    rows, _width, sums, _sums.Stride, _network.Gains(_layer), _network.Shifts(_layer), _network.RunningMeans(_layer),
                    _network.RunningVariances(_layer), sums, Epsilon);
                break;
            default:
                break;
        }
    }
}
