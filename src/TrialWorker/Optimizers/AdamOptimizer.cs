using TuningCluster.TrialWorker.Kernels;
using TuningCluster.TrialWorker.Networks;

namespace TuningCluster.TrialWorker.Optimizers;

/// <summary>Adam (Kingma and Ba 2015, arXiv:1412.6980).</summary>
/// <param name="length">Number of parameters, padding included.</param>
/// <param name="rate">Learning rate.</param>
/// <param name="beta1">Decay of the first moment, in [0, 1).</param>
/// <param name="beta2">Decay of the second moment, in [0, 1).</param>
/// <param name="epsilon">Added to the root of the corrected second moment; > 0.</param>
/// <param name="decay">L2 penalty on weights, added to the gradient.</param>
public sealed class AdamOptimizer(int length, double rate, float beta1, float beta2, double epsilon, float decay) : Optimizer
{
    /// <summary>The least normal float: a term that underflowed to zero would make 0 ÷ 0 of every parameter without a gradient.</summary>
    private const float LeastTerm = 1.17549435e-38f;

    private readonly AlignedBuffer _first = new(length);
    private readonly AlignedBuffer _second = new(length);

    // β₁ᵗ and β₂ᵗ of the very floats the kernel uses: with β₂ near 1 those of the doubles would correct by another factor.
    private double _power1 = 1;
    private double _power2 = 1;

    public override void Step(Span<float> parameters, ReadOnlySpan<float> gradient, ReadOnlySpan<ParameterBlock> blocks)
    {
        _power1 *= beta1;
        _power2 *= beta2;
        var correction = Math.Sqrt(1 - _power2);
        var step = (float)(rate * correction / (1 - _power1));
        var term = Math.Max(LeastTerm, (float)(epsilon * correction));
        foreach (var (start, count, decays) in blocks)
        {
            Updates.Adam(
                parameters.Slice(start, count), gradient.Slice(start, count),
                _first.Span.Slice(start, count), _second.Span.Slice(start, count),
                step, beta1, beta2, term, new Penalty(0, decays ? decay : 0, 0));
        }
    }
}
