using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Kernels;

// Squared   Σ (y − t)²     gradient 2·scale·(y − t)
// Absolute  Σ |y − t|      gradient scale·sign(y − t), 0 where y = t
// Layout: flat, so padding that is zero in both adds nothing. Registers: 6 of 16 YMM.
// The terms are the reference's floats; they are summed in double, four partial sums of two vectors each: |Δ| ≤ γ(n)·Σ with u = 2⁻⁵³.
// Gradients are the reference's bit for bit, NaN included.
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
    public static double Squared(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, float scale, Span<float> gradient)
    {
        RegressionLossesReference.Check(outputs, targets, gradient);
        return KernelPath.IsVectorized
            ? Run<SquaredKernel>(outputs, targets, 2 * scale, gradient)
            : RegressionLossesReference.Squared(outputs, targets, scale, gradient);
    }

    /// <summary>Sum of absolute differences, and its gradient times <paramref name="scale"/>.</summary>
    /// <inheritdoc cref="Squared"/>
    public static double Absolute(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, float scale, Span<float> gradient)
    {
        RegressionLossesReference.Check(outputs, targets, gradient);
        return KernelPath.IsVectorized
            ? Run<AbsoluteKernel>(outputs, targets, scale, gradient)
            : RegressionLossesReference.Absolute(outputs, targets, scale, gradient);
    }

    private static double Run<TKernel>(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, float scale, Span<float> gradient)
        where TKernel : struct, ILossKernel
    {
        fixed (float* py = outputs, pt = targets, pg = gradient)
        {
            var n = outputs.Length;
            var factor = Vector256.Create(scale);
            var low = Vector256<double>.Zero;
            var high = Vector256<double>.Zero;
            var i = 0;
            for (; i <= n - KernelPath.Lanes; i += KernelPath.Lanes)
            {
                var difference = Vector256.Load(py + i) - Vector256.Load(pt + i);
                var (l, h) = Vector256.Widen(TKernel.Term(difference));
                low += l;
                high += h;
                if (pg != null)
                {
                    TKernel.Gradient(difference, factor).Store(pg + i);
                }
            }

            if (i < n)
            {
                var rest = n - i;
                var difference = Elementwise.LoadFirst(py + i, rest) - Elementwise.LoadFirst(pt + i, rest);
                var (l, h) = Vector256.Widen(TKernel.Term(difference));
                low += l;
                high += h;
                if (pg != null)
                {
                    TKernel.Gradient(difference, factor).StoreFirst(pg + i, rest);
                }
            }

            return Vector256.Sum(low + high);
        }
    }

    private interface ILossKernel
    {
        static abstract Vector256<float> Term(Vector256<float> difference);

        static abstract Vector256<float> Gradient(Vector256<float> difference, Vector256<float> scale);
    }

    private readonly struct SquaredKernel : ILossKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Term(Vector256<float> difference) => difference * difference;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Gradient(Vector256<float> difference, Vector256<float> scale) => scale * difference;
    }

    private readonly struct AbsoluteKernel : ILossKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Term(Vector256<float> difference) => Vector256.Abs(difference);

        // The scale with the sign of the difference, and nothing where the difference is zero (or NaN: the loss tells of that).
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Gradient(Vector256<float> difference, Vector256<float> scale) =>
            (scale ^ (difference & Vector256.Create(-0f)))
            & Avx.Compare(difference, Vector256<float>.Zero, FloatComparisonMode.OrderedNotEqualNonSignaling);
    }
}
