using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TuningCluster.TrialWorker.Kernels;

// panel[k,16] = B[k,j…j+15], from B as it lies or from its transpose; columns beyond the matrix become zeros.
// Transposing goes by blocks of 8×8 in registers (8 loads, 24 shuffles, 8 stores); what is left of 8 goes element by element.

/// <summary>Copies one panel of B next to itself for <see cref="Gemm"/>; only callable where <see cref="KernelPath.IsVectorized"/>.</summary>
internal static unsafe class GemmPanel
{
    private const int Width = GemmTile.Columns;

    /// <param name="b">Element [0, j] of rows <paramref name="ldb"/> apart.</param>
    /// <param name="columns">1 to 16 columns that exist.</param>
    /// <param name="panel">Receives [depth, 16].</param>
    public static void Pack(float* b, nint ldb, int depth, int columns, float* panel)
    {
        if (columns == Width)
        {
            for (var k = 0; k < depth; k++, b += ldb, panel += Width)
            {
                Vector256.Load(b).Store(panel);
                Vector256.Load(b + 8).Store(panel + 8);
            }

            return;
        }

        for (var k = 0; k < depth; k++, b += ldb, panel += Width)
        {
            for (var q = 0; q < Width; q++)
            {
                panel[q] = q < columns ? b[q] : 0;
            }
        }
    }

    /// <param name="b">Element [j, 0] of rows <paramref name="ldb"/> apart; row q becomes column q.</param>
    /// <inheritdoc cref="Pack"/>
    public static void PackTransposed(float* b, nint ldb, int depth, int columns, float* panel)
    {
        var whole = depth & ~7;
        for (var q = 0; q < Width; q += 8)
        {
            var scalarFrom = 0;
            if (q + 8 <= columns)
            {
                for (var k = 0; k < whole; k += 8)
                {
                    Transpose8(b + (q * ldb) + k, ldb, panel + (k * Width) + q);
                }

                scalarFrom = whole;
            }

            for (var r = q; r < q + 8; r++)
            {
                var row = b + (r * ldb);
                for (var k = scalarFrom; k < depth; k++)
                {
                    panel[(k * Width) + r] = r < columns ? row[k] : 0;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose8(float* source, nint stride, float* destination)
    {
        var r0 = Vector256.Load(source);
        var r1 = Vector256.Load(source + stride);
        var r2 = Vector256.Load(source + (2 * stride));
        var r3 = Vector256.Load(source + (3 * stride));
        var r4 = Vector256.Load(source + (4 * stride));
        var r5 = Vector256.Load(source + (5 * stride));
        var r6 = Vector256.Load(source + (6 * stride));
        var r7 = Vector256.Load(source + (7 * stride));

        // Pairs of rows, then quads, within each half of 128 bits; then the halves change places.
        var t0 = Avx.UnpackLow(r0, r1);
        var t1 = Avx.UnpackHigh(r0, r1);
        var t2 = Avx.UnpackLow(r2, r3);
        var t3 = Avx.UnpackHigh(r2, r3);
        var t4 = Avx.UnpackLow(r4, r5);
        var t5 = Avx.UnpackHigh(r4, r5);
        var t6 = Avx.UnpackLow(r6, r7);
        var t7 = Avx.UnpackHigh(r6, r7);

        r0 = Avx.Shuffle(t0, t2, 0x44);
        r1 = Avx.Shuffle(t0, t2, 0xEE);
        r2 = Avx.Shuffle(t1, t3, 0x44);
        r3 = Avx.Shuffle(t1, t3, 0xEE);
        r4 = Avx.Shuffle(t4, t6, 0x44);
        r5 = Avx.Shuffle(t4, t6, 0xEE);
        r6 = Avx.Shuffle(t5, t7, 0x44);
        r7 = Avx.Shuffle(t5, t7, 0xEE);

        Avx.Permute2x128(r0, r4, 0x20).Store(destination);
        Avx.Permute2x128(r1, r5, 0x20).Store(destination + Width);
        Avx.Permute2x128(r2, r6, 0x20).Store(destination + (2 * Width));
        Avx.Permute2x128(r3, r7, 0x20).Store(destination + (3 * Width));
        Avx.Permute2x128(r0, r4, 0x31).Store(destination + (4 * Width));
        Avx.Permute2x128(r1, r5, 0x31).Store(destination + (5 * Width));
        Avx.Permute2x128(r2, r6, 0x31).Store(destination + (6 * Width));
        Avx.Permute2x128(r3, r7, 0x31).Store(destination + (7 * Width));
    }
}
