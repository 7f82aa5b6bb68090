using TuningCluster.TrialWorker.Kernels;
using TuningCluster.TrialWorker.Networks;
using TuningCluster.TrialWorker.Optimizers;

namespace TuningCluster.TrialWorker.Training;

/// <summary>Moves the parameters by each piece of the gradient as it comes: the gradient as a whole is never stored.</summary>
internal sealed class UpdateSink(Network network, Optimizer optimizer) : LayerSink
{
    public override void TakeWeights(int start, Span<float> gradient) => Take(network.WeightsBlock(Layer), start, gradient);

    public override void TakeBiases(int start, Span<float> gradient) => Take(network.BiasesBlock(Layer), start, gradient);

    private void Take(ParameterBlock block, int start, Span<float> gradient) => optimizer.Apply(
        block.Start + start, network.Parameters.Slice(block.Start + start, gradient.Length), gradient, block.Decays);
}

/// <summary>Keeps the whole gradient.</summary>
internal sealed class StoreSink(Network network, int length) : LayerSink
{
    private readonly AlignedBuffer _gradient = new(length);

    /// <summary>In the layout of <see cref="Network.Parameters"/>.</summary>
    public Span<float> Gradient => _gradient.Span;

    public override void TakeWeights(int start, Span<float> gradient) =>
        gradient.CopyTo(Gradient[(network.WeightsBlock(Layer).Start + start)..]);

    public override void TakeBiases(int start, Span<float> gradient) =>
        gradient.CopyTo(Gradient[(network.BiasesBlock(Layer).Start + start)..]);
}
