using System.Runtime.CompilerServices;
using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Optimizers;

/// <summary>RMSProp, with momentum when it is not zero.</summary>
internal sealed class RmsPropOptimizer(int length, OptimizerSettings settings) : Optimizer(length, settings)
{
    private readonly float _decay = (float)settings.RmsDecay;
    private readonly float _epsilon = (float)settings.Epsilon;
    private readonly float _momentum = (float)settings.Momentum;
    private readonly bool _hasVelocity = settings.Momentum != 0;
    private float _rate;

    private protected override void Prepare(double rate) => _rate = (float)rate;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private protected override void Move(int start, Span<float> parameters, ReadOnlySpan<float> gradient, Penalty penalty)
    {
        var square = State(0, start, parameters.Length);
        if (_hasVelocity)
        {
            Updates.RmsProp(parameters, gradient, square, State(1, start, parameters.Length), _rate, _decay, _epsilon, _momentum, penalty);
        }
        else
        {
            Updates.RmsProp(parameters, gradient, square, _rate, _decay, _epsilon, penalty);
        }
    }
}
