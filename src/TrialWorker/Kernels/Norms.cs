using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Kernels;

// SumOfSquares Σ x², in double: eight partial sums, element i in sum i % 8, added as AcrossLanes says. The squares are exact in double:
//   |Δ| ≤ γ(n)·Σ with u = 2⁻⁵³. NaN gives NaN.
// Scale x := factor·x. Clip x := min(max(x, −limit), limit), NaN stays NaN. Both the reference's floats.
// Layout: flat. Registers: 4 of 16 YMM. Tails: Elementwise; SumOfSquares in a vector on the stack.

/// <summary>What gradient clipping needs, over flat spans.</summary>
public static unsafe class Norms
{
    /// <summary>Σ x², the square of the Euclidean norm.</summary>
    /// <param name="x">Any length.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double SumOfSquares(ReadOnlySpan<float> x)
    {
        if (!KernelPath.IsVectorized)
        {
            return NormsReference.SumOfSquares(x);
        }

        fixed (float* px = x)
        {
            var n = x.Length;
            var low = Vector256<double>.Zero;
            var high = Vector256<double>.Zero;
            nint i = 0;
            for (; i <= n - KernelPath.Lanes; i += KernelPath.Lanes)
            {
                var (l, h) = Vector256.Widen(Vector256.Load(px + i));
                low += l * l;
                high += h * h;
            }

            var sum = AcrossLanes.Sum(low + high);
            return i == n ? sum : sum + LastSquares(px + i, n - (int)i);
        }
    }

    /// <summary>Multiplies by <paramref name="factor"/>.</summary>
    /// <param name="values">Any length.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(Span<float> values, float factor)
    {
        if (!KernelPath.IsVectorized)
        {
            NormsReference.Scale(values, factor);
            return;
        }

        fixed (float* p = values)
        {
            var n = values.Length;
            var f = Vector256.Create(factor);
            nint i = 0;
            for (; i <= n - KernelPath.Lanes; i += KernelPath.Lanes)
            {
                (Vector256.Load(p + i) * f).Store(p + i);
            }

            for (; i < n; i++)
            {
                p[i] *= factor;
            }
        }
    }

    /// <summary>Brings every value between ±<paramref name="limit"/>; NaN stays NaN.</summary>
    /// <param name="values">Any length.</param>
    /// <param name="limit">> 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not positive.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Clip(Span<float> values, float limit)
    {
        NormsReference.CheckLimit(limit);
        if (!KernelPath.IsVectorized)
        {
            NormsReference.Clip(values, limit);
            return;
        }

        fixed (float* p = values)
        {
            var n = values.Length;
            var high = Vector256.Create(limit);
            var low = Vector256.Create(-limit);
            nint i = 0;
            for (; i <= n - KernelPath.Lanes; i += KernelPath.Lanes)
            {
                Vector256.MinNative(high, Vector256.MaxNative(low, Vector256.Load(p + i))).Store(p + i);
            }

            for (; i < n; i++)
            {
                p[i] = NormsReference.Clip(p[i], limit);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static double LastSquares(float* x, int count)
    {
        var (low, high) = Vector256.Widen(Elementwise.LoadFirst(x, count));
        return AcrossLanes.Sum((low * low) + (high * high));
    }
}
