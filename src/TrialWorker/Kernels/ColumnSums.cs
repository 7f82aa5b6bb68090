using System.Runtime.Intrinsics;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Kernels;

// s[j] = Σ_i a[i,j]; row-major float. Panels of 32 columns: 4 accumulators stay in registers while the rows go past, then panels of 8.
// Each sum runs in the order of the rows, as the reference does: no difference at all.
// Tails: n % 8 columns run the scalar loop.

/// <summary>Sums over the rows of a matrix: the gradient of a bias.</summary>
public static unsafe class ColumnSums
{
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="a">Shape [rows, columns], rows <paramref name="stride"/> apart.</param>
    /// <param name="sums">Receives shape [columns].</param>
    /// <exception cref="ArgumentException">A span is too short or the stride smaller than a row.</exception>
    public static void Compute(int rows, int columns, ReadOnlySpan<float> a, int stride, Span<float> sums)
    {
        GemmReference.Check(rows, columns, a.Length, stride, nameof(a));
        GemmReference.Check(1, columns, sums.Length, columns, nameof(sums));
        if (!KernelPath.IsVectorized)
        {
            ColumnSumsReference.Compute(rows, columns, a, stride, sums);
            return;
        }

        fixed (float* pa = a, ps = sums)
        {
            var j = 0;
            for (; j <= columns - 32; j += 32)
            {
                var s0 = Vector256<float>.Zero;
                var s1 = s0;
                var s2 = s0;
                var s3 = s0;
                var row = pa + j;
                for (var i = 0; i < rows; i++, row += stride)
                {
                    s0 += Vector256.Load(row);
                    s1 += Vector256.Load(row + 8);
                    s2 += Vector256.Load(row + 16);
                    s3 += Vector256.Load(row + 24);
                }

                s0.Store(ps + j);
                s1.Store(ps + j + 8);
                s2.Store(ps + j + 16);
                s3.Store(ps + j + 24);
            }

            for (; j <= columns - 8; j += 8)
            {
                var s = Vector256<float>.Zero;
                var row = pa + j;
                for (var i = 0; i < rows; i++, row += stride)
                {
                    s += Vector256.Load(row);
                }

                s.Store(ps + j);
            }

            for (; j < columns; j++)
            {
                var s = 0f;
                for (nint i = 0; i < rows; i++)
                {
                    s += pa[(i * stride) + j];
                }

                ps[j] = s;
            }
        }
    }
}
