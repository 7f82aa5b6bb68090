using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Kernels;

// Activations that gate x by a function of it: not monotonic, so that their derivatives need x itself.
//   gelu        x·Φ(x), Φ(x) = ½(1 + erf(x/√2))           Φ(x) + x·e^(−x²/2)/√(2π)
//   gelu tanh   x·σ(v), v = x(a + bx²)                    σ(v) + x·σ(v)σ(−v)·(a + 3bx²)      a = 2√(2/π), b = 0.044715·a
//   silu        x·σ(x)                                    σ(x)·(1 + x·σ(−x))
//   mish        x·tanh ln(1+e^x) = x·n/(n+2)              n/(n+2) + 4x·w(1+w)/(n+2)²         w = e^x, n = w(w+2)
//   hard swish  0 up to −3, x from 3 on, else x(x+3)/6    0, 1, else x/3 + ½
// ½(1 + tanh u) of the tanh form is σ(2u), which does not cancel in the left tail.
// Layout: flat. Registers: at most 10 of 16 YMM (gelu).
// Forward against the reference, u = 2⁻²³: gelu u·(2|y| + |x|); gelu tanh u·(5 + |v|)·|y|; silu 5u·|y|; mish 7u·|y|; hard swish 2u·|y|.
// Far in the left tail (x below −6, −9, −64, −64) the result is 0, within 2⁻⁸⁵ of the truth: the factor there would fall below the
// normal range, and times −∞ be no number. Backward: 8u·|g| absolute; derivatives below 2⁻⁶⁴ are taken as zero, as in Activations.
// There x is clamped to where the derivative is 0 or 1 in single precision, so that nothing overflows. NaN stays NaN both ways.
// Tails: Elementwise.
public static partial class Activations
{
    /// <summary>2√(2/π), twice the inner factor of the tanh form.</summary>
    private const float GeluSlope = 1.59576912160573071f;

    private const float GeluCubic = 0.044715f * GeluSlope;

    /// <summary>y = x·Φ(x), Φ being the normal distribution function (Hendrycks and Gimpel 2016, arXiv:1606.08415).</summary>
    /// <inheritdoc cref="Sigmoid"/>
    public static void Gelu(ReadOnlySpan<float> x, Span<float> y) => Run<GeluKernel>(x, y, ActivationsReference.Gelu);

    /// <summary>y = ½x(1 + tanh(√(2/π)·(x + 0.044715x³))), the same paper's approximation.</summary>
    /// <inheritdoc cref="Sigmoid"/>
    public static void GeluTanh(ReadOnlySpan<float> x, Span<float> y) => Run<GeluTanhKernel>(x, y, ActivationsReference.GeluTanh);

    /// <summary>y = x/(1 + e^−x), also called swish (Ramachandran et al. 2017, arXiv:1710.05941).</summary>
    /// <inheritdoc cref="Sigmoid"/>
    public static void Silu(ReadOnlySpan<float> x, Span<float> y) => Run<SiluKernel>(x, y, ActivationsReference.Silu);

    /// <summary>y = x·tanh(ln(1 + e^x)) (Misra 2019, arXiv:1908.08681).</summary>
    /// <inheritdoc cref="Sigmoid"/>
    public static void Mish(ReadOnlySpan<float> x, Span<float> y) => Run<MishKernel>(x, y, ActivationsReference.Mish);

    /// <summary>y = x·min(max(x + 3, 0), 6)/6 (Howard et al. 2019, arXiv:1905.02244).</summary>
    /// <inheritdoc cref="Sigmoid"/>
    public static void HardSwish(ReadOnlySpan<float> x, Span<float> y) => Run<HardSwishKernel>(x, y, ActivationsReference.HardSwish);

    /// <summary>Multiplies <paramref name="gradient"/> by the derivative of <see cref="Gelu"/>.</summary>
    /// <param name="inputs">What the forward function was given.</param>
    /// <param name="gradient">In: by the outputs; out: by the inputs. The same length.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public static void GeluBackward(ReadOnlySpan<float> inputs, Span<float> gradient) =>
        Run<GeluBackwardKernel>(inputs, gradient, ActivationsReference.GeluBackward);

    /// <summary>Multiplies <paramref name="gradient"/> by the derivative of <see cref="GeluTanh"/>.</summary>
    /// <inheritdoc cref="GeluBackward"/>
    public static void GeluTanhBackward(ReadOnlySpan<float> inputs, Span<float> gradient) =>
        Run<GeluTanhBackwardKernel>(inputs, gradient, ActivationsReference.GeluTanhBackward);

    /// <summary>Multiplies <paramref name="gradient"/> by the derivative of <see cref="Silu"/>.</summary>
    /// <inheritdoc cref="GeluBackward"/>
    public static void SiluBackward(ReadOnlySpan<float> inputs, Span<float> gradient) =>
        Run<SiluBackwardKernel>(inputs, gradient, ActivationsReference.SiluBackward);

    /// <summary>Multiplies <paramref name="gradient"/> by the derivative of <see cref="Mish"/>.</summary>
    /// <inheritdoc cref="GeluBackward"/>
    public static void MishBackward(ReadOnlySpan<float> inputs, Span<float> gradient) =>
        Run<MishBackwardKernel>(inputs, gradient, ActivationsReference.MishBackward);

