using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Kernels;

// Forward   y = f(x);   backward   g := g·f′(x), with f′ written in terms of y, so that x need not be kept:
//   sigmoid     1/(1+e^−x)                            y(1−y)
//   tanh        tanh x                                1−y²
//   relu        x where x ≥ 0, 0 where x < 0          1 where y > 0, else 0
//   leaky relu  x where x ≥ 0, x/100 where x < 0      1 where y > 0, else 1/100
//   elu         x where x > 0, else e^x−1             1 where y > 0, else y+1
//   selu        λx where x > 0, else λα(e^x−1)        λ where y > 0, else y+λα
//   softplus    ln(1+e^x) = max(x, 0) + ln(1+e^−|x|)  1−e^−y
// Layout: flat. Registers: at most 9 of 16 YMM.
// Against ActivationsReference, in units of 2⁻²³ of |y|: sigmoid and tanh 4 + 1 (below σ(−87) absolute 1.6e−38), relu and leaky relu
// exact, elu 3, selu 4, softplus 4 (below x = −87 absolute 1.6e−38).
// Backward 2⁻²²·|g|·max(1, y²) for the factors' rounding (sigmoid, tanh: 3·2⁻²⁴), below the normal range (1 + |g|)·2⁻¹⁵⁰, and
// |g|·2⁻⁶⁴ for sigmoid and softplus: a derivative that small is taken as zero, or a saturated layer would fill the pass below with
// subnormal numbers, where multiplications can be a hundred times slower.
// NaN stays NaN forward: a diverged network must not look healthy.
// Tails: Elementwise.

/// <summary>Activation functions and their derivatives, over flat spans.</summary>
public static partial class Activations
{
    /// <summary>The slope of <see cref="LeakyRelu"/> below zero.</summary>
    public const float LeakySlope = 0.01f;

    /// <summary>λ of <see cref="Selu"/> (Klambauer et al. 2017, arXiv:1706.02515, eq. 14).</summary>
    public const float SeluScale = 1.05070098735548049f;

    /// <summary>α of <see cref="Selu"/>.</summary>
    public const float SeluAlpha = 1.67326324235437728f;

    private delegate void Forward(ReadOnlySpan<float> x, Span<float> y);

    private delegate void Backward(ReadOnlySpan<float> kept, Span<float> gradient);

    /// <summary>y = x. Its derivative is one: there is nothing to multiply.</summary>
    /// <inheritdoc cref="Sigmoid"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Identity(ReadOnlySpan<float> x, Span<float> y)
    {
        ActivationsReference.Check(x.Length, y.Length);
        x.CopyTo(y);
    }

    /// <summary>y = 1 / (1 + e^−x).</summary>
    /// <param name="x">Any length.</param>
    /// <param name="y">The same length; may be the same span.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> y) => Run<SigmoidKernel>(x, y, ActivationsReference.Sigmoid);

    /// <summary>y = tanh x.</summary>
    /// <inheritdoc cref="Sigmoid"/>
    public static void Tanh(ReadOnlySpan<float> x, Span<float> y) => Run<TanhKernel>(x, y, ActivationsReference.Tanh);

    /// <summary>y = max(0, x); keeps NaN.</summary>
    /// <inheritdoc cref="Sigmoid"/>
    public static void Relu(ReadOnlySpan<float> x, Span<float> y) => Run<ReluKernel>(x, y, ActivationsReference.Relu);

    /// <summary>y = x where x ≥ 0, <see cref="LeakySlope"/>·x where x &lt; 0.</summary>
    /// <inheritdoc cref="Sigmoid"/>
    public static void LeakyRelu(ReadOnlySpan<float> x, Span<float> y) => Run<LeakyReluKernel>(x, y, ActivationsReference.LeakyRelu);

    /// <summary>y = x where x > 0, else e^x − 1 (Clevert et al. 2016, arXiv:1511.07289, α = 1).</summary>
    /// <inheritdoc cref="Sigmoid"/>
    public static void Elu(ReadOnlySpan<float> x, Span<float> y) => Run<EluKernel>(x, y, ActivationsReference.Elu);

