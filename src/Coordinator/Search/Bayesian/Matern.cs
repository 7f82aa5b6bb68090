using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace TuningCluster.Coordinator.Search.Bayesian;

/// <summary>The Matérn function of smoothness 5/2: m(r) = (1 + √5·r + 5/3·r²)·exp(−√5·r) (Rasmussen and Williams 2006, eq. 4.17).</summary>
internal static class Matern
{
    private const double Root5 = 2.2360679774997896964;

    /// <summary>k := scale · m(√k).</summary>
    /// <param name="k">Squared distances; becomes the kernel.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Kernel(Span<double> k, double scale)
    {
        var i = 0;
        ref var at = ref MemoryMarshal.GetReference(k);
        for (; i <= k.Length - 4; i += 4)
        {
            var (value, _) = Of(Vector256.LoadUnsafe(ref at, (nuint)i));
            (value * scale).StoreUnsafe(ref at, (nuint)i);
        }

        for (; i < k.Length; i++)
        {
            var (value, _) = Of(Vector256.Create(k[i]));
            k[i] = value[0] * scale;
        }
    }

    /// <summary>The kernel, and its derivative by the squared distance: −5/6·scale·(1 + √5·r)·exp(−√5·r).</summary>
    /// <param name="k">Squared distances; becomes the kernel.</param>
    /// <param name="slope">Becomes the derivative. The same shape.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void KernelAndSlope(Span<double> k, Span<double> slope, double scale)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slope.Length, k.Length);
        var i = 0;
        ref var at = ref MemoryMarshal.GetReference(k);
        ref var downAt = ref MemoryMarshal.GetReference(slope);
        for (; i <= k.Length - 4; i += 4)
        {
            var (value, down) = Of(Vector256.LoadUnsafe(ref at, (nuint)i));
            (value * scale).StoreUnsafe(ref at, (nuint)i);
            (down * scale).StoreUnsafe(ref downAt, (nuint)i);
        }

        for (; i < k.Length; i++)
        {
            var (value, down) = Of(Vector256.Create(k[i]));
            k[i] = value[0] * scale;
            slope[i] = down[0] * scale;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<double> Value, Vector256<double> Slope) Of(Vector256<double> square)
    {
        var scaled = Vector256.Sqrt(square) * Root5;
        var fall = Vector256.Exp(-scaled);
        var linear = Vector256<double>.One + scaled;
        return ((linear + (square * (5.0 / 3))) * fall, linear * fall * (-5.0 / 6));
    }
}
