using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Kernels;

// z[rows,classes] in rows of `stride` floats, a multiple of 8, so that each row is whole vectors: lanes past the classes are read,
// masked and never count; in the gradient they become zero. y[i] is the class of row i.
//
// Softmax cross-entropy, fused: p_j = e_j / Σ e, e_j = exp(max(z_j − max z, −75)); loss = ln Σ e − (z_y − max z);
//   gradient scale·(p_j − [j = y]).
//   The shift by the maximum keeps exp from overflowing. The clamp at −75 keeps p and the products made of it out of the subnormal
//   range, where multiplications can be a hundred times slower; it moves no probability by more than 2.7e−33.
//   |Δ loss| of a row ≤ (classes + 4)·2⁻²², |Δ gradient| ≤ scale·(classes + 6)·2⁻²³ against the reference. Registers: 8 of 16 YMM.
// Crammer–Singer hinge: loss = max(0, 1 + max_{j≠y} z_j − z_y); gradient scale on the worst j and −scale on y where loss > 0.
//   The terms are the reference's floats; with equal worst classes the first is taken. Registers: 6 of 16 YMM.
// Losses are summed over rows in double. A NaN or +∞ in a row makes its cross-entropy NaN; a NaN in a row makes its hinge NaN;
// gradients of such rows mean nothing.

/// <summary>Losses that compare the outputs of a row with the row's class.</summary>
public static unsafe class ClassificationLosses
{
    internal const float ExpFloor = -75f;

    /// <summary>Sum over the rows of softmax cross-entropy, and its gradient times <paramref name="scale"/>.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="classes">Outputs that count in each row; ≥ 1 (hinge: ≥ 2).</param>
    /// <param name="outputs">Shape [rows, classes], rows <paramref name="stride"/> apart; rows · stride floats.</param>
    /// <param name="stride">A multiple of 8, at least <paramref name="classes"/>.</param>
    /// <param name="labels">Class of each row, in [0, classes).</param>
    /// <param name="scale">What the gradient is multiplied by: 1 / rows makes it the gradient of the mean.</param>
    /// <param name="gradient">Receives the shape of <paramref name="outputs"/>, and may be the same span; empty when only the loss is
    /// wanted.</param>
    /// <returns>The sum.</returns>
    /// <exception cref="ArgumentException">A length or the stride does not fit, or a label is no class.</exception>
    public static double CrossEntropy(
        int rows, int classes, ReadOnlySpan<float> outputs, int stride, ReadOnlySpan<int> labels, float scale, Span<float> gradient)
    {
        ClassificationLossesReference.Check(rows, classes, outputs, stride, labels, gradient, 1);
        if (!KernelPath.IsVectorized)
        {
            return ClassificationLossesReference.CrossEntropy(rows, classes, outputs, stride, labels, scale, gradient);
        }

        fixed (float* pz = outputs, pg = gradient)
        fixed (int* py = labels)
        {
            var whole = classes & ~7;
            var lastMask = FirstLanes(classes - whole);
            var picked = 0.0;

            // ln a + ln b = ln(a·b): one logarithm for as many rows as the product holds. Each factor is in [1, classes + 2⁻²³].
            var product = 1.0;
            var logs = 0.0;
            for (nint i = 0; i < rows; i++)
            {
                var z = pz + (i * stride);
                var max = RowMax(z, classes, lastMask);
                var shift = Vector256.Create(max);
                var floor = Vector256.Create(ExpFloor);
                picked += (double)z[py[i]] - max;

                var total = Vector256<float>.Zero;
                float sum;
                if (pg == null)
                {
                    for (var j = 0; j < whole; j += 8)
                    {
                        total += VectorMath.Exp(Avx.Max(floor, Vector256.Load(z + j) - shift));
                    }

                    if (whole < classes)
                    {
                        total += VectorMath.Exp(Avx.Max(floor, Vector256.Load(z + whole) - shift)) & lastMask;
                    }

                    sum = Vector256.Sum(total);
                }
                else
                {
                    var g = pg + (i * stride);
                    for (var j = 0; j < whole; j += 8)
                    {
                        var e = VectorMath.Exp(Avx.Max(floor, Vector256.Load(z + j) - shift));
                        e.Store(g + j);
                        total += e;
                    }

                    var end = whole;
                    if (whole < classes)
                    {
                        var e = VectorMath.Exp(Avx.Max(floor, Vector256.Load(z + whole) - shift)) & lastMask;
                        e.Store(g + whole);
                        total += e;
                        end += 8;
                    }

                    sum = Vector256.Sum(total);
                    var factor = Vector256.Create(scale / sum);
                    for (var j = 0; j < end; j += 8)
                    {
                        (Vector256.Load(g + j) * factor).Store(g + j);
                    }

                    for (var j = end; j < stride; j += 8)
                    {
                        Vector256<float>.Zero.Store(g + j);
                    }

                    g[py[i]] -= scale;
                }

                product *= sum;
                if (product > 1e200)
                {
                    logs += Math.Log(product);
                    product = 1;
                }
            }

            return logs + Math.Log(product) - picked;
        }
    }

