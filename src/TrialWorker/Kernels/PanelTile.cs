using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TuningCluster.TrialWorker.Kernels;

// Rows     C[r,16] = start[r,16] + Σ_k A[r,k]·P[k,16]     row r of A at rows[r] + from
// Columns  C[r,16] = Σ_k A[k,column + r]·P[k,16]          row k of A at rows[k]; C dense
// for r = 6, 4 or 1 rows of C; P is a panel: 16 floats a row, dense. A's rows lie wherever the pointers say: a mini-batch is read where
// the data set has it, without a copy.
// start has rows startRow apart: 0 repeats one row (a bias or zeros), C itself accumulates.
// Tile 6×16: 12 accumulators + 2 of P + 1 broadcast of A = 15 of 16 YMM registers; 6 row pointers + k + P = 8 of 16 general registers.
// Two multiply-adds a cycle of latency four need eight accumulators in flight: 6×16 and 4×16 have them, 1×16 is for the last rows only.
// Each element is one chain of fused multiply-adds in the order of k, whatever the tile: a result does not depend on its neighbours,
// on how rows are dealt to tiles, nor on which thread computes it.
// The tiles of one kind share their shape by copy: the register allocator needs them unrolled.

/// <summary>The innermost loops of <see cref="DenseProducts"/>; only callable where <see cref="KernelPath.IsVectorized"/>.</summary>
internal static unsafe class PanelTile
{
    /// <summary>Width of a panel and of a tile.</summary>
    public const int Columns = 16;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows6(
        float** rows, nint from, nint depth, float* panel, float* start, nint startRow, float* c, nint cRow)
    {
        var a0 = rows[0] + from;
        var a1 = rows[1] + from;
        var a2 = rows[2] + from;
        var a3 = rows[3] + from;
        var a4 = rows[4] + from;
        var a5 = rows[5] + from;
        var c00 = Vector256.Load(start);
        var c01 = Vector256.Load(start + 8);
        start += startRow;
        var c10 = Vector256.Load(start);
        var c11 = Vector256.Load(start + 8);
        start += startRow;
        var c20 = Vector256.Load(start);
        var c21 = Vector256.Load(start + 8);
        start += startRow;
        var c30 = Vector256.Load(start);
        var c31 = Vector256.Load(start + 8);
        start += startRow;
        var c40 = Vector256.Load(start);
        var c41 = Vector256.Load(start + 8);
        start += startRow;
        var c50 = Vector256.Load(start);
        var c51 = Vector256.Load(start + 8);

        // The next tile's rows of C: between two depths of a large matrix they have left the second level.
        for (var row = 6; row < 12; row++)
        {
            Prefetch.ToFirstLevel(c + (row * cRow));
        }

        for (nint k = 0; k < depth; k++)
        {
            var b0 = Vector256.Load(panel);
            var b1 = Vector256.Load(panel + 8);
            panel += Columns;

            var x = Vector256.Create(a0[k]);
            c00 = Vector256.FusedMultiplyAdd(x, b0, c00);
            c01 = Vector256.FusedMultiplyAdd(x, b1, c01);
            x = Vector256.Create(a1[k]);
            c10 = Vector256.FusedMultiplyAdd(x, b0, c10);
            c11 = Vector256.FusedMultiplyAdd(x, b1, c11);
            x = Vector256.Create(a2[k]);
            c20 = Vector256.FusedMultiplyAdd(x, b0, c20);
            c21 = Vector256.FusedMultiplyAdd(x, b1, c21);
            x = Vector256.Create(a3[k]);
            c30 = Vector256.FusedMultiplyAdd(x, b0, c30);
            c31 = Vector256.FusedMultiplyAdd(x, b1, c31);
            x = Vector256.Create(a4[k]);
            c40 = Vector256.FusedMultiplyAdd(x, b0, c40);
            c41 = Vector256.FusedMultiplyAdd(x, b1, c41);
            x = Vector256.Create(a5[k]);
            c50 = Vector256.FusedMultiplyAdd(x, b0, c50);
            c51 = Vector256.FusedMultiplyAdd(x, b1, c51);
        }

        c00.Store(c);
        c01.Store(c + 8);
        c += cRow;
        c10.Store(c);
        c11.Store(c + 8);
        c += cRow;
        c20.Store(c);
        c21.Store(c + 8);
        c += cRow;
        c30.Store(c);
        c31.Store(c + 8);
        c += cRow;
        c40.Store(c);
        c41.Store(c + 8);
        c += cRow;
        c50.Store(c);
        c51.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows4(
        float** rows, nint from, nint depth, float* panel, float* start, nint startRow, float* c, nint cRow)
    {
        var a0 = rows[0] + from;
        var a1 = rows[1] + from;
        var a2 = rows[2] + from;
        var a3 = rows[3] + from;
        var c00 = Vector256.Load(start);
        var c01 = Vector256.Load(start + 8);
        start += startRow;
        var c10 = Vector256.Load(start);
        var c11 = Vector256.Load(start + 8);
        start += startRow;
        var c20 = Vector256.Load(start);
        var c21 = Vector256.Load(start + 8);
        start += startRow;
        var c30 = Vector256.Load(start);
        var c31 = Vector256.Load(start + 8);

        for (nint k = 0; k < depth; k++)
        {
            var b0 = Vector256.Load(panel);
            var b1 = Vector256.Load(panel + 8);
            panel += Columns;

            var x = Vector256.Create(a0[k]);
            c00 = Vector256.FusedMultiplyAdd(x, b0, c00);
            c01 = Vector256.FusedMultiplyAdd(x, b1, c01);
            x = Vector256.Create(a1[k]);
            c10 = Vector256.FusedMultiplyAdd(x, b0, c10);
            c11 = Vector256.FusedMultiplyAdd(x, b1, c11);
            x = Vector256.Create(a2[k]);
            c20 = Vector256.FusedMultiplyAdd(x, b0, c20);
            c21 = Vector256.FusedMultiplyAdd(x, b1, c21);
            x = Vector256.Create(a3[k]);
            c30 = Vector256.FusedMultiplyAdd(x, b0, c30);
            c31 = Vector256.FusedMultiplyAdd(x, b1, c31);
        }

        c00.Store(c);
        c01.Store(c + 8);
        c += cRow;
        c10.Store(c);
        c11.Store(c + 8);
        c += cRow;
        c20.Store(c);
        c21.Store(c + 8);
        c += cRow;
        c30.Store(c);
        c31.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows1(
        float** rows, nint from, nint depth, float* panel, float* start, nint startRow, float* c, nint cRow)
    {
        var a0 = rows[0] + from;
        var c00 = Vector256.Load(start);
        var c01 = Vector256.Load(start + 8);

        for (nint k = 0; k < depth; k++)
        {
            var b0 = Vector256.Load(panel);
            var b1 = Vector256.Load(panel + 8);
            panel += Columns;

            var x = Vector256.Create(a0[k]);
            c00 = Vector256.FusedMultiplyAdd(x, b0, c00);
            c01 = Vector256.FusedMultiplyAdd(x, b1, c01);
        }

        c00.Store(c);
        c01.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Columns6(float** rows, nint column, nint depth, float* panel, float* c)
    {
        var c00 = Vector256<float>.Zero;
        var c01 = Vector256<float>.Zero;
        var c10 = Vector256<float>.Zero;
        var c11 = Vector256<float>.Zero;
        var c20 = Vector256<float>.Zero;
        var c21 = Vector256<float>.Zero;
        var c30 = Vector256<float>.Zero;
        var c31 = Vector256<float>.Zero;
        var c40 = Vector256<float>.Zero;
        var c41 = Vector256<float>.Zero;
        var c50 = Vector256<float>.Zero;
        var c51 = Vector256<float>.Zero;

        for (nint k = 0; k < depth; k++)
        {
            var a = rows[k] + column;
            var b0 = Vector256.Load(panel);
            var b1 = Vector256.Load(panel + 8);
            panel += Columns;

            var x = Vector256.Create(a[0]);
            c00 = Vector256.FusedMultiplyAdd(x, b0, c00);
            c01 = Vector256.FusedMultiplyAdd(x, b1, c01);
            x = Vector256.Create(a[1]);
            c10 = Vector256.FusedMultiplyAdd(x, b0, c10);
            c11 = Vector256.FusedMultiplyAdd(x, b1, c11);
            x = Vector256.Create(a[2]);
            c20 = Vector256.FusedMultiplyAdd(x, b0, c20);
            c21 = Vector256.FusedMultiplyAdd(x, b1, c21);
            x = Vector256.Create(a[3]);
            c30 = Vector256.FusedMultiplyAdd(x, b0, c30);
            c31 = Vector256.FusedMultiplyAdd(x, b1, c31);
            x = Vector256.Create(a[4]);
            c40 = Vector256.FusedMultiplyAdd(x, b0, c40);
            c41 = Vector256.FusedMultiplyAdd(x, b1, c41);
            x = Vector256.Create(a[5]);
            c50 = Vector256.FusedMultiplyAdd(x, b0, c50);
            c51 = Vector256.FusedMultiplyAdd(x, b1, c51);
        }

        c00.Store(c);
        c01.Store(c + 8);
        c10.Store(c + 16);
        c11.Store(c + 24);
        c20.Store(c + 32);
        c21.Store(c + 40);
        c30.Store(c + 48);
        c31.Store(c + 56);
        c40.Store(c + 64);
        c41.Store(c + 72);
        c50.Store(c + 80);
        c51.Store(c + 88);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Columns4(float** rows, nint column, nint depth, float* panel, float* c)
    {
        var c00 = Vector256<float>.Zero;
        var c01 = Vector256<float>.Zero;
        var c10 = Vector256<float>.Zero;
        var c11 = Vector256<float>.Zero;
        var c20 = Vector256<float>.Zero;
        var c21 = Vector256<float>.Zero;
        var c30 = Vector256<float>.Zero;
        var c31 = Vector256<float>.Zero;

        for (nint k = 0; k < depth; k++)
        {
            var a = rows[k] + column;
            var b0 = Vector256.Load(panel);
            var b1 = Vector256.Load(panel + 8);
            panel += Columns;

            var x = Vector256.Create(a[0]);
            c00 = Vector256.FusedMultiplyAdd(x, b0, c00);
            c01 = Vector256.FusedMultiplyAdd(x, b1, c01);
            x = Vector256.Create(a[1]);
            c10 = Vector256.FusedMultiplyAdd(x, b0, c10);
            c11 = Vector256.FusedMultiplyAdd(x, b1, c11);
            x = Vector256.Create(a[2]);
            c20 = Vector256.FusedMultiplyAdd(x, b0, c20);
            c21 = Vector256.FusedMultiplyAdd(x, b1, c21);
            x = Vector256.Create(a[3]);
            c30 = Vector256.FusedMultiplyAdd(x, b0, c30);
            c31 = Vector256.FusedMultiplyAdd(x, b1, c31);
        }

        c00.Store(c);
        c01.Store(c + 8);
        c10.Store(c + 16);
        c11.Store(c + 24);
        c20.Store(c + 32);
        c21.Store(c + 40);
        c30.Store(c + 48);
        c31.Store(c + 56);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Columns1(float** rows, nint column, nint depth, float* panel, float* c)
    {
        var c00 = Vector256<float>.Zero;
        var c01 = Vector256<float>.Zero;

        for (nint k = 0; k < depth; k++)
        {
            var a = rows[k] + column;
            var b0 = Vector256.Load(panel);
            var b1 = Vector256.Load(panel + 8);
            panel += Columns;

            var x = Vector256.Create(a[0]);
            c00 = Vector256.FusedMultiplyAdd(x, b0, c00);
            c01 = Vector256.FusedMultiplyAdd(x, b1, c01);
        }

        c00.Store(c);
        c01.Store(c + 8);
    }
}
