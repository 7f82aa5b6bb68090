using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Optimizers;

/// <summary>Stochastic gradient descent, with momentum when it is not zero.</summary>
/// <param name="length">Number of parameters, padding included.</param>
/// <param name="momentum">In [0, 1].</param>
/// <param name="decay">L2 penalty on weights.</param>
public sealed class SgdOptimizer(int length, float momentum, float decay) : Optimizer
{
    private readonly AlignedBuffer? _velocity = momentum == 0 ? null : new AlignedBuffer(length);
    private float _rate;

    public override void Begin(double rate) => _rate = (float)rate;

    public override void Apply(int start, Span<float> parameters, ReadOnlySpan<float> gradient, bool decays)
    {
        if (_velocity is null)
        {
            Updates.Sgd(parameters, gradient, _rate, decays ? decay : 0);
        }
        else
        {
            Updates.Momentum(parameters, gradient, _velocity.Span.Slice(start, parameters.Length), _rate, momentum, decays ? decay : 0);
        }
    }
}
