using System.Runtime.CompilerServices;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Kernels;

// C[m,n] = A[m,k]·B[k,n] + bias[n], and the same with A or B transposed; row-major float; C overlaps no operand.
// C is cut into panels of 16 columns, B into depths of 256: one packed panel of B is 16 KB and stays in the first-level cache while
// the rows of A (480 at a time, 480 KB at full depth, for the second level) stream past it in tiles of 6, 4 and 1 (GemmTile).
// B is packed when it is transposed, when the panel is narrower than 16 (padded with zeros), or when it outgrows the first-level cache.
// Each element is start + one chain of fused multiply-adds in the order of k, so cutting and packing change no bit.
// Differs from GemmReference by rounding only: |Δ| ≤ 2γ(k+1)·(|bias| + Σ|a||b|), γ(j) = j·u/(1 − j·u), u = 2⁻²⁴; Higham 2002 §3.1.
// Tails: n % 16 columns are computed 16 wide into a tile on the stack and copied; m % 6 rows run as 4 and 1.

/// <summary>Matrix products of the forward and the backward pass.</summary>
public static unsafe class Gemm
{
    private const int Depth = 256;
    private const int RowBlock = 480;
    private const int LineFloats = 16;

    /// <summary>Products whose B is no larger read it where it lies.</summary>
    private const long UnpackedBytes = 32 * 1024;

    /// <summary>C = A·B + bias: the forward pass.</summary>
    /// <param name="m">Rows of C and A.</param>
    /// <param name="n">Columns of C and B.</param>
    /// <param name="k">Columns of A, rows of B.</param>
    /// <param name="a">Shape [m, k], rows <paramref name="lda"/> apart.</param>
    /// <param name="b">Shape [k, n], rows <paramref name="ldb"/> apart.</param>
    /// <param name="bias">Shape [n], added to each row; empty for none.</param>
    /// <param name="c">Receives shape [m, n], rows <paramref name="ldc"/> apart; what lies between the rows is left alone.</param>
    /// <exception cref="ArgumentException">A span is too short or a stride smaller than its row.</exception>
    public static void Multiply(
        int m, int n, int k, ReadOnlySpan<float> a, int lda, ReadOnlySpan<float> b, int ldb, ReadOnlySpan<float> bias, Span<float> c, int ldc)
    {
        GemmReference.Check(m, k, a.Length, lda, nameof(a));
        GemmReference.Check(k, n, b.Length, ldb, nameof(b));
        GemmReference.Check(m, n, c.Length, ldc, nameof(c));
        GemmReference.CheckBias(n, bias);
        if (!KernelPath.IsVectorized)
        {
            GemmReference.Multiply(m, n, k, a, lda, b, ldb, bias, c, ldc);
            return;
        }

        fixed (float* pa = a, pb = b, pbias = bias, pc = c)
        {
            Run(m, n, k, pa, lda, 1, pb, ldb, false, pbias, pc, ldc);
        }
    }

    /// <summary>C = Aᵀ·B: the gradient of the weights.</summary>
    /// <param name="a">Shape [k, m], rows <paramref name="lda"/> apart.</param>
    /// <inheritdoc cref="Multiply"/>
    public static void MultiplyTransposedA(
        int m, int n, int k, ReadOnlySpan<float> a, int lda, ReadOnlySpan<float> b, int ldb, Span<float> c, int ldc)
    {
        GemmReference.Check(k, m, a.Length, lda, nameof(a));
        GemmReference.Check(k, n, b.Length, ldb, nameof(b));
        GemmReference.Check(m, n, c.Length, ldc, nameof(c));
        if (!KernelPath.IsVectorized)
        {
            GemmReference.MultiplyTransposedA(m, n, k, a, lda, b, ldb, c, ldc);
            return;
        }

        fixed (float* pa = a, pb = b, pc = c)
        {
            Run(m, n, k, pa, 1, lda, pb, ldb, false, null, pc, ldc);
        }
    }

    /// <summary>C = A·Bᵀ: the gradient of a layer's input.</summary>
    /// <param name="b">Shape [n, k], rows <paramref name="ldb"/> apart.</param>
    /// <inheritdoc cref="Multiply"/>
    public static void MultiplyTransposedB(
        int m, int n, int k, ReadOnlySpan<float> a, int lda, ReadOnlySpan<float> b, int ldb, Span<float> c, int ldc)
    {
        GemmReference.Check(m, k, a.Length, lda, nameof(a));
        GemmReference.Check(n, k, b.Length, ldb, nameof(b));
        GemmReference.Check(m, n, c.Length, ldc, nameof(c));
        if (!KernelPath.IsVectorized)
        {
            GemmReference.MultiplyTransposedB(m, n, k, a, lda, b, ldb, c, ldc);
            return;
        }

        fixed (float* pa = a, pb = b, pc = c)
        {
            Run(m, n, k, pa, lda, 1, pb, ldb, true, null, pc, ldc);
        }
    }

