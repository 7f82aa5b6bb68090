using System.Runtime.CompilerServices;
using TuningCluster.TrialWorker.Kernels;
using TuningCluster.TrialWorker.Networks;
using TuningCluster.TrialWorker.Optimizers;

namespace TuningCluster.TrialWorker.Training;

/// <summary>Names the place of each piece in the flat parameters.</summary>
internal abstract class ParameterSink(Network network) : LayerSink
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void TakeWeights(int start, Span<float> gradient) => Take(network.WeightsBlock(Layer), start, gradient);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void TakeBiases(int start, Span<float> gradient) => Take(network.BiasesBlock(Layer), start, gradient);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void TakeGains(Span<float> gains, Span<float> shifts)
    {
        Take(network.GainsBlock(Layer), 0, gains);
        Take(network.ShiftsBlock(Layer), 0, shifts);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void TakeEmbedding(int index, Span<float> gradient) => Take(network.EmbeddingBlock(index), 0, gradient);

    /// <param name="block">Which parameters.</param>
    /// <param name="start">Where in the block the piece begins.</param>
    /// <param name="gradient">The piece; may be overwritten.</param>
    protected abstract void Take(ParameterBlock block, int start, Span<float> gradient);
}

/// <summary>Moves the parameters by each piece of the gradient as it comes: the gradient as a whole is never stored.</summary>
/// <param name="clipValue">Largest magnitude of a component; 0 is off.</param>
internal sealed class UpdateSink(Network network, Optimizer optimizer, float clipValue) : ParameterSink(network)
{
    private readonly Network _network = network;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Take(ParameterBlock block, int start, Span<float> gradient)
    {
        if (clipValue > 0)
        {
            Norms.Clip(gradient, clipValue);
        }

        optimizer.Apply(block.Start + start, _network.Parameters.Slice(block.Start + start, gradient.Length), gradient, block.Decays);
    }
}

/// <summary>Keeps the whole gradient.</summary>
internal sealed class StoreSink(Network network) : ParameterSink(network)
{
    private readonly AlignedBuffer _gradient = new(network.Parameters.Length);

    /// <summary>In the layout of <see cref="Network.Parameters"/>.</summary>
    public Span<float> Gradient => _gradient.Span;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Take(ParameterBlock block, int start, Span<float> gradient) => gradient.CopyTo(Gradient[(block.Start + start)..]);
}
