using System.Runtime.CompilerServices;
using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Optimizers;

/// <summary>Lion.</summary>
internal sealed class LionOptimizer(int length, OptimizerSettings settings) : Optimizer(length, settings)
{
    private readonly float _beta1 = (float)settings.Beta1;
    private readonly float _beta2 = (float)settings.Beta2;
    private float _rate;

    private protected override void Prepare(double rate) => _rate = (float)rate;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private protected override void Move(int start, Span<float> parameters, ReadOnlySpan<float> gradient, Penalty penalty) =>
        Updates.Lion(parameters, gradient, State(0, start, parameters.Length), _rate, _beta1, _beta2, penalty);
}
