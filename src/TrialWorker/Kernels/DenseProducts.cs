using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Kernels;

/// <summary>Takes the gradient of weights or biases a piece at a time, while it is in the first-level cache.</summary>
public interface IGradientSink
{
    /// <param name="start">Where the piece begins in the layer's weights (in panels) or biases.</param>
    /// <param name="gradient">May be overwritten; not kept.</param>
    void TakeWeights(int start, Span<float> gradient);

    /// <inheritdoc cref="TakeWeights"/>
    void TakeBiases(int start, Span<float> gradient);
}

// The three products of a dense layer, for n rows, weights W[inputs, outputs] in panels (Panels), float:
//   Forward         Y[n,outputs] = X·W + b
//   InputGradient   D[n,inputs]  = start + S·Wᵀ            S the gradient by Y
//   WeightGradient  W′[inputs,outputs] = Xᵀ·S, b′ = Σ rows of S; never stored: handed to a sink in pieces of 48×16, 3 KB
// Rows of X and S are given by pointers and may lie anywhere. Each call does the panels from … to of its result, so that threads divide
// the work without touching one another; each element is one chain of fused multiply-adds in the order of its sum, so that no division
// changes a bit.
// Blocking, outermost first: rows, so many that a depth of them is at most 384 KB and stays in the second-level cache (384 rows at full
// depth); depth 256; panels: one is 16 KB and stays in the first level while the rows pass in tiles of 6, 4 and 1. Sums wait in the
// result between two depths. The transpose of W is made a panel at a time, S is copied into a panel at a time.
// X is read by columns for the weight gradient: beyond 128 KB it is copied once into columns of 6 first, or every row of a tile would be
// another page; not for fewer than three panels, which read it too seldom.
// Differs from DenseProductsReference by rounding only: |Δ| ≤ 2γ(k+1)·(|start| + Σ|a||b|), γ(j) = j·u/(1 − j·u), u = 2⁻²⁴; Higham 2002 §3.1.
// Tails: columns past the last are zeros of the padding; rows past the last six run as 4 and 1.

/// <summary>Matrix products of a dense layer.</summary>
public static unsafe class DenseProducts
{
    /// <summary>Floats of a whole piece of <see cref="WeightGradient"/>.</summary>
    internal const int PieceLength = PieceRows * Panels.Width;

    private const int Depth = 256;
    private const int PieceRows = 48;
    private const int Six = 6;
    private const long RowBlockBytes = 384 * 1024;
    private const long PackedBytes = 128 * 1024;
    private const int PackedPanels = 3;

    /// <summary>Floats of scratch one thread needs for <see cref="InputGradient"/> and <see cref="WeightGradient"/> of n rows.</summary>
    public static int ScratchLength(int n) => checked((Math.Max(n, Depth) * Panels.Width) + PieceLength + Panels.Width);

    /// <summary>Whether <see cref="WeightGradient"/> of such an X wants it copied by <see cref="PackColumns"/> first.</summary>
    public static bool WantsColumns(int n, int inputs, int outputs) =>
        KernelPath.IsVectorized && (long)n * inputs * sizeof(float) > PackedBytes && Panels.Count(outputs) >= PackedPanels;

    /// <summary>Floats <see cref="PackColumns"/> writes.</summary>
    public static long ColumnsLength(int n, int inputs) => (long)n * ((inputs + Six - 1) / Six * Six);

    /// <summary>Y = X·W + b for the panels of outputs from … to.</summary>
    /// <param name="rows">n pointers to rows of X, shape [inputs] each.</param>
    /// <param name="weights">[inputs, outputs] in panels.</param>
    /// <param name="bias">Shape [16 · panels].</param>
    /// <param name="y">Receives columns 16·from … 16·to−1, rows <paramref name="stride"/> apart.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(float** rows, int n, int inputs, float* weights, float* bias, float* y, nint stride, int from, int to)
    {
        if (!KernelPath.IsVectorized)
        {
            DenseProductsReference.Forward(rows, n, inputs, weights, bias, y, stride, from, to);
            return;
        }

        var block = RowBlock(n, inputs);
        for (var i = 0; i < n; i += block)
        {
            var count = Math.Min(block, n - i);
            for (var k = 0; k < inputs; k += Depth)
            {
                var depth = Math.Min(Depth, inputs - k);
                for (var p = from; p < to; p++)
                {
                    var panel = weights + ((((nint)p * inputs) + k) * Panels.Width);
                    var target = y + (i * stride) + (p * Panels.Width);
                    var start = k == 0 ? bias + (p * Panels.Width) : target;
                    RowTiles(rows + i, count, k, depth, panel, start, k == 0 ? 0 : stride, target, stride);
                }
            }
        }
    }

