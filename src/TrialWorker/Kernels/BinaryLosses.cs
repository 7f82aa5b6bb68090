using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Kernels;

// z[i], the only output of row i, is the first of `stride` floats; y[i] is 0 or 1; ω = weights[y], 1 without weights.
//   CrossEntropy  with t = y(1−ε) + ε/2 and e = e^−|z|:
//                 loss ω·(max(z,0) − z·t + ln(1+e)) = ω·(|z|·(1−t or t) + ln(1+e)): 1−t where z > 0; all terms positive, nothing cancels
//                 gradient scale·ω·(σ(z) − t), σ = 1/(1+e) or e/(1+e). |z| is cut at 75 in e, so that σ and what is made of it stay
//                 normal: it moves no probability by more than 2.7e−33.
//   Hinge         with t = ±1 and m = max(0, 1 − t·z): loss ω·m; gradient −scale·ω·t where m > 0.
//   SquaredHinge  loss ω·m²; gradient −2·scale·ω·t·m.
// Eight rows at a time, gathered and scattered one float each: rows are far apart. Registers: at most 10 of 16 YMM.
// Against BinaryLossesReference: cross-entropy 6·2⁻²³ of a row's loss, gradient scale·ω·3·2⁻²³; the hinges bit for bit.
// Losses are summed in double, eight partial sums: |Δ| ≤ γ(rows)·Σ with u = 2⁻⁵³. NaN gives NaN, in loss and gradient.
// Tails: the last rows % 8 in the same vectors with weight zero behind them.

/// <summary>Losses that compare the one output of a row with its class, 0 or 1.</summary>
public static unsafe class BinaryLosses
{
    private const int Block = KernelPath.Lanes;

