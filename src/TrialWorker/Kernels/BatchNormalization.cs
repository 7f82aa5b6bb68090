using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Kernels;

// Column by column, n = rows: mean µ = Σ x/n, variance σ² = Σ (x−µ)²/n (two passes), r = 1/√(σ² + ε);  x̂ = (x − µ)·r,  y = gain·x̂ + shift.
// Running statistics, for predicting: mean += 0.1·(µ − mean), variance += 0.1·(σ²·n/(n−1) − variance), as PyTorch.
// Backward:  ∂shift = Σ ∂y,  ∂gain = Σ ∂y·x̂;  ∂x = gain·r·(∂y − ∂shift/n − x̂·∂gain/n).
// One row: µ = x, σ² = 0, so x̂ = 0, y = shift and ∂x = 0; the running variance is left alone, one row telling nothing of the spread.
// Layout: rows of `stride` floats, a multiple of 8, of which `width` count; what lies behind is read, masked, and written as zero.
// Eight columns at a time down all rows, three passes. Registers: 8 of 16 YMM.
// No products are fused and sums run in the order of the rows: the reference's floats bit for bit. NaN or ∞ makes its column NaN.
// Tails: the last width % 8 columns are masked.

/// <summary>Batch normalization (Ioffe and Szegedy 2015, arXiv:1502.03167).</summary>
public static unsafe class BatchNormalization
{
    /// <summary>What a batch moves the running statistics by.</summary>
    public const float Momentum = 0.1f;