    /// <summary>D = start + S·Wᵀ for the panels of inputs from … to.</summary>
    /// <param name="slopes">n pointers to rows of S, shape [outputs] each.</param>
    /// <param name="weights">[inputs, outputs] in panels.</param>
    /// <param name="start">As <paramref name="d"/>, or <paramref name="d"/> itself to add to it; null for zeros.</param>
    /// <param name="d">Receives columns 16·from … 16·to−1, rows <paramref name="stride"/> apart; past the last input what it starts
    /// from, or NaN in a row whose S is not finite: the padding counts as weights of zero.</param>
    /// <param name="scratch">One thread's own, <see cref="ScratchLength"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void InputGradient(
        float** slopes, int n, int inputs, int outputs, float* weights, float* start, float* d, nint stride, int from, int to, float* scratch)
    {
        if (!KernelPath.IsVectorized)
        {
            DenseProductsReference.InputGradient(slopes, n, inputs, outputs, weights, start, d, stride, from, to);
            return;
        }

        var zeros = scratch + (Depth * Panels.Width);
        new Span<float>(zeros, Panels.Width).Clear();
        var block = RowBlock(n, outputs);
        for (var i = 0; i < n; i += block)
        {
            var count = Math.Min(block, n - i);
            for (var k = 0; k < outputs; k += Depth)
            {
                var depth = Math.Min(Depth, outputs - k);
                for (var p = from; p < to; p++)
                {
                    Panels.Transpose(weights, inputs, p, k, depth, scratch);
                    var target = d + (i * stride) + (p * Panels.Width);
                    var first = k > 0 ? target : start == null ? zeros : start + (i * stride) + (p * Panels.Width);
                    RowTiles(slopes + i, count, k, depth, scratch, first, first == zeros ? 0 : stride, target, stride);
                }
            }
        }
    }

    /// <summary>Copies X so that <see cref="WeightGradient"/> reads it in order: [⌈inputs/6⌉, n, 6].</summary>
    /// <param name="rows">n pointers to rows of X, shape [inputs] each.</param>
    /// <param name="columns">Receives <see cref="ColumnsLength"/> floats; those past the last input keep what they hold.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackColumns(float** rows, int n, int inputs, float* columns)
    {
        for (var i = 0; i < inputs; i += Six)
        {
            var target = columns + ((nint)i * n);
            var count = Math.Min(Six, inputs - i);
            if (i + 8 <= inputs)
            {
                // Two floats too many in each row but the last; the next row's overwrite them.
                for (var r = 0; r < n - 1; r++, target += Six)
                {
                    Vector256.Load(rows[r] + i).Store(target);
                }

                new ReadOnlySpan<float>(rows[n - 1] + i, Six).CopyTo(new Span<float>(target, Six));
                continue;
            }

            for (var r = 0; r < n; r++, target += Six)
            {
                new ReadOnlySpan<float>(rows[r] + i, count).CopyTo(new Span<float>(target, count));
            }
        }
    }

    /// <summary>The gradient of the weights and biases of the panels of outputs from … to.</summary>
    /// <param name="rows">n pointers to rows of X, shape [inputs] each; or, with <paramref name="packed"/>, to the n groups of six of the
    /// first six columns of <see cref="PackColumns"/>.</param>
    /// <param name="packed">Whether X was copied by <see cref="PackColumns"/>.</param>
    /// <param name="slopes">S, rows <paramref name="stride"/> apart, zeros past the last output.</param>
    /// <param name="scratch">One thread's own, <see cref="ScratchLength"/>.</param>
    /// <param name="sink">Takes every piece once.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void WeightGradient<TSink>(
        float** rows, bool packed, int n, int inputs, float* slopes, nint stride, int from, int to, float* scratch, TSink sink)
        where TSink : IGradientSink
    {
        if (!KernelPath.IsVectorized)
        {
            DenseProductsReference.WeightGradient(rows, packed, n, inputs, slopes, stride, from, to, sink);
            return;
        }

        var panel = scratch;
        var piece = panel + ((nint)Math.Max(n, Depth) * Panels.Width);
        for (var p = from; p < to; p++)
        {
            PackSlopes(slopes + (p * Panels.Width), stride, n, panel, piece);
            sink.TakeBiases(p * Panels.Width, new Span<float>(piece, Panels.Width));
            for (var i = 0; i < inputs; i += PieceRows)
            {
                var count = Math.Min(PieceRows, inputs - i);
                ColumnTiles(rows, i, packed ? n : 1, count, n, panel, piece);
                sink.TakeWeights((int)(((nint)p * inputs) + i) * Panels.Width, new Span<float>(piece, count * Panels.Width));
            }
        }
    }

    /// <summary>Rows at a time, so that their part of a depth stays in the second-level cache; a multiple of six.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int RowBlock(int n, int depth)
    {
        var block = (int)(RowBlockBytes / sizeof(float) / Math.Clamp(depth, 1, Depth) / Six * Six);
        if (block >= n)
        {
            return n;
        }

        // Blocks of about the same size, instead of full ones and a rest.
        var blocks = (n + block - 1) / block;
        return (((n + blocks - 1) / blocks) + Six - 1) / Six * Six;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RowTiles(
        float** rows, int n, nint from, nint depth, float* panel, float* start, nint startRow, float* c, nint cRow)
    {
        while (n > 0)
        {
            int taken;
            if (n >= Six && n != 8)
            {
                taken = Six;
                PanelTile.Rows6(rows, from, depth, panel, start, startRow, c, cRow);
            }
            else if (n >= 4)
            {
                // Eight rows are two tiles of four: six and two single ones would be slower.
                taken = 4;
                PanelTile.Rows4(rows, from, depth, panel, start, startRow, c, cRow);
            }
            else
            {
                taken = 1;
                PanelTile.Rows1(rows, from, depth, panel, start, startRow, c, cRow);
            }

            n -= taken;
            rows += taken;
            start += taken * startRow;
            c += taken * cRow;
        }
    }

    /// <param name="scale">Where column i is: at i·scale in whole groups of six, then one by one.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ColumnTiles(float** rows, int first, nint scale, int count, nint depth, float* panel, float* piece)
    {
        var done = 0;
        while (done < count)
        {
            var left = count - done;
            var group = (first + done) / Six * Six;
            var column = (group * scale) + (first + done - group);
            var c = piece + (done * Panels.Width);
            if (left >= Six)
            {
                PanelTile.Columns6(rows, column, depth, panel, c);
                done += Six;
            }
            else if (left >= 4)
            {
                PanelTile.Columns4(rows, column, depth, panel, c);
                done += 4;
            }
            else
            {
                PanelTile.Columns1(rows, column, depth, panel, c);
                done++;
            }
        }
    }

    /// <summary>Copies 16 columns of S into a panel and sums them, in the order of the rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackSlopes(float* slopes, nint stride, int n, float* panel, float* sums)
    {
        var s0 = Vector256<float>.Zero;
        var s1 = Vector256<float>.Zero;
        for (var i = 0; i < n; i++, slopes += stride, panel += Panels.Width)
        {
            var x0 = Vector256.Load(slopes);
            var x1 = Vector256.Load(slopes + 8);
            s0 += x0;
            s1 += x1;
            x0.Store(panel);
            x1.Store(panel + 8);
        }

        s0.Store(sums);
        s1.Store(sums + 8);
    }
}
