using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TuningCluster.TrialWorker.Kernels;

// Sums across lanes in a stated order, which Vector256.Sum leaves to the hardware: ((0+4)+(2+6)) + ((1+5)+(3+7)) of eight,
// (0+2)+(1+3) of four.

/// <summary>What happens across the lanes of a vector: the same bits on every hardware.</summary>
internal static unsafe class AcrossLanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Vector256<double> x)
    {
        var pair = x.GetLower() + x.GetUpper();
        return pair.ToScalar() + pair.GetElement(1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector256<float> x)
    {
        var four = x.GetLower() + x.GetUpper();
        four += Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1));
        return four.ToScalar() + four.GetElement(1);
    }

    /// <summary>The greatest lane; where one is NaN, NaN or any other lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(Vector256<float> x)
    {
        var four = Vector128.MaxNative(x.GetLower(), x.GetUpper());
        four = Vector128.MaxNative(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(four, Vector128.Shuffle(four, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    /// <summary>All bits set in the first <paramref name="count"/> lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> First(int count) =>
        Vector256.GreaterThan(Vector256.Create(count), Vector256<int>.Indices).AsSingle();

    /// <summary>Eight rows of eight floats become eight columns.</summary>
    /// <param name="source">Rows <paramref name="sourceStride"/> apart.</param>
    /// <param name="destination">Rows <paramref name="destinationStride"/> apart; may be the same place as the source.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(float* source, nint sourceStride, float* destination, nint destinationStride)
    {
        var r0 = Vector256.Load(source);
        var r1 = Vector256.Load(source + sourceStride);
        var r2 = Vector256.Load(source + (2 * sourceStride));
        var r3 = Vector256.Load(source + (3 * sourceStride));
        var r4 = Vector256.Load(source + (4 * sourceStride));
        var r5 = Vector256.Load(source + (5 * sourceStride));
        var r6 = Vector256.Load(source + (6 * sourceStride));
        var r7 = Vector256.Load(source + (7 * sourceStride));
        (r0, r1, r2, r3) = Interleave(r0, r1, r2, r3);
        (r4, r5, r6, r7) = Interleave(r4, r5, r6, r7);
        Vector256.Create(r0.GetLower(), r4.GetLower()).Store(destination);
        Vector256.Create(r1.GetLower(), r5.GetLower()).Store(destination + destinationStride);
        Vector256.Create(r2.GetLower(), r6.GetLower()).Store(destination + (2 * destinationStride));
        Vector256.Create(r3.GetLower(), r7.GetLower()).Store(destination + (3 * destinationStride));
        Vector256.Create(r0.GetUpper(), r4.GetUpper()).Store(destination + (4 * destinationStride));
        Vector256.Create(r1.GetUpper(), r5.GetUpper()).Store(destination + (5 * destinationStride));
        Vector256.Create(r2.GetUpper(), r6.GetUpper()).Store(destination + (6 * destinationStride));
        Vector256.Create(r3.GetUpper(), r7.GetUpper()).Store(destination + (7 * destinationStride));
    }

    /// <summary>Transposes the 4×4 blocks in the lower and in the upper halves of four rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> R0, Vector256<float> R1, Vector256<float> R2, Vector256<float> R3) Interleave(
        Vector256<float> r0, Vector256<float> r1, Vector256<float> r2, Vector256<float> r3)
    {
        if (Avx.IsSupported)
        {
            var a0 = Avx.UnpackLow(r0, r1);
            var a1 = Avx.UnpackHigh(r0, r1);
            var a2 = Avx.UnpackLow(r2, r3);
            var a3 = Avx.UnpackHigh(r2, r3);
            return (Avx.Shuffle(a0, a2, 0x44), Avx.Shuffle(a0, a2, 0xEE), Avx.Shuffle(a1, a3, 0x44), Avx.Shuffle(a1, a3, 0xEE));
        }

        // Moves only: the portable API has no interleaving of two vectors.
        return (Gather(0), Gather(1), Gather(2), Gather(3));

        Vector256<float> Gather(int lane) => Vector256.Create(
            r0[lane], r1[lane], r2[lane], r3[lane], r0[lane + 4], r1[lane + 4], r2[lane + 4], r3[lane + 4]);
    }
}