    /// <summary>Sum over the rows of the multiclass hinge loss, and its gradient times <paramref name="scale"/>.</summary>
    /// <remarks>Crammer and Singer 2001, JMLR 2:265–292.</remarks>
    /// <inheritdoc cref="CrossEntropy"/>
    public static double Hinge(
        int rows, int classes, ReadOnlySpan<float> outputs, int stride, ReadOnlySpan<int> labels, float scale, Span<float> gradient)
    {
        ClassificationLossesReference.Check(rows, classes, outputs, stride, labels, gradient, 2);
        if (!KernelPath.IsVectorized)
        {
            return ClassificationLossesReference.Hinge(rows, classes, outputs, stride, labels, scale, gradient);
        }

        fixed (float* pz = outputs, pg = gradient)
        fixed (int* py = labels)
        {
            var sum = 0.0;
            var steps = Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7);
            for (nint i = 0; i < rows; i++)
            {
                var z = pz + (i * stride);
                var label = py[i];
                var labelLanes = Vector256.Create(label);
                var classLanes = Vector256.Create(classes);
                var worst = Vector256.Create(float.NegativeInfinity);
                var nan = Vector256<float>.Zero;
                for (var j = 0; j < classes; j += 8)
                {
                    var x = Vector256.Load(z + j);
                    var index = Avx2.Add(steps, Vector256.Create(j));
                    var isClass = Avx2.CompareGreaterThan(classLanes, index);
                    var isRival = Avx2.AndNot(Avx2.CompareEqual(index, labelLanes), isClass).AsSingle();
                    nan |= Avx.CompareUnordered(x, x) & isClass.AsSingle();
                    worst = Avx.Max(worst, Avx.BlendVariable(Vector256.Create(float.NegativeInfinity), x, isRival));
                }

                var rival = HorizontalMax(worst);
                var loss = 1 + (rival - z[label]);
                var isNan = Avx.MoveMask(nan) != 0 || float.IsNaN(loss);
                sum += isNan ? double.NaN : MathF.Max(0, loss);
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

                for (var j = 0; j < stride; j += 8)
                {
                    Vector256<float>.Zero.Store(g + j);
                }

                if (loss > 0)
                {
                    g[at] = scale;
                    g[label] = -scale;
                }
            }

            return sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float RowMax(float* z, int classes, Vector256<float> lastMask)
    {
        var whole = classes & ~7;
        var max = Vector256.Create(float.NegativeInfinity);
        for (var j = 0; j < whole; j += 8)
        {
            max = Avx.Max(max, Vector256.Load(z + j));
        }

        if (whole < classes)
        {
            max = Avx.Max(max, Avx.BlendVariable(Vector256.Create(float.NegativeInfinity), Vector256.Load(z + whole), lastMask));
        }

        return HorizontalMax(max);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float HorizontalMax(Vector256<float> x)
    {
        x = Avx.Max(x, Avx.Permute2x128(x, x, 1));
        x = Avx.Max(x, Avx.Shuffle(x, x, 0x4E));
        x = Avx.Max(x, Avx.Shuffle(x, x, 0xB1));
        return x.ToScalar();
    }

    /// <summary>All bits set in the first <paramref name="count"/> lanes.</summary>
    private static Vector256<float> FirstLanes(int count) =>
        Avx2.CompareGreaterThan(Vector256.Create(count), Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7)).AsSingle();
}