    /// <summary>y = λx where x > 0, else λα(e^x − 1), with <see cref="SeluScale"/> and <see cref="SeluAlpha"/>.</summary>
    /// <inheritdoc cref="Sigmoid"/>
    public static void Selu(ReadOnlySpan<float> x, Span<float> y) => Run<SeluKernel>(x, y, ActivationsReference.Selu);

    /// <summary>y = ln(1 + e^x).</summary>
    /// <inheritdoc cref="Sigmoid"/>
    public static void Softplus(ReadOnlySpan<float> x, Span<float> y) => Run<SoftplusKernel>(x, y, ActivationsReference.Softplus);

    /// <summary>Multiplies <paramref name="gradient"/> by the derivative of <see cref="Sigmoid"/>.</summary>
    /// <param name="outputs">What the forward function gave.</param>
    /// <param name="gradient">In: by the outputs; out: by the inputs. The same length.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public static void SigmoidBackward(ReadOnlySpan<float> outputs, Span<float> gradient) =>
        Run<SigmoidBackwardKernel>(outputs, gradient, ActivationsReference.SigmoidBackward);

    /// <summary>Multiplies <paramref name="gradient"/> by the derivative of <see cref="Tanh"/>.</summary>
    /// <inheritdoc cref="SigmoidBackward"/>
    public static void TanhBackward(ReadOnlySpan<float> outputs, Span<float> gradient) =>
        Run<TanhBackwardKernel>(outputs, gradient, ActivationsReference.TanhBackward);

    /// <summary>Multiplies <paramref name="gradient"/> by the derivative of <see cref="Relu"/>, which is taken as 0 at 0.</summary>
    /// <inheritdoc cref="SigmoidBackward"/>
    public static void ReluBackward(ReadOnlySpan<float> outputs, Span<float> gradient) =>
        Run<ReluBackwardKernel>(outputs, gradient, ActivationsReference.ReluBackward);

    /// <summary>Multiplies <paramref name="gradient"/> by the derivative of <see cref="LeakyRelu"/>, which is taken as
    /// <see cref="LeakySlope"/> at 0.</summary>
    /// <inheritdoc cref="SigmoidBackward"/>
    public static void LeakyReluBackward(ReadOnlySpan<float> outputs, Span<float> gradient) =>
        Run<LeakyReluBackwardKernel>(outputs, gradient, ActivationsReference.LeakyReluBackward);

    /// <summary>Multiplies <paramref name="gradient"/> by the derivative of <see cref="Elu"/>.</summary>
    /// <inheritdoc cref="SigmoidBackward"/>
    public static void EluBackward(ReadOnlySpan<float> outputs, Span<float> gradient) =>
        Run<EluBackwardKernel>(outputs, gradient, ActivationsReference.EluBackward);

    /// <summary>Multiplies <paramref name="gradient"/> by the derivative of <see cref="Selu"/>, which is taken as λα at 0.</summary>
    /// <inheritdoc cref="SigmoidBackward"/>
    public static void SeluBackward(ReadOnlySpan<float> outputs, Span<float> gradient) =>
        Run<SeluBackwardKernel>(outputs, gradient, ActivationsReference.SeluBackward);

    /// <summary>Multiplies <paramref name="gradient"/> by the derivative of <see cref="Softplus"/>.</summary>
    /// <inheritdoc cref="SigmoidBackward"/>
    public static void SoftplusBackward(ReadOnlySpan<float> outputs, Span<float> gradient) =>
        Run<SoftplusBackwardKernel>(outputs, gradient, ActivationsReference.SoftplusBackward);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TKernel>(ReadOnlySpan<float> x, Span<float> y, Forward reference)
        where TKernel : struct, IUnaryKernel
    {
        ActivationsReference.Check(x.Length, y.Length);
        if (KernelPath.IsVectorized)
        {
            Elementwise.Map<TKernel>(x, y);
        }
        else
        {
            reference(x, y);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TKernel>(ReadOnlySpan<float> kept, Span<float> gradient, Backward reference)
        where TKernel : struct, IBinaryKernel
    {
        ActivationsReference.Check(kept.Length, gradient.Length);
        if (KernelPath.IsVectorized)
        {
            Elementwise.Map<TKernel>(kept, gradient, gradient);
        }
        else
        {
            reference(kept, gradient);
        }
    }

    /// <summary>The derivative, or zero where it is below 2⁻⁶⁴, for one that is never negative; keeps NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> NoticeablePositive(Vector256<float> derivative) =>
        Vector256.AndNot(derivative, Vector256.LessThan(derivative, Vector256.Create(5.421010862e-20f)));

    /// <summary>The derivative, or zero where its magnitude is below 2⁻⁶⁴; keeps NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Noticeable(Vector256<float> derivative) =>
        Vector256.AndNot(derivative, Vector256.LessThan(Vector256.Abs(derivative), Vector256.Create(5.421010862e-20f)));

    private readonly struct SigmoidKernel : IUnaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Apply(Vector256<float> x) => VectorMath.Logistic(x);
    }

    private readonly struct TanhKernel : IUnaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Apply(Vector256<float> x) => VectorMath.Tanh(x);
    }

