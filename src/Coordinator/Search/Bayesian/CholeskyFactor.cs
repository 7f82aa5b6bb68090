using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TuningCluster.Coordinator.Search.Bayesian;

/// <summary>The lower triangular L of a positive definite K = L·Lᵀ that grows a row at a time.</summary>
/// <remarks>
/// A whole factorization is that many appended rows, so that one that grew has the bits of one made at once. Rows are contiguous: an element is
/// a dot product of the beginnings of two rows (Cholesky–Banachiewicz). MathNet's managed factorization is column by column
/// without vectors, some fifteen times slower at n = 200, and cannot grow.
/// </remarks>
internal sealed class CholeskyFactor
{
    private const int Lanes = 4;

    private double[] _rows = [];
    private int _stride;

    /// <summary>Rows and columns.</summary>
    public int Count { get; private set; }

    /// <summary>Row i of L: its first i + 1 elements.</summary>
    public ReadOnlySpan<double> Row(int i) => _rows.AsSpan(i * _stride, i + 1);

    /// <summary>ln det K = 2 Σ ln Lᵢᵢ.</summary>
    public double LogDeterminant
    {
        get
        {
            var sum = 0.0;
            for (var i = 0; i < Count; i++)
            {
                sum += Math.Log(_rows[(i * _stride) + i]);
            }

            return 2 * sum;
        }
    }

    /// <summary>Forgets the rows from <paramref name="count"/> on.</summary>
    public void Truncate(int count) => Count = Math.Min(Count, count);

    /// <summary>Adds the next row of K.</summary>
    /// <param name="row">K's elements (n, 0) to (n, n − 1), n = <see cref="Count"/>.</param>
    /// <param name="diagonal">K's element (n, n).</param>
    /// <param name="least">What is left of the diagonal at least, so that rounding and repeated points leave a factor: jitter, for this row alone.</param>
    public void Append(ReadOnlySpan<double> row, double diagonal, double least)
    {
        var n = Count;
        Reserve(n + 1);
        var target = _rows.AsSpan(n * _stride, _stride);
        ForwardInto(row, target);
        var squares = Dot(target, target, n);
        target[n] = Math.Sqrt(Math.Max(diagonal - squares, least));
        Count = n + 1;
    }

    /// <summary>x = L⁻¹·b.</summary>
    /// <param name="b">Shape [n], n ≤ <see cref="Count"/>.</param>
    /// <param name="x">Shape [n]; not <paramref name="b"/> itself.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ForwardInto(ReadOnlySpan<double> b, Span<double> x)
    {
        for (var i = 0; i < b.Length; i++)
        {
            var row = _rows.AsSpan(i * _stride, i + 1);
            x[i] = (b[i] - Dot(row, x, i)) / row[i];
        }
    }

    /// <summary>x := L⁻ᵀ·x.</summary>
    /// <param name="x">Shape [n], n ≤ <see cref="Count"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Backward(Span<double> x)
    {
        for (var i = x.Length - 1; i >= 0; i--)
        {
            var row = _rows.AsSpan(i * _stride, i + 1);
            x[i] /= row[i];
            AddScaled(x, row, -x[i], i);
        }
    }

    /// <summary>V := L⁻¹·V for <see cref="Block"/> right-hand sides at once.</summary>
    /// <param name="v">Shape [n, <see cref="Block"/>], row by row.</param>
    /// <param name="n">≤ <see cref="Count"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ForwardBlock(Span<double> v, int n)
    {
        ref var values = ref v[0];
        for (var i = 0; i < n; i++)
        {
            ref var row = ref _rows[i * _stride];
            ref var own = ref Unsafe.Add(ref values, i * Block);
            var (a, b, c, d) = (Load(ref own, 0), Load(ref own, 4), Load(ref own, 8), Load(ref own, 12));
            for (var j = 0; j < i; j++)
            {
                var factor = Vector256.Create(-Unsafe.Add(ref row, j));
                ref var other = ref Unsafe.Add(ref values, j * Block);
                a = Vector256.MultiplyAddEstimate(factor, Load(ref other, 0), a);
                b = Vector256.MultiplyAddEstimate(factor, Load(ref other, 4), b);
                c = Vector256.MultiplyAddEstimate(factor, Load(ref other, 8), c);
                d = Vector256.MultiplyAddEstimate(factor, Load(ref other, 12), d);
            }

            var inverse = Vector256.Create(1 / Unsafe.Add(ref row, i));
            (a * inverse).StoreUnsafe(ref own);
            (b * inverse).StoreUnsafe(ref own, 4);
            (c * inverse).StoreUnsafe(ref own, 8);
            (d * inverse).StoreUnsafe(ref own, 12);
        }
    }

