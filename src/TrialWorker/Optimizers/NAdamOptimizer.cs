using System.Runtime.CompilerServices;
using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Optimizers;

/// <summary>NAdam, with the momentum schedule of Dozat 2016 as PyTorch has it: µ(t) = β₁·(1 − ½·0.96^(0.004·t)).</summary>
internal sealed class NAdamOptimizer(int length, OptimizerSettings settings) : Optimizer(length, settings)
{
    private const double ScheduleBase = 0.96;
    private const double ScheduleDecay = 0.004;

    private readonly float _beta1 = (float)settings.Beta1;
    private readonly float _beta2 = (float)settings.Beta2;
    private readonly double _epsilon = settings.Epsilon;

    // The product of the momenta so far, and β₂ᵗ.
    private readonly double[] _products = [1, 1];
    private float _gradientStep;
    private float _momentStep;
    private float _term;

    private protected override Span<double> Numbers => _products;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private protected override void Prepare(double rate)
    {
        var momentum = Momentum(Steps);
        var next = Momentum(Steps + 1);
        _products[0] *= momentum;
        _products[1] *= _beta2;
        var correction = Math.Sqrt(1 - _products[1]);
        _gradientStep = (float)(rate * correction * (1 - momentum) / (1 - _products[0]));
        _momentStep = (float)(rate * correction * next / (1 - (_products[0] * next)));
        _term = Math.Max(AdamOptimizer.LeastTerm, (float)(_epsilon * correction));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private protected override void Move(int start, Span<float> parameters, ReadOnlySpan<float> gradient, Penalty penalty) => Updates.NAdam(
        parameters, gradient, State(0, start, parameters.Length), State(1, start, parameters.Length),
        _gradientStep, _momentStep, _beta1, _beta2, _term, penalty);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Momentum(int step) => _beta1 * (1 - (0.5 * Math.Pow(ScheduleBase, step * ScheduleDecay)));
}
