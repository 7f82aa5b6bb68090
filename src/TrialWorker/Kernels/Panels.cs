using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TuningCluster.TrialWorker.Kernels;

// A matrix [rows, columns] in panels of 16 columns: panel p is [rows, 16], dense, holding columns 16p … 16p+15; the last is padded with
// zeros. A tile's two vectors of a row are then one cache line, a tile's rows follow one another, and no product has to pack its weights.
// Transposing goes by blocks of 8×8 in registers (8 loads, 24 shuffles, 8 stores).

/// <summary>The layout of weights: where an element is, and panels of the transpose.</summary>
public static unsafe class Panels
{
    /// <summary>Columns of a panel.</summary>
    public const int Width = PanelTile.Columns;

    /// <summary>Panels that hold so many columns.</summary>
    public static int Count(int columns) => (int)(((long)columns + Width - 1) / Width);

    /// <summary>Floats of a matrix in panels.</summary>
    public static long Length(int rows, int columns) => (long)rows * Count(columns) * Width;

    /// <summary>Where element [<paramref name="row"/>, <paramref name="column"/>] of a matrix with so many rows is.</summary>
    public static int IndexOf(int rows, int row, int column) => (((column / Width * rows) + row) * Width) + (column % Width);

    /// <summary>A panel of the transpose: <paramref name="panel"/>[k, q] = matrix[16·<paramref name="block"/> + q, from + k], zeros past the last row.</summary>
    /// <param name="matrix">In panels, <paramref name="rows"/> rows.</param>
    /// <param name="block">Which 16 rows become columns.</param>
    /// <param name="from">First column; a multiple of 16.</param>
    /// <param name="depth">Columns taken.</param>
    /// <param name="panel">Receives [<paramref name="depth"/> rounded up to 8, 16].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* matrix, int rows, int block, int from, int depth, float* panel)
    {
        var first = block * Width;
        var existing = Math.Min(Width, rows - first);
        for (var k = 0; k < depth; k += 8)
        {
            var column = from + k;
            var source = matrix + ((((nint)(column / Width) * rows) + first) * Width) + (column % Width);
            var destination = panel + (k * Width);
            if (existing == Width)
            {
                Transpose8(source, destination);
                Transpose8(source + (8 * Width), destination + 8);
                continue;
            }

            for (var r = 0; r < 8; r++)
            {
                for (var q = 0; q < Width; q++)
                {
                    destination[(r * Width) + q] = q < existing ? source[(q * Width) + r] : 0;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose8(float* source, float* destination)
    {
        var r0 = Vector256.Load(source);
        var r1 = Vector256.Load(source + Width);
        var r2 = Vector256.Load(source + (2 * Width));
        var r3 = Vector256.Load(source + (3 * Width));
        var r4 = Vector256.Load(source + (4 * Width));
        var r5 = Vector256.Load(source + (5 * Width));
        var r6 = Vector256.Load(source + (6 * Width));
        var r7 = Vector256.Load(source + (7 * Width));

        // Pairs of rows, then quads, within each half of 128 bits; then the halves change places.
        var t0 = Low(r0, r1);
        var t1 = High(r0, r1);
        var t2 = Low(r2, r3);
        var t3 = High(r2, r3);
        var t4 = Low(r4, r5);
        var t5 = High(r4, r5);
        var t6 = Low(r6, r7);
        var t7 = High(r6, r7);

        r0 = LowPairs(t0, t2);
        r1 = HighPairs(t0, t2);
        r2 = LowPairs(t1, t3);
        r3 = HighPairs(t1, t3);
        r4 = LowPairs(t4, t6);
        r5 = HighPairs(t4, t6);
        r6 = LowPairs(t5, t7);
        r7 = HighPairs(t5, t7);

        Vector256.Create(r0.GetLower(), r4.GetLower()).Store(destination);
        Vector256.Create(r1.GetLower(), r5.GetLower()).Store(destination + Width);
        Vector256.Create(r2.GetLower(), r6.GetLower()).Store(destination + (2 * Width));
        Vector256.Create(r3.GetLower(), r7.GetLower()).Store(destination + (3 * Width));
        Vector256.Create(r0.GetUpper(), r4.GetUpper()).Store(destination + (4 * Width));
        Vector256.Create(r1.GetUpper(), r5.GetUpper()).Store(destination + (5 * Width));
        Vector256.Create(r2.GetUpper(), r6.GetUpper()).Store(destination + (6 * Width));
        Vector256.Create(r3.GetUpper(), r7.GetUpper()).Store(destination + (7 * Width));
    }

    // The unpack and shuffle instructions of AVX, spelled portably where there is none.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Low(Vector256<float> x, Vector256<float> y) => System.Runtime.Intrinsics.X86.Avx.IsSupported
        ? System.Runtime.Intrinsics.X86.Avx.UnpackLow(x, y)
        : Vector256.Create(x[0], y[0], x[1], y[1], x[4], y[4], x[5], y[5]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> High(Vector256<float> x, Vector256<float> y) => System.Runtime.Intrinsics.X86.Avx.IsSupported
        ? System.Runtime.Intrinsics.X86.Avx.UnpackHigh(x, y)
        : Vector256.Create(x[2], y[2], x[3], y[3], x[6], y[6], x[7], y[7]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> LowPairs(Vector256<float> x, Vector256<float> y) => System.Runtime.Intrinsics.X86.Avx.IsSupported
        ? System.Runtime.Intrinsics.X86.Avx.Shuffle(x, y, 0x44)
        : Vector256.Create(x[0], x[1], y[0], y[1], x[4], x[5], y[4], y[5]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> HighPairs(Vector256<float> x, Vector256<float> y) => System.Runtime.Intrinsics.X86.Avx.IsSupported
        ? System.Runtime.Intrinsics.X86.Avx.Shuffle(x, y, 0xEE)
        : Vector256.Create(x[2], x[3], y[2], y[3], x[6], x[7], y[6], y[7]);
}
