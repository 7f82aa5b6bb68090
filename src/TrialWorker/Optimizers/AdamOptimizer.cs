using System.Runtime.CompilerServices;
using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Optimizers;

/// <summary>Adam and AdamW.</summary>
internal sealed class AdamOptimizer(int length, OptimizerSettings settings) : Optimizer(length, settings)
{
    /// <summary>The least normal float: a term that underflowed to zero would make 0 ÷ 0 of every parameter without a gradient.</summary>
    internal const float LeastTerm = 1.17549435e-38f;

    private readonly float _beta1 = (float)settings.Beta1;
    private readonly float _beta2 = (float)settings.Beta2;
    private readonly double _epsilon = settings.Epsilon;

    // β₁ᵗ and β₂ᵗ of the very floats the kernel uses: with β₂ near 1 those of the doubles would correct by another factor.
    private readonly double[] _powers = [1, 1];
    private float _step;
    private float _term;

    private protected override Span<double> Numbers => _powers;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private protected override void Prepare(double rate)
    {
        _powers[0] *= _beta1;
        _powers[1] *= _beta2;
        var correction = Math.Sqrt(1 - _powers[1]);
        _step = (float)(rate * correction / (1 - _powers[0]));
        _term = Math.Max(LeastTerm, (float)(_epsilon * correction));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private protected override void Move(int start, Span<float> parameters, ReadOnlySpan<float> gradient, Penalty penalty) => Updates.Adam(
        parameters, gradient, State(0, start, parameters.Length), State(1, start, parameters.Length), _step, _beta1, _beta2, _term, penalty);
}
