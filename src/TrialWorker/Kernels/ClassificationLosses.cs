using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Kernels;

// z[rows,classes] in rows of `stride` floats, a multiple of 8, so that each row is whole vectors: lanes past the classes are read,
// masked and never count; in the gradient they become zero. y[i] is the class of row i; ω = weights[y], 1 without weights.
//
// Softmax cross-entropy, fused: s_j = z_j − max z, e_j = exp(max(s_j, −75)), p_j = e_j / Σ e, target t_j = ε/classes + (1−ε)·[j = y];
//   loss ω·(ln Σ e − Σ t_j·s_j); gradient scale·ω·(p_j − t_j).
//   The shift by the maximum keeps exp from overflowing. The clamp at −75 keeps p and the products made of it out of the subnormal
//   range, where multiplications can be a hundred times slower; it moves no probability by more than 2.7e−33.
//   Rows of at most 16 classes are transposed, eight rows at a time: a class is then a vector of eight rows, no lane is idle and nothing
//   is summed across lanes. Last rows % 8: in a block on the stack, so that a row's result does not depend on its place.
//   Wider rows: one after the other. Logarithms: eight rows at a time.
//   |Δ loss| of a row ≤ ω·((classes + 4)·2⁻²² + ε·(classes + 4)·2⁻²³·max|s|), |Δ gradient| ≤ scale·ω·(classes + 8)·2⁻²³ against the
//   reference. Registers: 13 of 16 YMM when transposed (8 rows, 5 of exp), 8 otherwise.
// Crammer–Singer hinge: m = max(0, 1 + max_{j≠y} z_j − z_y), loss ω·m; gradient scale·ω on the worst j and −scale·ω on y where m > 0.
//   Its square: loss ω·m²; gradient 2m times that of the hinge.
//   The terms are the reference's floats; with equal worst classes the first is taken. Registers: 6 of 16 YMM.
// Losses are summed over rows in double. A NaN or +∞ in a row makes its cross-entropy NaN, or infinite when smoothed; a NaN in a row
// makes its hinge NaN; gradients of such rows mean nothing.

/// <summary>Losses that compare the outputs of a row with the row's class.</summary>
public static unsafe class ClassificationLosses
{
    internal const float ExpFloor = -75f;

    private const int Block = KernelPath.Lanes;

    /// <summary>Rows as wide as this are worth transposing.</summary>
    private const int MaxTransposed = 16;

