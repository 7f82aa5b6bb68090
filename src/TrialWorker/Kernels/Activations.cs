using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Kernels;

// Forward   y = f(x);   backward   g := g·f′(x), with f′ written in terms of y, so that x need not be kept:
//   sigmoid y = 1/(1+e^−x)  y(1−y)      tanh  1−y²      relu y = x where x ≥ 0, 0 where x < 0   1 where y > 0, else 0.
// Layout: flat. Registers: at most 9 of 16 YMM (tanh).
// Against ActivationsReference: sigmoid and tanh relative 4·2⁻²³ each (VectorMath), below σ(−87) absolute 1.6e−38; relu exact;
// backward 3·2⁻²⁴·|g|·max(1, y²) for the factors' rounding, and below the normal range (1 + |g|)·2⁻¹⁵⁰.
// NaN stays NaN forward: a diverged network must not look healthy.
// Tails: Elementwise.

/// <summary>Activation functions and their derivatives, over flat spans.</summary>
public static class Activations
{
    /// <summary>y = 1 / (1 + e^−x).</summary>
    /// <param name="x">Any length.</param>
    /// <param name="y">The same length; may be the same span.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> y)
    {
        ActivationsReference.Check(x.Length, y.Length);
        if (KernelPath.IsVectorized)
        {
            Elementwise.Map<SigmoidKernel>(x, y);
        }
        else
        {
            ActivationsReference.Sigmoid(x, y);
        }
    }

    /// <summary>y = tanh x.</summary>
    /// <inheritdoc cref="Sigmoid"/>
    public static void Tanh(ReadOnlySpan<float> x, Span<float> y)
    {
        ActivationsReference.Check(x.Length, y.Length);
        if (KernelPath.IsVectorized)
        {
            Elementwise.Map<TanhKernel>(x, y);
        }
        else
        {
            ActivationsReference.Tanh(x, y);
        }
    }

    /// <summary>y = max(0, x); keeps NaN.</summary>
    /// <inheritdoc cref="Sigmoid"/>
    public static void Relu(ReadOnlySpan<float> x, Span<float> y)
    {
        ActivationsReference.Check(x.Length, y.Length);
        if (KernelPath.IsVectorized)
        {
            Elementwise.Map<ReluKernel>(x, y);
        }
        else
        {
            ActivationsReference.Relu(x, y);
        }
    }

    /// <summary>Multiplies <paramref name="gradient"/> by the derivative of <see cref="Sigmoid"/>.</summary>
    /// <param name="outputs">What the forward function gave.</param>
    /// <param name="gradient">In: by the outputs; out: by the inputs. The same length.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public static void SigmoidBackward(ReadOnlySpan<float> outputs, Span<float> gradient)
    {
        ActivationsReference.Check(outputs.Length, gradient.Length);
        if (KernelPath.IsVectorized)
        {
            Elementwise.Map<SigmoidBackwardKernel>(outputs, gradient, gradient);
        }
        else
        {
            ActivationsReference.SigmoidBackward(outputs, gradient);
        }
    }

    /// <summary>Multiplies <paramref name="gradient"/> by the derivative of <see cref="Tanh"/>.</summary>
    /// <inheritdoc cref="SigmoidBackward"/>
    public static void TanhBackward(ReadOnlySpan<float> outputs, Span<float> gradient)
    {
        ActivationsReference.Check(outputs.Length, gradient.Length);
        if (KernelPath.IsVectorized)
        {
            Elementwise.Map<TanhBackwardKernel>(outputs, gradient, gradient);
        }
        else
        {
            ActivationsReference.TanhBackward(outputs, gradient);
        }
    }

    /// <summary>Multiplies <paramref name="gradient"/> by the derivative of <see cref="Relu"/>, which is taken as 0 at 0.</summary>
    /// <inheritdoc cref="SigmoidBackward"/>
    public static void ReluBackward(ReadOnlySpan<float> outputs, Span<float> gradient)
    {
        ActivationsReference.Check(outputs.Length, gradient.Length);
        if (KernelPath.IsVectorized)
        {
            Elementwise.Map<ReluBackwardKernel>(outputs, gradient, gradient);
        }
        else
        {
            ActivationsReference.ReluBackward(outputs, gradient);
        }
    }

    private readonly struct SigmoidKernel : IUnaryKernel
    {
        public static Vector256<float> Apply(Vector256<float> x) => VectorMath.Logistic(x);
    }

    private readonly struct TanhKernel : IUnaryKernel
    {
        public static Vector256<float> Apply(Vector256<float> x) => VectorMath.Tanh(x);
    }

    private readonly struct ReluKernel : IUnaryKernel
    {
        // maxps returns its second operand for NaN and for two zeros: NaN and −0 pass through, as in the reference.
        public static Vector256<float> Apply(Vector256<float> x) => Avx.Max(Vector256<float>.Zero, x);
    }

    private readonly struct SigmoidBackwardKernel : IBinaryKernel
    {
        public static Vector256<float> Apply(Vector256<float> y, Vector256<float> gradient) => gradient * (y * (Vector256<float>.One - y));
    }

    private readonly struct TanhBackwardKernel : IBinaryKernel
    {
        public static Vector256<float> Apply(Vector256<float> y, Vector256<float> gradient) =>
            gradient * Fma.MultiplyAddNegated(y, y, Vector256<float>.One);
    }

    private readonly struct ReluBackwardKernel : IBinaryKernel
    {
        public static Vector256<float> Apply(Vector256<float> y, Vector256<float> gradient) =>
            gradient & Avx.CompareGreaterThan(y, Vector256<float>.Zero);
    }
}
