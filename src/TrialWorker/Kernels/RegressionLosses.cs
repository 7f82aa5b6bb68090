using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Kernels;

// d = y − t
// Squared   Σ d²                                                   gradient 2·scale·d
// Absolute  Σ |d|                                                  gradient scale·sign d, 0 where d = 0
// Huber     Σ m·(|d| − m/2), m = min(|d|, δ): d²/2 near, linear far   gradient scale·m·sign d
// LogCosh   Σ ln cosh d                                            gradient scale·tanh d
//   ln cosh d = ½ ln(1 + sinh²d) up to |d| = 0.8, beyond |d| − ln 2 + ln(1 + e^−2|d|): neither cancels nor overflows.
// Layout: flat, so padding that is zero in both adds nothing. Registers: at most 10 of 16 YMM (LogCosh).
// The terms of the first three are the reference's floats, their gradients the reference's bit for bit, NaN included; a term of LogCosh
// is within 4·2⁻²³ of the reference's, its gradient within 5·2⁻²³, both relative.
// Terms are summed in double, eight partial sums and the tail’s: |Δ| ≤ γ(n)·Σ with u = 2⁻⁵³.
// Tails: the last n % 8 elements in a vector on the stack.

/// <summary>Losses that compare outputs with targets number by number.</summary>
public static unsafe class RegressionLosses
{
    /// <summary>Sum of squared differences, and its gradient times <paramref name="scale"/>.</summary>
    /// <param name="outputs">Any length.</param>
    /// <param name="targets">The same length.</param>
    /// <param name="scale">What the gradient is multiplied by: 1 / (rows · outputs) makes it the gradient of the mean.</param>
    /// <param name="gradient">Receives the same length, and may be the same span as <paramref name="outputs"/>; empty when only the loss
    /// is wanted.</param>
    /// <returns>The sum; NaN when a difference is NaN.</returns>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Squared(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, float scale, Span<float> gradient)
    {
        RegressionLossesReference.Check(outputs, targets, gradient);
        return KernelPath.IsVectorized
            ? Run<SquaredKernel>(outputs, targets, 0, 2 * scale, gradient)
            : RegressionLossesReference.Squared(outputs, targets, scale, gradient);
    }

    /// <summary>Sum of absolute differences, and its gradient times <paramref name="scale"/>.</summary>
    /// <inheritdoc cref="Squared"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Absolute(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, float scale, Span<float> gradient)
    {
        RegressionLossesReference.Check(outputs, targets, gradient);
        return KernelPath.IsVectorized
            ? Run<AbsoluteKernel>(outputs, targets, 0, scale, gradient)
            : RegressionLossesReference.Absolute(outputs, targets, scale, gradient);
    }

    /// <summary>Sum of Huber's loss: ½d² up to <paramref name="delta"/>, δ(|d| − ½δ) beyond; and its gradient times
    /// <paramref name="scale"/>.</summary>
    /// <remarks>Huber 1964, Annals of Mathematical Statistics 35:73–101.</remarks>
    /// <param name="delta">δ, where the slope stops growing; > 0 and finite.</param>
    /// <inheritdoc cref="Squared"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Huber(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, float delta, float scale, Span<float> gradient)
    {
        RegressionLossesReference.Check(outputs, targets, gradient);
        RegressionLossesReference.CheckDelta(delta);
        return KernelPath.IsVectorized
            ? Run<HuberKernel>(outputs, targets, delta, scale, gradient)
            : RegressionLossesReference.Huber(outputs, targets, delta, scale, gradient);
    }