    /// <summary>Sum over the rows of the cross-entropy of σ(output), and its gradient times <paramref name="scale"/>.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="outputs">Column 0 of rows <paramref name="stride"/> apart; rows · stride floats. The other columns are not read.</param>
    /// <param name="stride">A multiple of 8.</param>
    /// <param name="labels">Class of each row, 0 or 1.</param>
    /// <param name="scale">What the gradient is multiplied by: 1 / rows makes it the gradient of the mean.</param>
    /// <param name="gradient">Receives rows · stride floats, zeros past column 0, and may be the same span as
    /// <paramref name="outputs"/>; empty when only the loss is wanted.</param>
    /// <param name="smoothing">ε in [0, 1]: the target is 1 − ε/2 for class 1 and ε/2 for class 0.</param>
    /// <param name="weights">Two weights, by which loss and gradient of the rows of class 0 and of class 1 are multiplied; empty: 1 each.</param>
    /// <returns>The sum, not divided by the weights.</returns>
    /// <exception cref="ArgumentException">A length or the stride does not fit, a label is neither 0 nor 1, or the smoothing out of
    /// range.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double CrossEntropy(
        int rows, ReadOnlySpan<float> outputs, int stride, ReadOnlySpan<int> labels, float scale, Span<float> gradient,
        float smoothing = 0, ReadOnlySpan<float> weights = default)
    {
        BinaryLossesReference.Check(rows, outputs, stride, labels, gradient, weights);
        ClassificationLossesReference.CheckSmoothing(smoothing);
        return KernelPath.IsVectorized
            ? Run<CrossEntropyKernel>(rows, outputs, stride, labels, scale, gradient, 1 - (smoothing / 2), smoothing / 2, weights)
            : BinaryLossesReference.CrossEntropy(rows, outputs, stride, labels, scale, gradient, smoothing, weights);
    }

    /// <summary>Sum over the rows of max(0, 1 − t·output), t = ±1, and its gradient times <paramref name="scale"/>.</summary>
    /// <inheritdoc cref="CrossEntropy"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Hinge(
        int rows, ReadOnlySpan<float> outputs, int stride, ReadOnlySpan<int> labels, float scale, Span<float> gradient,
        ReadOnlySpan<float> weights = default)
    {
        BinaryLossesReference.Check(rows, outputs, stride, labels, gradient, weights);
        return KernelPath.IsVectorized
            ? Run<HingeKernel>(rows, outputs, stride, labels, scale, gradient, 1, -1, weights)
            : BinaryLossesReference.Hinge(rows, outputs, stride, labels, scale, gradient, weights);
    }

    /// <summary>Sum over the rows of max(0, 1 − t·output)², t = ±1, and its gradient times <paramref name="scale"/>.</summary>
    /// <inheritdoc cref="CrossEntropy"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double SquaredHinge(
        int rows, ReadOnlySpan<float> outputs, int stride, ReadOnlySpan<int> labels, float scale, Span<float> gradient,
        ReadOnlySpan<float> weights = default)
    {
        BinaryLossesReference.Check(rows, outputs, stride, labels, gradient, weights);
        return KernelPath.IsVectorized
            ? Run<SquaredHingeKernel>(rows, outputs, stride, labels, scale, gradient, 1, -1, weights)
            : BinaryLossesReference.SquaredHinge(rows, outputs, stride, labels, scale, gradient, weights);
    }

    /// <param name="one">The target of class 1.</param>
    /// <param name="zero">The target of class 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Run<TKernel>(
        int rows, ReadOnlySpan<float> outputs, int stride, ReadOnlySpan<int> labels, float scale, Span<float> gradient,
        float one, float zero, ReadOnlySpan<float> weights)
        where TKernel : struct, IMarginKernel
    {
        var z = stackalloc float[Block];
        var t = stackalloc float[Block];
        var w = stackalloc float[Block];
        fixed (float* pz = outputs, pg = gradient)
        {
            var weightOne = weights.IsEmpty ? 1 : weights[1];
            var weightZero = weights.IsEmpty ? 1 : weights[0];
            var low = Vector256<double>.Zero;
            var high = Vector256<double>.Zero;
            for (var first = 0; first < rows; first += Block)
            {
                var count = Math.Min(Block, rows - first);
                for (var i = 0; i < Block; i++)
                {
                    var isRow = i < count;
                    var isOne = isRow && labels[first + i] == 1;
                    z[i] = isRow ? pz[(nint)(first + i) * stride] : 0;
                    t[i] = isOne ? one : zero;
                    w[i] = !isRow ? 0 : isOne ? weightOne : weightZero;
                }

                var weight = Vector256.Load(w);
                var loss = TKernel.Apply(Vector256.Load(z), Vector256.Load(t), out var slope);
                var (lossLow, lossHigh) = TKernel.Widen(loss);
                var (weightLow, weightHigh) = Vector256.Widen(weight);
                low += weightLow * lossLow;
                high += weightHigh * lossHigh;
                if (pg == null)
                {
                    continue;
                }

                var slopes = Vector256.Create(scale) * weight * slope;
                slopes.Store(z);
                for (var i = 0; i < count; i++)
                {
                    var g = pg + ((nint)(first + i) * stride);
                    for (var j = 0; j < stride; j += Block)
                    {
                        Vector256<float>.Zero.Store(g + j);
                    }

                    *g = z[i];
                }
            }

            return AcrossLanes.Sum(low + high);
        }
    }

    private interface IMarginKernel
    {
        /// <summary>What <see cref="Widen"/> makes the loss of, and the loss's derivative by z.</summary>
        static abstract Vector256<float> Apply(Vector256<float> z, Vector256<float> t, out Vector256<float> slope);

        static abstract (Vector256<double> Low, Vector256<double> High) Widen(Vector256<float> loss);
    }

    private readonly struct CrossEntropyKernel : IMarginKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Apply(Vector256<float> z, Vector256<float> t, out Vector256<float> slope)
        {
            var one = Vector256<float>.One;
            var size = Vector256.Abs(z);
            var e = VectorMath.Exp(-Vector256.MinNative(Vector256.Create(-ClassificationLosses.ExpFloor), size));
            var inverse = one / (one + e);
            var isPositive = Vector256.GreaterThan(z, Vector256<float>.Zero);
            slope = Vector256.ConditionalSelect(isPositive, inverse, e * inverse) - t;

            // Infinite times a target of zero is zero.
            var share = Vector256.ConditionalSelect(isPositive, one - t, t);
            var linear = Vector256.AndNot(size * share, Vector256.Equals(share, Vector256<float>.Zero) & Vector256.Equals(size, size));
            return linear + VectorMath.Log1p(e);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static (Vector256<double> Low, Vector256<double> High) Widen(Vector256<float> loss) => Vector256.Widen(loss);
    }

    private readonly struct HingeKernel : IMarginKernel
    {
        // Zero where the margin is met; not a maximum, which machines differ in.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Apply(Vector256<float> z, Vector256<float> t, out Vector256<float> slope)
        {
            var margin = Vector256<float>.One - (t * z);
            var isMet = Vector256.LessThanOrEqual(margin, Vector256<float>.Zero);
            slope = Vector256.AndNot(Vector256.ConditionalSelect(Vector256.Equals(margin, margin), -t, margin), isMet);
            return Vector256.AndNot(margin, isMet);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static (Vector256<double> Low, Vector256<double> High) Widen(Vector256<float> loss) => Vector256.Widen(loss);
    }

    private readonly struct SquaredHingeKernel : IMarginKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Apply(Vector256<float> z, Vector256<float> t, out Vector256<float> slope)
        {
            var margin = Vector256<float>.One - (t * z);
            margin = Vector256.AndNot(margin, Vector256.LessThanOrEqual(margin, Vector256<float>.Zero));
            slope = Vector256.Create(-2f) * t * margin;
            return margin;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static (Vector256<double> Low, Vector256<double> High) Widen(Vector256<float> loss)
        {
            var (low, high) = Vector256.Widen(loss);
            return (low * low, high * high);
        }
    }
}
