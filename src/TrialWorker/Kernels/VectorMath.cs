using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TuningCluster.TrialWorker.Kernels;

// Elementary functions of eight floats. The polynomial of e^r is Cephes' (Moshier 1992, expf.c); those of the logarithm and of the error
// function are minimax fits of our own (Remez in 40 digits; the error of the fit stands beside each).
// Relative errors in units of 2⁻²³, asserted by the tests over a million floats of all exponents:
//   Exp      ≤ 2 on [−87, 87]; the input is clamped to that interval: neither a result nor its inverse is subnormal, zero or infinite.
//   Expm1    ≤ 2 on (−∞, 87], clamped to [−87, 87] as well; −0 becomes 0.
//   Tanh     ≤ 3 everywhere; exactly ±1 from |x| ≥ 9.02 on; keeps the sign of zero.
//   Logistic ≤ 4 for x ≥ −87; below, the result stays at σ(−87) ≈ 1.6e−38 instead of falling to zero.
//   Log      ≤ 2 for normal x > 0; +∞ gives +∞; zero, subnormal and negative x mean nothing.
//   Log1p    ≤ 2 on [0, 1].
//   Erf      ≤ 2 everywhere; exactly ±1 from |x| ≥ 4 on; keeps the sign of zero.
// NaN gives NaN in all of them: MaxNative(c, x) is x or NaN where x is NaN, on x86 because of the order of the operands.
// Registers: at most 9 of 16 YMM (Erf), constants being read from memory.

/// <summary>Elementary functions of a vector; the same bits on every hardware.</summary>
public static class VectorMath
{
    private const float ExpLow = -87f;
    private const float ExpHigh = 87f;

    /// <summary>e^x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x)
    {
        var p = Exponential(x, out var power);
        return Vector256.FusedMultiplyAdd(p, power, power);
    }

    /// <summary>e^x − 1, without the cancellation near zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Expm1(Vector256<float> x)
    {
        var p = Exponential(x, out var power);
        return Vector256.FusedMultiplyAdd(p, power, power - Vector256<float>.One);
    }

    /// <summary>1 / (1 + e^−x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Logistic(Vector256<float> x) =>
        Vector256<float>.One / (Vector256<float>.One + Exp(-x));

    /// <summary>tanh x = h/(h + 2) with h = e^2x − 1, which does not cancel anywhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Tanh(Vector256<float> x)
    {
        var sign = x & Vector256.Create(-0f);
        var magnitude = x ^ sign;
        var h = Expm1(magnitude + magnitude);
        return (h / (h + Vector256.Create(2f))) | sign;
    }

    /// <summary>ln x, for normal x > 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Log(Vector256<float> x)
    {
        // x = 2ᵉ·m with m in [√½, √2): subtracting the bits of √½ carries into the exponent where the mantissa is above √2's.
        var bits = x.AsInt32();
        var e = (bits - Vector256.Create(0x3F3504F3)) >> 23;
        var m = (bits - (e << 23)).AsSingle();
        var t = (m - Vector256<float>.One) / (m + Vector256<float>.One);
        t += t;

        // ln 2 in two parts, as in Exponential.
        var n = Vector256.ConvertToSingle(e);
        var small = Vector256.FusedMultiplyAdd(n, Vector256.Create(-2.12194440e-4f), LogSeries(t));
        var log = Vector256.FusedMultiplyAdd(n, Vector256.Create(0.693359375f), t + small);
        return Vector256.ConditionalSelect(Vector256.LessThanOrEqual(x, Vector256.Create(float.MaxValue)), log, x);
    }

    /// <summary>ln(1 + x), for x in [0, 1]; not below the normal range for a normal x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Log1p(Vector256<float> x)
    {
        var t = (x + x) / (x + Vector256.Create(2f));
        return t + LogSeries(t);
    }