    /// <summary>Brings each column of a batch to mean 0 and variance 1, then scales and shifts it.</summary>
    /// <param name="rows">Rows of the batch; ≥ 1. With one row the outputs are <paramref name="shift"/>, and the running variance is left
    /// alone.</param>
    /// <param name="width">Columns that count; ≥ 1.</param>
    /// <param name="x">Shape [rows, width], rows <paramref name="stride"/> apart; rows · stride floats.</param>
    /// <param name="stride">A multiple of 8, at least <paramref name="width"/>.</param>
    /// <param name="gain">Shape [stride]; what lies past the width does not matter.</param>
    /// <param name="shift">As <paramref name="gain"/>.</param>
    /// <param name="runningMean">Shape [stride], read and written; zeros before the first batch.</param>
    /// <param name="runningVariance">Shape [stride], read and written; ones before the first batch.</param>
    /// <param name="normalized">Receives x̂ in the shape of x, zeros past the width: kept for <see cref="Backward"/>; apart from
    /// <paramref name="y"/>.</param>
    /// <param name="y">Receives the shape of x, zeros past the width; may be the same span as <paramref name="x"/>.</param>
    /// <param name="inverseDeviations">Receives shape [stride]: 1/√(variance + ε), zeros past the width.</param>
    /// <param name="epsilon">ε, keeps a column of equal values finite; > 0.</param>
    /// <exception cref="ArgumentException">A length or the stride does not fit.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(
        int rows, int width, ReadOnlySpan<float> x, int stride, ReadOnlySpan<float> gain, ReadOnlySpan<float> shift,
        Span<float> runningMean, Span<float> runningVariance, Span<float> normalized, Span<float> y, Span<float> inverseDeviations,
        float epsilon)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        NormalizationShape.Check(rows, width, stride, x, normalized, y);
        NormalizationShape.CheckColumns(stride, gain, shift, inverseDeviations);
        NormalizationShape.CheckColumns(stride, runningMean, runningVariance, gain);
        if (!KernelPath.IsVectorized)
        {
            BatchNormalizationReference.Forward(
                rows, width, x, stride, gain, shift, runningMean, runningVariance, normalized, y, inverseDeviations, epsilon);
            return;
        }

        fixed (float* px = x, pgain = gain, pshift = shift, pm = runningMean, pv = runningVariance, pn = normalized, py = y)
        fixed (float* pi = inverseDeviations)
        {
            var count = Vector256.Create((float)rows);
            var momentum = Vector256.Create(Momentum);
            for (var j = 0; j < stride; j += 8)
            {
                var mask = AcrossLanes.First(width - j);
                var sum = Vector256<float>.Zero;
                for (nint at = j, end = (nint)rows * stride; at < end; at += stride)
                {
                    sum += Vector256.Load(px + at);
                }

                var mean = sum / count;
                var squares = Vector256<float>.Zero;
                for (nint at = j, end = (nint)rows * stride; at < end; at += stride)
                {
                    var centred = Vector256.Load(px + at) - mean;
                    centred.Store(pn + at);
                    squares += centred * centred;
                }

                var inverse = Vector256<float>.One / Vector256.Sqrt((squares / count) + Vector256.Create(epsilon));
                (inverse & mask).Store(pi + j);
                var scale = Vector256.Load(pgain + j);
                var offset = Vector256.Load(pshift + j);
                for (nint at = j, end = (nint)rows * stride; at < end; at += stride)
                {
                    var xHat = (Vector256.Load(pn + at) * inverse) & mask;
                    xHat.Store(pn + at);
                    (((scale * xHat) + offset) & mask).Store(py + at);
                }

                Move(pm + j, mean, momentum, mask);
                if (rows > 1)
                {
                    Move(pv + j, squares / Vector256.Create(rows - 1f), momentum, mask);
                }
            }
        }
    }

    /// <summary>Normalizes by the running statistics, as for predicting.</summary>
    /// <param name="y">Receives the shape of x, zeros past the width; may be the same span as <paramref name="x"/>.</param>
    /// <inheritdoc cref="Forward"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Infer(
        int rows, int width, ReadOnlySpan<float> x, int stride, ReadOnlySpan<float> gain, ReadOnlySpan<float> shift,
        ReadOnlySpan<float> runningMean, ReadOnlySpan<float> runningVariance, Span<float> y, float epsilon)
    {
        NormalizationShape.Check(rows, width, stride, x, y, y);
        NormalizationShape.CheckColumns(stride, gain, shift, gain);
        NormalizationShape.CheckColumns(stride, runningMean, runningVariance, gain);
        if (!KernelPath.IsVectorized)
        {
            BatchNormalizationReference.Infer(rows, width, x, stride, gain, shift, runningMean, runningVariance, y, epsilon);
            return;
        }

        fixed (float* px = x, pgain = gain, pshift = shift, pm = runningMean, pv = runningVariance, py = y)
        {
            for (var j = 0; j < stride; j += 8)
            {
                var mask = AcrossLanes.First(width - j);
                var mean = Vector256.Load(pm + j);
                var inverse = Vector256<float>.One / Vector256.Sqrt(Vector256.Load(pv + j) + Vector256.Create(epsilon));
                var scale = Vector256.Load(pgain + j);
                var offset = Vector256.Load(pshift + j);
                for (nint at = j, end = (nint)rows * stride; at < end; at += stride)
                {
                    (((scale * ((Vector256.Load(px + at) - mean) * inverse)) + offset) & mask).Store(py + at);
                }
            }
        }
    }

    /// <summary>Turns the gradient by the outputs into that by the inputs, and gives those by gain and shift.</summary>
    /// <param name="rows">Rows of the batch; ≥ 1.</param>
    /// <param name="width">Columns that count; ≥ 1.</param>
    /// <param name="normalized">As <see cref="Forward"/> gave it.</param>
    /// <param name="stride">A multiple of 8, at least <paramref name="width"/>.</param>
    /// <param name="gain">Shape [stride].</param>
    /// <param name="inverseDeviations">As <see cref="Forward"/> gave it.</param>
    /// <param name="gradient">In: by the outputs; out: by the inputs, zeros past the width. Shape [rows, width], rows
    /// <paramref name="stride"/> apart.</param>
    /// <param name="gainGradient">Receives shape [stride]: sums over the rows, zeros past the width.</param>
    /// <param name="shiftGradient">As <paramref name="gainGradient"/>.</param>
    /// <exception cref="ArgumentException">A length or the stride does not fit.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(
        int rows, int width, ReadOnlySpan<float> normalized, int stride, ReadOnlySpan<float> gain, ReadOnlySpan<float> inverseDeviations,
        Span<float> gradient, Span<float> gainGradient, Span<float> shiftGradient)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        NormalizationShape.Check(rows, width, stride, normalized, gradient, gradient);
        NormalizationShape.CheckColumns(stride, gain, gainGradient, shiftGradient);
        NormalizationShape.CheckColumns(stride, inverseDeviations, gain, gain);
        if (!KernelPath.IsVectorized)
        {
            BatchNormalizationReference.Backward(
                rows, width, normalized, stride, gain, inverseDeviations, gradient, gainGradient, shiftGradient);
            return;
        }

        fixed (float* pn = normalized, pgain = gain, pi = inverseDeviations, pg = gradient, pgg = gainGradient, psg = shiftGradient)
        {
            var count = Vector256.Create((float)rows);
            for (var j = 0; j < stride; j += 8)
            {
                var mask = AcrossLanes.First(width - j);
                var sum = Vector256<float>.Zero;
                var dot = Vector256<float>.Zero;
                for (nint at = j, end = (nint)rows * stride; at < end; at += stride)
                {
                    var slope = Vector256.Load(pg + at) & mask;
                    sum += slope;
                    dot += slope * Vector256.Load(pn + at);
                }

                sum.Store(psg + j);
                dot.Store(pgg + j);
                var scale = Vector256.Load(pgain + j) * Vector256.Load(pi + j);
                var meanSlope = sum / count;
                var meanDot = dot / count;
                for (nint at = j, end = (nint)rows * stride; at < end; at += stride)
                {
                    var centred = Vector256.Load(pg + at) - meanSlope - (Vector256.Load(pn + at) * meanDot);
                    ((scale * centred) & mask).Store(pg + at);
                }
            }
        }
    }

    /// <summary>Moves a running statistic towards that of the batch; past the width it is left alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Move(float* running, Vector256<float> batch, Vector256<float> momentum, Vector256<float> mask)
    {
        var old = Vector256.Load(running);
        Vector256.ConditionalSelect(mask, old + (momentum * (batch - old)), old).Store(running);
    }
}
