using TuningCluster.TrialWorker.Kernels;

namespace TuningCluster.TrialWorker.Optimizers;

/// <summary>Adam (Kingma and Ba 2015, arXiv:1412.6980).</summary>
/// <param name="length">Number of parameters, padding included.</param>
/// <param name="beta1">Decay of the first moment, in [0, 1).</param>
/// <param name="beta2">Decay of the second moment, in [0, 1).</param>
/// <param name="epsilon">Added to the root of the corrected second moment; > 0.</param>
/// <param name="decay">L2 penalty on weights, added to the gradient.</param>
public sealed class AdamOptimizer(int length, float beta1, float beta2, double epsilon, float decay) : Optimizer
{
    /// <summary>The least normal float: a term that underflowed to zero would make 0 ÷ 0 of every parameter without a gradient.</summary>
    private const float LeastTerm = 1.17549435e-38f;

    private readonly AlignedBuffer _first = new(length);
    private readonly AlignedBuffer _second = new(length);

    // β₁ᵗ and β₂ᵗ of the very floats the kernel uses: with β₂ near 1 those of the doubles would correct by another factor.
    private double _power1 = 1;
    private double _power2 = 1;

    private float _step;
    private float _term;

    public override void Begin(double rate)
    {
        _power1 *= beta1;
        _power2 *= beta2;
        var correction = Math.Sqrt(1 - _power2);
        _step = (float)(rate * correction / (1 - _power1));
        _term = Math.Max(LeastTerm, (float)(epsilon * correction));
    }

    public override void Apply(int start, Span<float> parameters, ReadOnlySpan<float> gradient, bool decays) => Updates.Adam(
        parameters, gradient, _first.Span.Slice(start, parameters.Length), _second.Span.Slice(start, parameters.Length),
        _step, beta1, beta2, _term, decays ? decay : 0);
}