    /// <summary>erf x = 2/√π·∫₀ˣ e^−t² dt.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Erf(Vector256<float> x)
    {
        var sign = x & Vector256.Create(-0f);
        var magnitude = x ^ sign;

        // |x| ≤ 0.94: x + x·P(x²); 2^−25.5 relative.
        var z = x * x;
        var near = Vector256.Create(-5.868111621e-4f);
        near = Vector256.FusedMultiplyAdd(near, z, Vector256.Create(4.968743306e-3f));
        near = Vector256.FusedMultiplyAdd(near, z, Vector256.Create(-2.674974315e-2f));
        near = Vector256.FusedMultiplyAdd(near, z, Vector256.Create(1.128134578e-1f));
        near = Vector256.FusedMultiplyAdd(near, z, Vector256.Create(-3.761244714e-1f));
        near = Vector256.FusedMultiplyAdd(near, z, Vector256.Create(1.283791363e-1f));
        near = Vector256.FusedMultiplyAdd(near, x, x);

        // Beyond: 1 − e^−(t + t·R(t)), t ≤ 4, where the exponential is less than half a unit of 1; 2^−28.4 of the result.
        var t = Vector256.MinNative(Vector256.Create(4f), magnitude);
        var far = Vector256.Create(-2.132774243e-4f);
        far = Vector256.FusedMultiplyAdd(far, t, Vector256.Create(3.209095914e-3f));
        far = Vector256.FusedMultiplyAdd(far, t, Vector256.Create(-2.287107334e-2f));
        far = Vector256.FusedMultiplyAdd(far, t, Vector256.Create(1.052322015e-1f));
        far = Vector256.FusedMultiplyAdd(far, t, Vector256.Create(6.357409954e-1f));
        far = Vector256.FusedMultiplyAdd(far, t, Vector256.Create(1.285076141e-1f));
        far = Vector256<float>.One - Exp(-Vector256.FusedMultiplyAdd(far, t, t));
        return Vector256.ConditionalSelect(Vector256.GreaterThan(magnitude, Vector256.Create(0.94f)), far | sign, near);
    }

    /// <summary>p = e^r − 1 and 2ⁿ, where x = n·ln 2 + r and |r| ≤ ½ ln 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Exponential(Vector256<float> x, out Vector256<float> power)
    {
        x = Vector256.MinNative(Vector256.Create(ExpHigh), Vector256.MaxNative(Vector256.Create(ExpLow), x));

        // Adding 1.5·2²³ rounds to a whole number and leaves it in the last bits; with 127 more these are the exponent of 2ⁿ,
        // n in [−126, 126], and the shift drops the rest.
        const float Round = 12582912f + 127f;
        var shifted = Vector256.FusedMultiplyAdd(x, Vector256.Create(1.44269504088896341f), Vector256.Create(Round));
        power = (shifted.AsInt32() << 23).AsSingle();
        var n = shifted - Vector256.Create(Round);

        // ln 2 in two parts, the first with so few bits that n times it is exact.
        var r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-0.693359375f), x);
        r = Vector256.FusedMultiplyAdd(n, Vector256.Create(2.12194440e-4f), r);

        var p = Vector256.Create(1.9875691500e-4f);
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.3981999507e-3f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(8.3334519073e-3f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(4.1665795894e-2f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.6666665459e-1f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(5.0000001201e-1f));
        return Vector256.FusedMultiplyAdd(p, r * r, r);
    }

    /// <summary>2 artanh(t/2) − t = t³/12 + … for |t| ≤ 2/3; 2^−27.7 of the whole. With t = 2(m−1)/(m+1) the whole is ln m.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> LogSeries(Vector256<float> t)
    {
        var z = t * t;
        var p = Vector256.Create(2.801880836e-1f / 512);
        p = Vector256.FusedMultiplyAdd(p, z, Vector256.Create(2.800052762e-1f / 128));
        p = Vector256.FusedMultiplyAdd(p, z, Vector256.Create(4.002159834e-1f / 32));
        p = Vector256.FusedMultiplyAdd(p, z, Vector256.Create(6.666641235e-1f / 8));
        return p * (z * t);
    }
}
