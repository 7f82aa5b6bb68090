using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TuningCluster.TrialWorker.Kernels;

// exp, tanh and the logistic function of eight floats; Cephes' single-precision polynomials (Moshier 1992, expf.c, tanhf.c).
// Relative errors, asserted by the tests over a million floats of all exponents (exp through the logistic function):
//   Exp      ≤ 2 · 2⁻²³ on [−87, 88]; the input is clamped to that interval, so no result is subnormal, zero or infinite.
//   Tanh     ≤ 3 · 2⁻²³ everywhere; exactly ±1 from |x| ≥ 9.02 on; keeps the sign of zero.
//   Logistic ≤ 4 · 2⁻²³ for x ≥ −87; below, the result stays at σ(−87) ≈ 1.6e−38 instead of falling to zero.
// NaN gives NaN in all three: max(c, x) of the hardware returns its second operand when one is NaN, hence the order of the operands.

/// <summary>Elementary functions of a vector; only callable where <see cref="KernelPath.IsVectorized"/>.</summary>
internal static class VectorMath
{
    private const float ExpLow = -87f;
    private const float ExpHigh = 88f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x)
    {
        x = Avx.Min(Vector256.Create(ExpHigh), Avx.Max(Vector256.Create(ExpLow), x));

        // x = n·ln 2 + r with |r| ≤ ½ ln 2; ln 2 in two parts, the first with so few bits that n times it is exact.
        var n = Avx.RoundToNearestInteger(x * Vector256.Create(1.44269504088896341f));
        var r = Fma.MultiplyAddNegated(n, Vector256.Create(0.693359375f), x);
        r = Fma.MultiplyAddNegated(n, Vector256.Create(-2.12194440e-4f), r);

        var p = Vector256.Create(1.9875691500e-4f);
        p = Fma.MultiplyAdd(p, r, Vector256.Create(1.3981999507e-3f));
        p = Fma.MultiplyAdd(p, r, Vector256.Create(8.3334519073e-3f));
        p = Fma.MultiplyAdd(p, r, Vector256.Create(4.1665795894e-2f));
        p = Fma.MultiplyAdd(p, r, Vector256.Create(1.6666665459e-1f));
        p = Fma.MultiplyAdd(p, r, Vector256.Create(5.0000001201e-1f));
        p = Fma.MultiplyAdd(p, r * r, r + Vector256<float>.One);

        // 2ⁿ by its exponent bits; n is in [−126, 127].
        var power = Avx2.ShiftLeftLogical(Avx2.Add(Avx.ConvertToVector256Int32(n), Vector256.Create(127)), 23);
        return p * power.AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Logistic(Vector256<float> x) =>
        Vector256<float>.One / (Vector256<float>.One + Exp(-x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Tanh(Vector256<float> x)
    {
        var sign = x & Vector256.Create(-0f);
        var magnitude = x ^ sign;

        // Near zero 1 − 2/(e^2x + 1) cancels: an odd polynomial instead.
        var z = magnitude * magnitude;
        var p = Vector256.Create(-5.70498872745e-3f);
        p = Fma.MultiplyAdd(p, z, Vector256.Create(2.06390887954e-2f));
        p = Fma.MultiplyAdd(p, z, Vector256.Create(-5.37397155531e-2f));
        p = Fma.MultiplyAdd(p, z, Vector256.Create(1.33314422036e-1f));
        p = Fma.MultiplyAdd(p, z, Vector256.Create(-3.33332819422e-1f));
        var near = Fma.MultiplyAdd(p * z, magnitude, magnitude);

        var far = Vector256<float>.One - (Vector256.Create(2f) / (Exp(magnitude + magnitude) + Vector256<float>.One));
        var isFar = Avx.CompareGreaterThan(magnitude, Vector256.Create(0.625f));
        return Avx.BlendVariable(near, far, isFar) | sign;
    }
}
