using TuningCluster.TrialWorker.Kernels;
using TuningCluster.TrialWorker.Networks;

namespace TuningCluster.TrialWorker.Optimizers;

/// <summary>Stochastic gradient descent, with momentum when it is not zero.</summary>
/// <param name="length">Number of parameters, padding included.</param>
/// <param name="rate">Learning rate.</param>
/// <param name="momentum">In [0, 1].</param>
/// <param name="decay">L2 penalty on weights.</param>
public sealed class SgdOptimizer(int length, float rate, float momentum, float decay) : Optimizer
{
    private readonly AlignedBuffer? _velocity = momentum == 0 ? null : new AlignedBuffer(length);

    public override void Step(Span<float> parameters, ReadOnlySpan<float> gradient, ReadOnlySpan<ParameterBlock> blocks)
    {
        foreach (var (start, count, decays) in blocks)
        {
            var weights = parameters.Slice(start, count);
            var slope = gradient.Slice(start, count);
            var penalty = new Penalty(0, decays ? decay : 0, 0);
            if (_velocity is null)
            {
                Updates.Sgd(weights, slope, rate, penalty);
            }
            else
            {
                Updates.Momentum(weights, slope, _velocity.Span.Slice(start, count), rate, momentum, penalty);
            }
        }
    }
}
