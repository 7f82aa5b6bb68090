using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TuningCluster.Benchmarks.Trainer;

/// <summary>What a core can do at most in 256-bit float arithmetic.</summary>
internal static class FmaPeak
{
    private const int Chains = 12;
    private const int Turns = 100_000;

    /// <summary>GFLOP/s of fused multiply-adds that touch no memory, two operations a lane; the best of pieces of a millisecond or so.</summary>
    /// <param name="seconds">How long to try.</param>
    public static double Measure(double seconds)
    {
        var best = double.PositiveInfinity;
        var sink = 0f;
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started).TotalSeconds < seconds;)
        {
            var piece = Stopwatch.GetTimestamp();
            sink += Chase(Vector256.Create(0.999f), Vector256.Create(0.001f));
            best = Math.Min(best, Stopwatch.GetElapsedTime(piece).TotalSeconds);
        }

        return float.IsNaN(sink) ? double.NaN : 2.0 * Vector256<float>.Count * Chains * Turns / best / 1e9;
    }

    // x ← x·m + a, twelve times side by side. A multiply-add takes four cycles or five and a core starts two a cycle: ten chains keep it
    // busy. With m and a, fourteen of the sixteen registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Chase(Vector256<float> m, Vector256<float> a)
    {
        Vector256<float> x0 = a, x1 = a, x2 = a, x3 = a, x4 = a, x5 = a, x6 = a, x7 = a, x8 = a, x9 = a, x10 = a, x11 = a;
        for (var turn = 0; turn < Turns; turn++)
        {
            x0 = Vector256.FusedMultiplyAdd(x0, m, a);
            x1 = Vector256.FusedMultiplyAdd(x1, m, a);
            x2 = Vector256.FusedMultiplyAdd(x2, m, a);
            x3 = Vector256.FusedMultiplyAdd(x3, m, a);
            x4 = Vector256.FusedMultiplyAdd(x4, m, a);
            x5 = Vector256.FusedMultiplyAdd(x5, m, a);
            x6 = Vector256.FusedMultiplyAdd(x6, m, a);
            x7 = Vector256.FusedMultiplyAdd(x7, m, a);
            x8 = Vector256.FusedMultiplyAdd(x8, m, a);
            x9 = Vector256.FusedMultiplyAdd(x9, m, a);
            x10 = Vector256.FusedMultiplyAdd(x10, m, a);
            x11 = Vector256.FusedMultiplyAdd(x11, m, a);
        }

        return Vector256.Sum(x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9 + x10 + x11);
    }
}
