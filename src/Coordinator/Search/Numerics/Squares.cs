using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace TuningCluster.Coordinator.Search.Numerics;

/// <summary>Weighted squared differences of columns, four at a time.</summary>
internal static class Squares
{
    /// <summary>target := target + weight·(column − z)².</summary>
    /// <param name="target">Shape [n].</param>
    /// <param name="column">Shape [n].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(Span<double> target, ReadOnlySpan<double> column, double z, double weight)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(column.Length, target.Length);
        ref var t = ref MemoryMarshal.GetReference(target);
        ref var c = ref MemoryMarshal.GetReference(column);
        var (at, w) = (Vector256.Create(z), Vector256.Create(weight));
        var i = 0;
        for (; i <= target.Length - 8; i += 8)
        {
            var a = Vector256.LoadUnsafe(ref c, (nuint)i) - at;
            var b = Vector256.LoadUnsafe(ref c, (nuint)(i + 4)) - at;
            Vector256.MultiplyAddEstimate(a * a, w, Vector256.LoadUnsafe(ref t, (nuint)i)).StoreUnsafe(ref t, (nuint)i);
            Vector256.MultiplyAddEstimate(b * b, w, Vector256.LoadUnsafe(ref t, (nuint)(i + 4))).StoreUnsafe(ref t, (nuint)(i + 4));
        }

        for (; i < target.Length; i++)
        {
            var away = Unsafe.Add(ref c, i) - z;
            Unsafe.Add(ref t, i) = Math.FusedMultiplyAdd(away * away, weight, Unsafe.Add(ref t, i));
        }
    }

    /// <summary>Σ weight·(column − z)².</summary>
    /// <param name="weights">Shape [n].</param>
    /// <param name="column">Shape [n] or longer.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Sum(ReadOnlySpan<double> weights, ReadOnlySpan<double> column, double z)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(column.Length, weights.Length);
        ref var w = ref MemoryMarshal.GetReference(weights);
        ref var c = ref MemoryMarshal.GetReference(column);
        var at = Vector256.Create(z);
        var (even, odd) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var i = 0;
        for (; i <= weights.Length - 8; i += 8)
        {
            var a = Vector256.LoadUnsafe(ref c, (nuint)i) - at;
            var b = Vector256.LoadUnsafe(ref c, (nuint)(i + 4)) - at;
            even = Vector256.MultiplyAddEstimate(a * a, Vector256.LoadUnsafe(ref w, (nuint)i), even);
            odd = Vector256.MultiplyAddEstimate(b * b, Vector256.LoadUnsafe(ref w, (nuint)(i + 4)), odd);
        }

        var total = Vector256.Sum(even + odd);
        for (; i < weights.Length; i++)
        {
            var away = Unsafe.Add(ref c, i) - z;
            total += Unsafe.Add(ref w, i) * away * away;
        }

        return total;
    }
}