    private readonly struct ReluKernel : IUnaryKernel
    {
        // Not a maximum: machines differ in what theirs makes of −0 and NaN.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Apply(Vector256<float> x) => Vector256.AndNot(x, Vector256.LessThan(x, Vector256<float>.Zero));
    }

    private readonly struct LeakyReluKernel : IUnaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Apply(Vector256<float> x) =>
            Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256<float>.Zero), x * Vector256.Create(LeakySlope), x);
    }

    private readonly struct EluKernel : IUnaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Apply(Vector256<float> x) =>
            Vector256.ConditionalSelect(Vector256.GreaterThan(x, Vector256<float>.Zero), x, VectorMath.Expm1(x));
    }

    private readonly struct SeluKernel : IUnaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Apply(Vector256<float> x) =>
            Vector256.ConditionalSelect(
                Vector256.GreaterThan(x, Vector256<float>.Zero),
                x * Vector256.Create(SeluScale),
                VectorMath.Expm1(x) * Vector256.Create(SeluScale * SeluAlpha));
    }

    private readonly struct SoftplusKernel : IUnaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Apply(Vector256<float> x) =>
            Vector256.AndNot(x, Vector256.LessThan(x, Vector256<float>.Zero)) + VectorMath.Log1p(VectorMath.Exp(-Vector256.Abs(x)));
    }

    private readonly struct SigmoidBackwardKernel : IBinaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Apply(Vector256<float> y, Vector256<float> gradient) =>
            gradient * NoticeablePositive(y * (Vector256<float>.One - y));
    }

    private readonly struct TanhBackwardKernel : IBinaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Apply(Vector256<float> y, Vector256<float> gradient) =>
            gradient * Vector256.FusedMultiplyAdd(-y, y, Vector256<float>.One);
    }

    private readonly struct ReluBackwardKernel : IBinaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Apply(Vector256<float> y, Vector256<float> gradient) =>
            gradient & Vector256.GreaterThan(y, Vector256<float>.Zero);
    }

    private readonly struct LeakyReluBackwardKernel : IBinaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Apply(Vector256<float> y, Vector256<float> gradient) =>
            Vector256.ConditionalSelect(
                Vector256.GreaterThan(y, Vector256<float>.Zero), gradient, gradient * Vector256.Create(LeakySlope));
    }

    private readonly struct EluBackwardKernel : IBinaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Apply(Vector256<float> y, Vector256<float> gradient) =>
            Vector256.ConditionalSelect(
                Vector256.GreaterThan(y, Vector256<float>.Zero), gradient, gradient * (y + Vector256<float>.One));
    }

    private readonly struct SeluBackwardKernel : IBinaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Apply(Vector256<float> y, Vector256<float> gradient) =>
            gradient * Vector256.ConditionalSelect(
                Vector256.GreaterThan(y, Vector256<float>.Zero),
                Vector256.Create(SeluScale),
                y + Vector256.Create(SeluScale * SeluAlpha));
    }

    private readonly struct SoftplusBackwardKernel : IBinaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Apply(Vector256<float> y, Vector256<float> gradient) =>
            gradient * NoticeablePositive(-VectorMath.Expm1(-y));
    }
}