    [SkipLocalsInit]
    private static void Run(
        int m, int n, int k, float* a, nint aRow, nint aStep, float* b, nint ldb, bool transposedB, float* bias, float* c, nint ldc)
    {
        var pack = transposedB || n % GemmTile.Columns != 0 || (m >= 12 && (long)k * ldb * sizeof(float) > UnpackedBytes);
        float* panel = null;
        if (pack)
        {
            var storage = stackalloc float[(Depth * GemmTile.Columns) + LineFloats];
            panel = (float*)(((nuint)storage + 63) & ~(nuint)63);
        }

        var edge = stackalloc float[GemmTile.Columns];
        var depthLimit = pack ? Depth : k;
        for (var i = 0; i < m; i += RowBlock)
        {
            var rows = Math.Min(RowBlock, m - i);
            for (var j = 0; j < n; j += GemmTile.Columns)
            {
                var columns = Math.Min(GemmTile.Columns, n - j);
                var k0 = 0;
                do
                {
                    var depth = Math.Min(depthLimit, k - k0);
                    var panelStep = (nint)GemmTile.Columns;
                    var from = panel;
                    if (transposedB)
                    {
                        GemmPanel.PackTransposed(b + (j * ldb) + k0, ldb, depth, columns, panel);
                    }
                    else if (pack)
                    {
                        GemmPanel.Pack(b + (k0 * ldb) + j, ldb, depth, columns, panel);
                    }
                    else
                    {
                        from = b + j;
                        panelStep = ldb;
                    }

                    var tileA = a + (i * aRow) + (k0 * aStep);
                    var tileC = c + (i * ldc) + j;
                    var start = tileC;
                    var startRow = ldc;
                    if (k0 == 0)
                    {
                        start = edge;
                        startRow = 0;
                        for (var q = 0; q < GemmTile.Columns; q++)
                        {
                            edge[q] = bias != null && q < columns ? bias[j + q] : 0;
                        }
                    }

                    if (columns == GemmTile.Columns)
                    {
                        Tiles(rows, tileA, aRow, aStep, from, panelStep, depth, start, startRow, tileC, ldc);
                    }
                    else
                    {
                        NarrowTiles(rows, columns, tileA, aRow, aStep, from, panelStep, depth, start, startRow, tileC, ldc);
                    }

                    k0 += depth;
                }
                while (k0 < k);
            }
        }
    }

    private static void Tiles(
        int rows, float* a, nint aRow, nint aStep, float* b, nint bStep, int depth, float* start, nint startRow, float* c, nint ldc)
    {
        while (rows > 0)
        {
            var taken = TileRows(rows);
            Tile(taken, a, aRow, aStep, b, bStep, depth, start, startRow, c, ldc);
            rows -= taken;
            a += taken * aRow;
            start += taken * startRow;
            c += taken * ldc;
        }
    }

    [SkipLocalsInit]
    private static void NarrowTiles(
        int rows, int columns, float* a, nint aRow, nint aStep, float* b, nint bStep, int depth, float* start, nint startRow, float* c, nint ldc)
    {
        var tile = stackalloc float[6 * GemmTile.Columns];
        while (rows > 0)
        {
            var taken = TileRows(rows);
            for (var r = 0; r < taken; r++)
            {
                for (var q = 0; q < GemmTile.Columns; q++)
                {
                    tile[(r * GemmTile.Columns) + q] = q < columns ? start[(r * startRow) + q] : 0;
                }
            }

            Tile(taken, a, aRow, aStep, b, bStep, depth, tile, GemmTile.Columns, tile, GemmTile.Columns);
            for (var r = 0; r < taken; r++)
            {
                for (var q = 0; q < columns; q++)
                {
                    c[(r * ldc) + q] = tile[(r * GemmTile.Columns) + q];
                }
            }

            rows -= taken;
            a += taken * aRow;
            start += taken * startRow;
            c += taken * ldc;
        }
    }

    /// <summary>Eight rows are two tiles of four: six and two single ones would be slower.</summary>
    private static int TileRows(int left) => left >= 6 && left != 8 ? 6 : left >= 4 ? 4 : 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile(
        int rows, float* a, nint aRow, nint aStep, float* b, nint bStep, int depth, float* start, nint startRow, float* c, nint ldc)
    {
        if (rows == 6)
        {
            GemmTile.Rows6(a, aRow, aStep, b, bStep, depth, start, startRow, c, ldc);
        }
        else if (rows == 4)
        {
            GemmTile.Rows4(a, aRow, aStep, b, bStep, depth, start, startRow, c, ldc);
        }
        else
        {
            GemmTile.Rows1(a, aStep, b, bStep, depth, start, c);
        }
    }
}
