using System.Runtime.CompilerServices;
using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Optimizers;

/// <summary>Stochastic gradient descent, with momentum when it is not zero.</summary>
internal sealed class SgdOptimizer(int length, OptimizerSettings settings, bool isNesterov) : Optimizer(length, settings)
{
    private readonly float _momentum = (float)settings.Momentum;
    private readonly bool _hasVelocity = settings.Momentum != 0;
    private float _rate;

    private protected override void Prepare(double rate) => _rate = (float)rate;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private protected override void Move(int start, Span<float> parameters, ReadOnlySpan<float> gradient, Penalty penalty)
    {
        if (!_hasVelocity)
        {
            Updates.Sgd(parameters, gradient, _rate, penalty);
        }
        else if (isNesterov)
        {
            Updates.Nesterov(parameters, gradient, State(0, start, parameters.Length), _rate, _momentum, penalty);
        }
        else
        {
            Updates.Momentum(parameters, gradient, State(0, start, parameters.Length), _rate, _momentum, penalty);
        }
    }
}