    /// <summary>Multiplies <paramref name="gradient"/> by the derivative of <see cref="HardSwish"/>, which is taken as 0 at −3 and 1 at
    /// 3.</summary>
    /// <inheritdoc cref="GeluBackward"/>
    public static void HardSwishBackward(ReadOnlySpan<float> inputs, Span<float> gradient) =>
        Run<HardSwishBackwardKernel>(inputs, gradient, ActivationsReference.HardSwishBackward);

    /// <summary>y, or 0 where x is below <paramref name="end"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> CutLeft(Vector256<float> y, Vector256<float> x, float end) =>
        Vector256.AndNot(y, Vector256.LessThan(x, Vector256.Create(end)));

    /// <summary>x between ±<paramref name="end"/>; keeps NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Clamp(Vector256<float> x, float end) =>
        Vector256.MinNative(Vector256.Create(end), Vector256.MaxNative(Vector256.Create(-end), x));

    /// <summary>Φ(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Normal(Vector256<float> x)
    {
        var half = Vector256.Create(0.5f);
        return Vector256.FusedMultiplyAdd(half, VectorMath.Erf(x * Vector256.Create(0.707106781186547524f)), half);
    }

    private readonly struct GeluKernel : IUnaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Apply(Vector256<float> x) => CutLeft(x * Normal(x), x, -6f);
    }

    private readonly struct GeluTanhKernel : IUnaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Apply(Vector256<float> x)
        {
            var v = x * Vector256.FusedMultiplyAdd(Vector256.Create(GeluCubic), x * x, Vector256.Create(GeluSlope));
            return CutLeft(x * VectorMath.Logistic(v), x, -9f);
        }
    }

    private readonly struct SiluKernel : IUnaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Apply(Vector256<float> x) => CutLeft(x * VectorMath.Logistic(x), x, -64f);
    }

    private readonly struct MishKernel : IUnaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Apply(Vector256<float> x)
        {
            // From x = 20 on the factor is 1, and n would overflow beyond 44.
            var two = Vector256.Create(2f);
            var w = VectorMath.Exp(Vector256.MinNative(Vector256.Create(20f), x));
            var n = w * (w + two);
            return CutLeft(x * (n / (n + two)), x, -64f);
        }
    }

    private readonly struct HardSwishKernel : IUnaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Apply(Vector256<float> x)
        {
            var three = Vector256.Create(3f);
            var middle = x * ((x + three) * Vector256.Create(1 / 6f));
            var right = Vector256.ConditionalSelect(Vector256.GreaterThanOrEqual(x, three), x, middle);
            return Vector256.AndNot(right, Vector256.LessThanOrEqual(x, -three));
        }
    }

    private readonly struct GeluBackwardKernel : IBinaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Apply(Vector256<float> x, Vector256<float> gradient)
        {
            x = Clamp(x, 10f);
            var density = VectorMath.Exp(Vector256.Create(-0.5f) * (x * x)) * Vector256.Create(0.398942280401432678f);
            return gradient * Noticeable(Vector256.FusedMultiplyAdd(x, density, Normal(x)));
        }
    }

    private readonly struct GeluTanhBackwardKernel : IBinaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Apply(Vector256<float> x, Vector256<float> gradient)
        {
            x = Clamp(x, 9f);
            var square = x * x;
            var slope = Vector256.Create(GeluSlope);
            var v = x * Vector256.FusedMultiplyAdd(Vector256.Create(GeluCubic), square, slope);
            var u = VectorMath.Exp(-v);
            var gate = Vector256<float>.One / (Vector256<float>.One + u);
            var inner = x * Vector256.FusedMultiplyAdd(Vector256.Create(3 * GeluCubic), square, slope);
            return gradient * Noticeable(gate * Vector256.FusedMultiplyAdd(inner, u * gate, Vector256<float>.One));
        }
    }

    private readonly struct SiluBackwardKernel : IBinaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Apply(Vector256<float> x, Vector256<float> gradient)
        {
            x = Clamp(x, 80f);
            var u = VectorMath.Exp(-x);
            var gate = Vector256<float>.One / (Vector256<float>.One + u);
            return gradient * Noticeable(gate * Vector256.FusedMultiplyAdd(x, u * gate, Vector256<float>.One));
        }
    }

    private readonly struct MishBackwardKernel : IBinaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Apply(Vector256<float> x, Vector256<float> gradient)
        {
            x = Vector256.MaxNative(Vector256.Create(-64f), Vector256.MinNative(Vector256.Create(20f), x));
            var two = Vector256.Create(2f);
            var w = VectorMath.Exp(x);
            var n = w * (w + two);
            var inverse = Vector256<float>.One / (n + two);
            var bend = (x * Vector256.Create(4f)) * (Vector256.FusedMultiplyAdd(w, w, w) * inverse);
            return gradient * Noticeable(inverse * (n + bend));
        }
    }

    private readonly struct HardSwishBackwardKernel : IBinaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Apply(Vector256<float> x, Vector256<float> gradient)
        {
            var three = Vector256.Create(3f);
            var middle = Vector256.FusedMultiplyAdd(x, Vector256.Create(1 / 3f), Vector256.Create(0.5f));
            var right = Vector256.ConditionalSelect(Vector256.GreaterThanOrEqual(x, three), Vector256<float>.One, middle);
            return gradient * Vector256.AndNot(right, Vector256.LessThanOrEqual(x, -three));
        }
    }
}