    /// <summary>Sum over the rows of softmax cross-entropy, and its gradient times <paramref name="scale"/>.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="classes">Outputs that count in each row; ≥ 1 (hinge: ≥ 2).</param>
    /// <param name="outputs">Shape [rows, classes], rows <paramref name="stride"/> apart; rows · stride floats.</param>
    /// <param name="stride">A multiple of 8, at least <paramref name="classes"/>.</param>
    /// <param name="labels">Class of each row, in [0, classes).</param>
    /// <param name="scale">What the gradient is multiplied by: 1 / rows makes it the gradient of the mean.</param>
    /// <param name="gradient">Receives the shape of <paramref name="outputs"/>, and may be the same span; empty when only the loss is
    /// wanted.</param>
    /// <param name="smoothing">ε in [0, 1]: the target is (1−ε) for the class plus ε/classes for every class (Szegedy et al. 2016,
    /// arXiv:1512.00567).</param>
    /// <param name="weights">One weight a class, by which loss and gradient of its rows are multiplied; empty: 1 each. PyTorch weighs the
    /// smoothed part by the weights of all classes instead; the two agree without smoothing.</param>
    /// <returns>The sum, not divided by the weights.</returns>
    /// <exception cref="ArgumentException">A length or the stride does not fit, a label is no class, or the smoothing out of range.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double CrossEntropy(
        int rows, int classes, ReadOnlySpan<float> outputs, int stride, ReadOnlySpan<int> labels, float scale, Span<float> gradient,
        float smoothing = 0, ReadOnlySpan<float> weights = default)
    {
        ClassificationLossesReference.Check(rows, classes, outputs, stride, labels, gradient, weights, 1);
        ClassificationLossesReference.CheckSmoothing(smoothing);
        if (!KernelPath.IsVectorized)
        {
            return ClassificationLossesReference.CrossEntropy(rows, classes, outputs, stride, labels, scale, gradient, smoothing, weights);
        }

        fixed (float* pz = outputs, pg = gradient, pw = weights)
        fixed (int* py = labels)
        {
            var each = smoothing / classes;
            var rest = 1 - (double)smoothing;
            var low = Vector256<double>.Zero;
            var high = Vector256<double>.Zero;
            var block = default(RowBlock);
            for (var first = 0; first < rows; first += Block)
            {
                var count = Math.Min(Block, rows - first);
                var z = pz + ((nint)first * stride);
                var g = pg == null ? null : pg + ((nint)first * stride);
                var y = py + first;
                for (var i = 0; i < Block; i++)
                {
                    block.Weights[i] = i >= count ? 0 : pw == null ? 1 : pw[y[i]];
                    block.Picked[i] = i >= count ? 0 : z[((nint)i * stride) + y[i]];
                }

                var factors = Vector256.Create(scale) * Vector256.Load(block.Weights);
                if (classes > MaxTransposed)
                {
                    OneByOne(count, classes, z, stride, factors, each, g, ref block);
                }
                else if (count == Block)
                {
                    Transposed(classes, z, stride, factors, each, g, ref block);
                }
                else
                {
                    TransposedLast(count, classes, z, stride, factors, each, g, ref block);
                }

                if (g != null)
                {
                    Finish(count, classes, stride, factors * Vector256.Create((float)rest), y, g);
                }

                // In double: with logits of 1e4 a float's rounding of their difference would be most of a small loss.
                var (logLow, logHigh) = Vector256.Widen(VectorMath.Log(Vector256.Load(block.Sums)));
                var (pickedLow, pickedHigh) = Vector256.Widen(Vector256.Load(block.Picked));
                var (maxLow, maxHigh) = Vector256.Widen(Vector256.Load(block.Maxima));
                var (weightLow, weightHigh) = Vector256.Widen(Vector256.Load(block.Weights));
                var lossLow = logLow - (Vector256.Create(rest) * (pickedLow - maxLow));
                var lossHigh = logHigh - (Vector256.Create(rest) * (pickedHigh - maxHigh));
                if (smoothing != 0)
                {
                    var (shiftLow, shiftHigh) = Vector256.Widen(Vector256.Load(block.Shifts));
                    lossLow -= Vector256.Create((double)each) * shiftLow;
                    lossHigh -= Vector256.Create((double)each) * shiftHigh;
                }

                low += weightLow * lossLow;
                high += weightHigh * lossHigh;
            }

            return AcrossLanes.Sum(low + high);
        }
    }

    /// <summary>Sum over the rows of the multiclass hinge loss, and its gradient times <paramref name="scale"/>.</summary>
    /// <remarks>Crammer and Singer 2001, JMLR 2:265–292.</remarks>
    /// <inheritdoc cref="CrossEntropy"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Hinge(
        int rows, int classes, ReadOnlySpan<float> outputs, int stride, ReadOnlySpan<int> labels, float scale, Span<float> gradient,
        ReadOnlySpan<float> weights = default)
    {
        ClassificationLossesReference.Check(rows, classes, outputs, stride, labels, gradient, weights, 2);
        return KernelPath.IsVectorized
            ? Margins(rows, classes, outputs, stride, labels, scale, gradient, weights, false)
            : ClassificationLossesReference.Hinge(rows, classes, outputs, stride, labels, scale, gradient, weights);
    }

    /// <summary>Sum over the rows of the square of the multiclass hinge loss, and its gradient times <paramref name="scale"/>.</summary>
    /// <inheritdoc cref="Hinge"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double SquaredHinge(
        int rows, int classes, ReadOnlySpan<float> outputs, int stride, ReadOnlySpan<int> labels, float scale, Span<float> gradient,
        ReadOnlySpan<float> weights = default)
    {
        ClassificationLossesReference.Check(rows, classes, outputs, stride, labels, gradient, weights, 2);
        return KernelPath.IsVectorized
            ? Margins(rows, classes, outputs, stride, labels, scale, gradient, weights, true)
            : ClassificationLossesReference.SquaredHinge(rows, classes, outputs, stride, labels, scale, gradient, weights);
    }

    /// <summary>Eight rows of at most sixteen classes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transposed(
        int classes, float* z, nint stride, Vector256<float> factors, float each, float* g, ref RowBlock block)
    {
        var columns = stackalloc float[Block * MaxTransposed];
        AcrossLanes.Transpose(z, stride, columns, Block);
        if (classes > Block)
        {
            AcrossLanes.Transpose(z + Block, stride, columns + (Block * Block), Block);
        }

        var max = Vector256.Load(columns);
        for (var j = 1; j < classes; j++)
        {
            max = Vector256.MaxNative(max, Vector256.Load(columns + (j * Block)));
        }

        var floor = Vector256.Create(ExpFloor);
        var sum = Vector256<float>.Zero;
        var shifts = Vector256<float>.Zero;
        for (var j = 0; j < classes; j++)
        {
            var shift = Vector256.Load(columns + (j * Block)) - max;
            var e = VectorMath.Exp(Vector256.MaxNative(floor, shift));
            e.Store(columns + (j * Block));
            sum += e;
            shifts += shift;
        }

        fixed (float* pmax = block.Maxima, psum = block.Sums, pshift = block.Shifts)
        {
            max.Store(pmax);
            sum.Store(psum);
            shifts.Store(pshift);
        }

        if (g == null)
        {
            return;
        }

        var quotient = factors / sum;
        var smooth = factors * Vector256.Create(each);
        for (var j = 0; j < classes; j++)
        {
            ((Vector256.Load(columns + (j * Block)) * quotient) - smooth).Store(columns + (j * Block));
        }

        for (var j = classes; j % Block != 0; j++)
        {
            Vector256<float>.Zero.Store(columns + (j * Block));
        }

        AcrossLanes.Transpose(columns, Block, g, stride);
        if (classes > Block)
        {
            AcrossLanes.Transpose(columns + (Block * Block), Block, g + Block, stride);
        }
    }

    /// <summary>Fewer than eight rows of at most sixteen classes: with rows of zeros behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposedLast(
        int count, int classes, float* z, nint stride, Vector256<float> factors, float each, float* g, ref RowBlock block)
    {
        var rows = stackalloc float[Block * MaxTransposed];
        var width = Widen(classes);
        for (var i = 0; i < Block * width; i += Block)
        {
            var row = i / width;
            (row < count ? Vector256.Load(z + (row * stride) + (i % width)) : Vector256<float>.Zero).Store(rows + i);
        }

        Transposed(classes, rows, width, factors, each, g == null ? null : rows, ref block);
        for (var i = 0; i < count * width && g != null; i += Block)
        {
            Vector256.Load(rows + i).Store(g + (i / width * stride) + (i % width));
        }
    }

    /// <summary>At most eight rows of any number of classes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneByOne(
        int count, int classes, float* z, nint stride, Vector256<float> factors, float each, float* g, ref RowBlock block)
    {
        var whole = classes & ~(Block - 1);
        var lastMask = AcrossLanes.First(classes - whole);
        var floor = Vector256.Create(ExpFloor);
        for (var i = count; i < Block; i++)
        {
            (block.Maxima[i], block.Sums[i], block.Shifts[i]) = (0, 1, 0);
        }

        for (var i = 0; i < count; i++, z += stride, g = g == null ? null : g + stride)
        {
            var max = Vector256.Create(RowMax(z, classes, lastMask));
            var sum = Vector256<float>.Zero;
            var shifts = Vector256<float>.Zero;
            for (var j = 0; j < classes; j += Block)
            {
                var mask = j < whole ? Vector256<float>.AllBitsSet : lastMask;
                var shift = (Vector256.Load(z + j) - max) & mask;
                var e = VectorMath.Exp(Vector256.MaxNative(floor, shift)) & mask;
                sum += e;
                shifts += shift;
                if (g != null)
                {
                    e.Store(g + j);
                }
            }

            block.Maxima[i] = max.ToScalar();
            block.Sums[i] = AcrossLanes.Sum(sum);
            block.Shifts[i] = AcrossLanes.Sum(shifts);
            if (g == null)
            {
                continue;
            }

            var quotient = Vector256.Create(factors[i] / block.Sums[i]);
            var smooth = Vector256.Create(factors[i] * each);
            for (var j = 0; j < classes; j += Block)
            {
                var mask = j < whole ? Vector256<float>.AllBitsSet : lastMask;
                (((Vector256.Load(g + j) * quotient) - smooth) & mask).Store(g + j);
            }
        }
    }

    /// <summary>Takes the class's own share from each row's gradient and clears the padding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Finish(int count, int classes, nint stride, Vector256<float> shares, int* y, float* g)
    {
        var width = Widen(classes);
        for (var i = 0; i < count; i++, g += stride)
        {
            g[y[i]] -= shares[i];
            for (nint j = width; j < stride; j += Block)
            {
                Vector256<float>.Zero.Store(g + j);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Margins(
        int rows, int classes, ReadOnlySpan<float> outputs, int stride, ReadOnlySpan<int> labels, float scale, Span<float> gradient,
        ReadOnlySpan<float> weights, bool isSquared)
    {
        fixed (float* pz = outputs, pg = gradient)
        fixed (int* py = labels)
        {
            var sum = 0.0;
            var classLanes = Vector256.Create(classes);
            var lowest = Vector256.Create(float.NegativeInfinity);
            for (nint i = 0; i < rows; i++)
            {
                var z = pz + (i * stride);
                var label = py[i];
                var labelLanes = Vector256.Create(label);
                var worst = lowest;
                var nan = Vector256<float>.Zero;
                for (var j = 0; j < classes; j += Block)
                {
                    var x = Vector256.Load(z + j);
                    var index = Vector256<int>.Indices + Vector256.Create(j);
                    var isClass = Vector256.GreaterThan(classLanes, index);
                    var isRival = Vector256.AndNot(isClass, Vector256.Equals(index, labelLanes)).AsSingle();
                    nan |= Vector256.AndNot(isClass.AsSingle(), Vector256.Equals(x, x));
                    worst = Vector256.MaxNative(worst, Vector256.ConditionalSelect(isRival, x, lowest));
                }

                var rival = AcrossLanes.Max(worst);
                var loss = 1 + (rival - z[label]);
                var isNan = nan.ExtractMostSignificantBits() != 0 || float.IsNaN(loss);
                var weight = weights.IsEmpty ? 1 : weights[label];
                var margin = isNan ? float.NaN : MathF.Max(0, loss);
                sum += weight * (isSquared ? (double)margin * margin : margin);
                if (pg == null)
                {
                    continue;
                }

                var g = pg + (i * stride);
                var at = 0;
                if (loss > 0)
                {
                    while (at < classes - 1 && (at == label || z[at] != rival))
                    {
                        at++;
                    }
                }

                for (var j = 0; j < stride; j += Block)
                {
                    Vector256<float>.Zero.Store(g + j);
                }

                if (loss > 0)
                {
                    var slope = scale * weight * (isSquared ? 2 * loss : 1);
                    g[at] = slope;
                    g[label] = -slope;
                }
            }

            return sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float RowMax(float* z, int classes, Vector256<float> lastMask)
    {
        var whole = classes & ~(Block - 1);
        var lowest = Vector256.Create(float.NegativeInfinity);
        var max = lowest;
        for (var j = 0; j < whole; j += Block)
        {
            max = Vector256.MaxNative(max, Vector256.Load(z + j));
        }

        if (whole < classes)
        {
            max = Vector256.MaxNative(max, Vector256.ConditionalSelect(lastMask, Vector256.Load(z + whole), lowest));
        }

        return AcrossLanes.Max(max);
    }

    private static int Widen(int classes) => (classes + Block - 1) & ~(Block - 1);

    /// <summary>What is known of eight rows between the passes over them.</summary>
    private struct RowBlock
    {
        public fixed float Weights[Block];
        public fixed float Picked[Block];
        public fixed float Maxima[Block];
        public fixed float Sums[Block];

        /// <summary>Σ s_j.</summary>
        public fixed float Shifts[Block];
    }
}