    /// <summary>Right-hand sides of <see cref="ForwardBlock"/>.</summary>
    public const int Block = 16;

    /// <summary>The lower triangle of K⁻¹.</summary>
    /// <param name="inverse">Shape [n, n] row by row, n = <see cref="Count"/>; written below and on the diagonal.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void InvertInto(Span<double> inverse)
    {
        var n = Count;
        // M = L⁻¹, row by row: M(i, ·) = (e(i) − Σ L(i, k)·M(k, ·)) / L(i, i).
        var m = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            var row = Row(i);
            var own = m.AsSpan(i * n, n);
            for (var k = 0; k < i; k++)
            {
                AddScaled(own, m.AsSpan(k * n, n), -row[k], k + 1);
            }

            own[i] = 1;
            var scale = 1 / row[i];
            for (var k = 0; k <= i; k++)
            {
                own[k] *= scale;
            }
        }

        // K⁻¹ = Mᵀ·M, four rows of M at a time.
        inverse[..(n * n)].Clear();
        for (var from = 0; from < n; from += Lanes)
        {
            var count = Math.Min(Lanes, n - from);
            for (var a = 0; a < from + count; a++)
            {
                var target = inverse.Slice(a * n, a + 1);
                for (var i = Math.Max(from, a); i < from + count; i++)
                {
                    AddScaled(target, m.AsSpan(i * n, n), m[(i * n) + a], a + 1);
                }
            }
        }
    }

    /// <summary>Σ aᵢ·bᵢ over the first <paramref name="count"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int count)
    {
        if (a.Length < count || b.Length < count)
        {
            throw new ArgumentOutOfRangeException(nameof(count));
        }

        ref var x = ref Unsafe.AsRef(in a.GetPinnableReference());
        ref var y = ref Unsafe.AsRef(in b.GetPinnableReference());
        var (s0, s1) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var (s2, s3) = (s0, s1);
        var i = 0;
        for (; i <= count - (4 * Lanes); i += 4 * Lanes)
        {
            s0 = Vector256.MultiplyAddEstimate(Load(ref x, i), Load(ref y, i), s0);
            s1 = Vector256.MultiplyAddEstimate(Load(ref x, i + 4), Load(ref y, i + 4), s1);
            s2 = Vector256.MultiplyAddEstimate(Load(ref x, i + 8), Load(ref y, i + 8), s2);
            s3 = Vector256.MultiplyAddEstimate(Load(ref x, i + 12), Load(ref y, i + 12), s3);
        }

        for (; i <= count - Lanes; i += Lanes)
        {
            s0 = Vector256.MultiplyAddEstimate(Load(ref x, i), Load(ref y, i), s0);
        }

        var sum = Vector256.Sum((s0 + s1) + (s2 + s3));
        for (; i < count; i++)
        {
            sum += Unsafe.Add(ref x, i) * Unsafe.Add(ref y, i);
        }

        return sum;
    }

    /// <summary>target := target + factor · source over the first <paramref name="count"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddScaled(Span<double> target, ReadOnlySpan<double> source, double factor, int count)
    {
        if (target.Length < count || source.Length < count)
        {
            throw new ArgumentOutOfRangeException(nameof(count));
        }

        ref var t = ref Unsafe.AsRef(in target.GetPinnableReference());
        ref var s = ref Unsafe.AsRef(in source.GetPinnableReference());
        var f = Vector256.Create(factor);
        var i = 0;
        for (; i <= count - (2 * Lanes); i += 2 * Lanes)
        {
            Vector256.MultiplyAddEstimate(f, Load(ref s, i), Load(ref t, i)).StoreUnsafe(ref t, (nuint)i);
            Vector256.MultiplyAddEstimate(f, Load(ref s, i + 4), Load(ref t, i + 4)).StoreUnsafe(ref t, (nuint)(i + 4));
        }

        for (; i < count; i++)
        {
            Unsafe.Add(ref t, i) += factor * Unsafe.Add(ref s, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Load(ref double at, int offset) => Vector256.LoadUnsafe(ref at, (nuint)offset);

    private void Reserve(int rows)
    {
        if (rows <= _stride)
        {
            return;
        }

        var stride = Math.Max(32, (int)(1.5 * rows) + 3) & ~3;
        var grown = new double[stride * stride];
        for (var i = 0; i < Count; i++)
        {
            Row(i).CopyTo(grown.AsSpan(i * stride));
        }

        (_rows, _stride) = (grown, stride);
    }
}