    /// <summary>Sum of ln cosh of the differences, and its gradient times <paramref name="scale"/>.</summary>
    /// <inheritdoc cref="Squared"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double LogCosh(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, float scale, Span<float> gradient)
    {
        RegressionLossesReference.Check(outputs, targets, gradient);
        return KernelPath.IsVectorized
            ? Run<LogCoshKernel>(outputs, targets, 0, scale, gradient)
            : RegressionLossesReference.LogCosh(outputs, targets, scale, gradient);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Run<TKernel>(
        ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, float parameter, float scale, Span<float> gradient)
        where TKernel : struct, ILossKernel
    {
        fixed (float* py = outputs, pt = targets, pg = gradient)
        {
            var n = outputs.Length;
            var delta = Vector256.Create(parameter);
            var factor = Vector256.Create(scale);
            var low = Vector256<double>.Zero;
            var high = Vector256<double>.Zero;
            nint i = 0;
            for (; i <= n - KernelPath.Lanes; i += KernelPath.Lanes)
            {
                var difference = Vector256.Load(py + i) - Vector256.Load(pt + i);
                var (l, h) = Vector256.Widen(TKernel.Term(difference, delta));
                low += l;
                high += h;
                if (pg != null)
                {
                    TKernel.Gradient(difference, delta, factor).Store(pg + i);
                }
            }

            var sum = AcrossLanes.Sum(low + high);
            return i == n ? sum : sum + Last<TKernel>(py + i, pt + i, parameter, scale, pg == null ? null : pg + i, n - (int)i);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static double Last<TKernel>(float* y, float* t, float parameter, float scale, float* g, int count)
        where TKernel : struct, ILossKernel
    {
        var delta = Vector256.Create(parameter);
        var difference = Elementwise.LoadFirst(y, count) - Elementwise.LoadFirst(t, count);
        if (g != null)
        {
            TKernel.Gradient(difference, delta, Vector256.Create(scale)).StoreFirst(g, count);
        }

        var (low, high) = Vector256.Widen(TKernel.Term(difference, delta));
        return AcrossLanes.Sum(low + high);
    }

    private interface ILossKernel
    {
        static abstract Vector256<float> Term(Vector256<float> difference, Vector256<float> parameter);

        static abstract Vector256<float> Gradient(Vector256<float> difference, Vector256<float> parameter, Vector256<float> scale);
    }

    private readonly struct SquaredKernel : ILossKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Term(Vector256<float> difference, Vector256<float> parameter) => difference * difference;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Gradient(Vector256<float> difference, Vector256<float> parameter, Vector256<float> scale) =>
            scale * difference;
    }

    private readonly struct AbsoluteKernel : ILossKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Term(Vector256<float> difference, Vector256<float> parameter) => Vector256.Abs(difference);

        // The scale with the sign of the difference, and nothing where the difference is zero (or NaN: the loss tells of that).
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Gradient(Vector256<float> difference, Vector256<float> parameter, Vector256<float> scale) =>
            (scale ^ (difference & Vector256.Create(-0f))) & Vector256.GreaterThan(Vector256.Abs(difference), Vector256<float>.Zero);
    }

    private readonly struct HuberKernel : ILossKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Term(Vector256<float> difference, Vector256<float> parameter)
        {
            var distance = Vector256.Abs(difference);
            var near = Vector256.MinNative(parameter, distance);
            return near * (distance - (Vector256.Create(0.5f) * near));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Gradient(Vector256<float> difference, Vector256<float> parameter, Vector256<float> scale) =>
            scale * (Vector256.MinNative(parameter, Vector256.Abs(difference)) | (difference & Vector256.Create(-0f)));
    }

    private readonly struct LogCoshKernel : ILossKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Term(Vector256<float> difference, Vector256<float> parameter)
        {
            var distance = Vector256.Abs(difference);
            var isFar = Vector256.GreaterThan(distance, Vector256.Create(0.8f));

            // sinh²d = z + z²·S(z), z = d²; our own minimax fit on z ≤ 0.65, 2^−29.9 of the whole.
            var z = difference * difference;
            var sinh = Vector256.Create(1.479557250e-4f);
            sinh = Vector256.FusedMultiplyAdd(sinh, z, Vector256.Create(3.170875367e-3f));
            sinh = Vector256.FusedMultiplyAdd(sinh, z, Vector256.Create(4.444523528e-2f));
            sinh = Vector256.FusedMultiplyAdd(sinh, z, Vector256.Create(3.333332837e-1f));
            sinh = Vector256.FusedMultiplyAdd(sinh, z * z, z);
            var log = VectorMath.Log1p(Vector256.ConditionalSelect(isFar, VectorMath.Exp(Vector256.Create(-2f) * distance), sinh));
            var far = (distance - Vector256.Create(0.693147180559945309f)) + log;
            return Vector256.ConditionalSelect(isFar, far, Vector256.Create(0.5f) * log);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Gradient(Vector256<float> difference, Vector256<float> parameter, Vector256<float> scale) =>
            scale * VectorMath.Tanh(difference);
    }
}
