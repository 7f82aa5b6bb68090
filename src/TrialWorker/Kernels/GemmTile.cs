using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TuningCluster.TrialWorker.Kernels;

// C[r,16] = start[r,16] + Σ_k A(r,k)·B[k,16] for r = 6, 4 or 1 rows; float.
// A(r,k) is at a + r·aRow + k·aStep: aStep = 1 reads A by rows, aRow = 1 reads it transposed. B's rows are bStep apart.
// start has rows startRow apart: 0 repeats one row (a bias or zeros), C itself accumulates.
// Tile 6×16: 12 accumulators + 2 of B + 1 broadcast of A = 15 of 16 YMM registers. Two multiply-adds a cycle of latency four
// need eight accumulators in flight: 6×16 and 4×16 have them, 1×16 is for the last rows only.
// Each element is one chain of fused multiply-adds in the order of k, whatever the tile: a row's result does not depend on its neighbours.

/// <summary>The innermost loops of <see cref="Gemm"/>; only callable where <see cref="KernelPath.IsVectorized"/>.</summary>
internal static unsafe class GemmTile
{
    public const int Columns = 16;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows6(
        float* a, nint aRow, nint aStep, float* b, nint bStep, nint depth, float* start, nint startRow, float* c, nint cRow)
    {
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

        // Two pointers of three rows each: x86 addresses reach ×1 and ×2 of a register, not ×5.
        var a3 = a + (3 * aRow);
        for (nint k = 0; k < depth; k++)
        {
            var b0 = Vector256.Load(b);
            var b1 = Vector256.Load(b + 8);
            b += bStep;

            var x = Vector256.Create(*a);
            c00 = Fma.MultiplyAdd(x, b0, c00);
            c01 = Fma.MultiplyAdd(x, b1, c01);
            x = Vector256.Create(a[aRow]);
            c10 = Fma.MultiplyAdd(x, b0, c10);
            c11 = Fma.MultiplyAdd(x, b1, c11);
            x = Vector256.Create(a[2 * aRow]);
            c20 = Fma.MultiplyAdd(x, b0, c20);
            c21 = Fma.MultiplyAdd(x, b1, c21);
            a += aStep;

            x = Vector256.Create(*a3);
            c30 = Fma.MultiplyAdd(x, b0, c30);
            c31 = Fma.MultiplyAdd(x, b1, c31);
            x = Vector256.Create(a3[aRow]);
            c40 = Fma.MultiplyAdd(x, b0, c40);
            c41 = Fma.MultiplyAdd(x, b1, c41);
            x = Vector256.Create(a3[2 * aRow]);
            c50 = Fma.MultiplyAdd(x, b0, c50);
            c51 = Fma.MultiplyAdd(x, b1, c51);
            a3 += aStep;
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
        float* a, nint aRow, nint aStep, float* b, nint bStep, nint depth, float* start, nint startRow, float* c, nint cRow)
    {
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

        var a2 = a + (2 * aRow);
        for (nint k = 0; k < depth; k++)
        {
            var b0 = Vector256.Load(b);
            var b1 = Vector256.Load(b + 8);
            b += bStep;

            var x = Vector256.Create(*a);
            c00 = Fma.MultiplyAdd(x, b0, c00);
            c01 = Fma.MultiplyAdd(x, b1, c01);
            x = Vector256.Create(a[aRow]);
            c10 = Fma.MultiplyAdd(x, b0, c10);
            c11 = Fma.MultiplyAdd(x, b1, c11);
            a += aStep;

            x = Vector256.Create(*a2);
            c20 = Fma.MultiplyAdd(x, b0, c20);
            c21 = Fma.MultiplyAdd(x, b1, c21);
            x = Vector256.Create(a2[aRow]);
            c30 = Fma.MultiplyAdd(x, b0, c30);
            c31 = Fma.MultiplyAdd(x, b1, c31);
            a2 += aStep;
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
    public static void Rows1(float* a, nint aStep, float* b, nint bStep, nint depth, float* start, float* c)
    {
        var c0 = Vector256.Load(start);
        var c1 = Vector256.Load(start + 8);
        for (nint k = 0; k < depth; k++)
        {
            var x = Vector256.Create(*a);
            c0 = Fma.MultiplyAdd(x, Vector256.Load(b), c0);
            c1 = Fma.MultiplyAdd(x, Vector256.Load(b + 8), c1);
            a += aStep;
            b += bStep;
        }

        c0.Store(c);
        c1.Store(c + 8);
    }
}
