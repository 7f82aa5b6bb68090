using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Kernels;

// Row by row, n = width: mean µ = Σ x/n, variance σ² = Σ (x−µ)²/n (two passes: the one-pass formula cancels), r = 1/√(σ² + ε);
//   x̂ = (x − µ)·r,  y = gain·x̂ + shift.
// Backward, h = gain·∂y:  ∂x = r·(h − Σh/n − x̂·Σ(h·x̂)/n);  ∂gain = Σ_rows ∂y·x̂;  ∂shift = Σ_rows ∂y.
// Layout: rows of `stride` floats, a multiple of 8, of which `width` count; what lies behind is read, masked, and written as zero.
// Sums in eight partial sums across a row; those over rows in the order of the rows. Registers: 8 of 16 YMM.
// Against LayerNormalizationReference, which sums in double, with M = max|x|: |Δ x̂| ≤ (n + 16)·2⁻²²·(1 + M·r)·(1 + |x̂|); backward
// (n + 16)·2⁻²²·r·max|h|·(1 + |x̂|max)²; sums over rows γ(rows + 2)·Σ|…|.
// NaN or ∞ in a row makes the whole row NaN. Tails: the last width % 8 columns are masked.

/// <summary>Layer normalization (Ba et al. 2016, arXiv:1607.06450).</summary>
public static unsafe class LayerNormalization
{
    /// <summary>Brings each row to mean 0 and variance 1, then scales and shifts its columns.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="width">Columns that count; ≥ 1.</param>
    /// <param name="x">Shape [rows, width], rows <paramref name="stride"/> apart; rows · stride floats.</param>
    /// <param name="stride">A multiple of 8, at least <paramref name="width"/>.</param>
    /// <param name="gain">Shape [stride]; what lies past the width does not matter.</param>
    /// <param name="shift">As <paramref name="gain"/>.</param>
    /// <param name="normalized">Receives x̂ in the shape of x, zeros past the width: kept for <see cref="Backward"/>; apart from
    /// <paramref name="y"/>.</param>
    /// <param name="y">Receives the shape of x, zeros past the width; may be the same span as <paramref name="x"/>.</param>
    /// <param name="inverseDeviations">Receives shape [rows]: 1/√(variance + ε).</param>
    /// <param name="epsilon">ε, keeps a row of equal values finite; > 0.</param>
    /// <exception cref="ArgumentException">A length or the stride does not fit.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(
        int rows, int width, ReadOnlySpan<float> x, int stride, ReadOnlySpan<float> gain, ReadOnlySpan<float> shift,
        Span<float> normalized, Span<float> y, Span<float> inverseDeviations, float epsilon)
    {
        NormalizationShape.Check(rows, width, stride, x, normalized, y);
        NormalizationShape.CheckColumns(stride, gain, shift, gain);
        NormalizationShape.CheckRows(rows, inverseDeviations);
        if (!KernelPath.IsVectorized)
        {
            LayerNormalizationReference.Forward(rows, width, x, stride, gain, shift, normalized, y, inverseDeviations, epsilon);
            return;
        }

        fixed (float* px = x, pgain = gain, pshift = shift, pn = normalized, py = y)
        {
            var whole = width & ~7;
            var last = AcrossLanes.First(width - whole);
            for (nint i = 0; i < rows; i++)
            {
                var from = px + (i * stride);
                var hat = pn + (i * stride);
                var to = py + (i * stride);
                var sum = Vector256<float>.Zero;
                for (var j = 0; j < whole; j += 8)
                {
                    sum += Vector256.Load(from + j);
                }

                if (whole < width)
                {
                    sum += Vector256.Load(from + whole) & last;
                }

                var mean = Vector256.Create(AcrossLanes.Sum(sum) / width);
                var squares = Vector256<float>.Zero;
                for (var j = 0; j < whole; j += 8)
                {
                    var centred = Vector256.Load(from + j) - mean;
                    centred.Store(hat + j);
                    squares = Vector256.FusedMultiplyAdd(centred, centred, squares);
                }

                if (whole < width)
                {
                    var centred = (Vector256.Load(from + whole) - mean) & last;
                    centred.Store(hat + whole);
                    squares = Vector256.FusedMultiplyAdd(centred, centred, squares);
                }

                var inverse = 1 / MathF.Sqrt((AcrossLanes.Sum(squares) / width) + epsilon);
                inverseDeviations[(int)i] = inverse;
                var scale = Vector256.Create(inverse);
                for (var j = 0; j < stride; j += 8)
                {
                    var mask = j < whole ? Vector256<float>.AllBitsSet : j < width ? last : Vector256<float>.Zero;
                    var xHat = (Vector256.Load(hat + j) * scale) & mask;
                    xHat.Store(hat + j);
                    (Vector256.FusedMultiplyAdd(Vector256.Load(pgain + j), xHat, Vector256.Load(pshift + j)) & mask).Store(to + j);
                }
            }
        }
    }

    /// <summary>Turns the gradient by the outputs into that by the inputs, and gives those by gain and shift.</summary>
    /// <param name="rows">Number of rows.</param>
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
        NormalizationShape.Check(rows, width, stride, normalized, gradient, gradient);
        NormalizationShape.CheckColumns(stride, gain, gainGradient, shiftGradient);
        NormalizationShape.CheckRows(rows, inverseDeviations);
        if (!KernelPath.IsVectorized)
        {
            LayerNormalizationReference.Backward(
                rows, width, normalized, stride, gain, inverseDeviations, gradient, gainGradient, shiftGradient);
            return;
        }

        gainGradient[..stride].Clear();
        shiftGradient[..stride].Clear();
        fixed (float* pn = normalized, pgain = gain, pg = gradient, pgg = gainGradient, psg = shiftGradient)
        {
            var whole = width & ~7;
            var last = AcrossLanes.First(width - whole);
            for (nint i = 0; i < rows; i++)
            {
                var hat = pn + (i * stride);
                var g = pg + (i * stride);
                var sum = Vector256<float>.Zero;
                var dot = Vector256<float>.Zero;
                for (var j = 0; j < width; j += 8)
                {
                    var mask = j < whole ? Vector256<float>.AllBitsSet : last;
                    var xHat = Vector256.Load(hat + j);
                    var slope = Vector256.Load(g + j) & mask;
                    (Vector256.Load(psg + j) + slope).Store(psg + j);
                    Vector256.FusedMultiplyAdd(slope, xHat, Vector256.Load(pgg + j)).Store(pgg + j);
                    var h = (slope * Vector256.Load(pgain + j)) & mask;
                    h.Store(g + j);
                    sum += h;
                    dot = Vector256.FusedMultiplyAdd(h, xHat, dot);
                }

                var meanSlope = Vector256.Create(AcrossLanes.Sum(sum) / width);
                var meanDot = Vector256.Create(AcrossLanes.Sum(dot) / width);
                var scale = Vector256.Create(inverseDeviations[(int)i]);
                for (var j = 0; j < stride; j += 8)
                {
                    var mask = j < whole ? Vector256<float>.AllBitsSet : j < width ? last : Vector256<float>.Zero;
                    var centred = Vector256.Load(g + j) - meanSlope;
                    ((scale * Vector256.FusedMultiplyAdd(-Vector256.Load(hat + j), meanDot, centred)) & mask).Store(g + j);
                }
            }
        }
    }
}
