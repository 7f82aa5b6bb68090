using CsCheck;
using TuningCluster.TrialWorker.Kernels;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Tests.Kernels;

public class GemmTests
{
    public enum Variant
    {
        Plain,
        TransposedA,
        TransposedB,
    }

    public static readonly TheoryData<Variant> Variants = new(Enum.GetValues<Variant>());

    private static readonly Gen<(int M, int N, int K)> Shapes = Gen.Frequency(
        (8, Gen.Select(Gen.Int[0, 20], Gen.Int[0, 40], Gen.Int[0, 20])),
        (1, Gen.Select(Gen.Int[1, 14], Gen.Int[14, 34], Gen.Int[250, 262])),
        (1, Gen.Select(Gen.Int[478, 482], Gen.Int[15, 17], Gen.Int[1, 4])));

    [Theory]
    [MemberData(nameof(Variants))]
    public void Agrees_with_the_reference_within_the_bound_and_touches_nothing_else(Variant variant) =>
        Gen.Select(Shapes, Gen.Int[0, 5], Gen.Int[0, 7], Gen.Int[0, 1 << 30]).Sample(
            (shape, gap, offset, seed) => Compare(variant, shape, gap, offset, new Matrices(seed, false)), iter: 400, threads: 1);

    [Theory]
    [MemberData(nameof(Variants))]
    public void Carries_nan_infinity_and_negative_zero_as_the_reference_does(Variant variant) =>
        Gen.Select(Shapes, Gen.Int[0, 5], Gen.Int[0, 7], Gen.Int[0, 1 << 30]).Sample(
            (shape, gap, offset, seed) => Compare(variant, shape, gap, offset, new Matrices(seed, true)), iter: 200, threads: 1);

    [Theory]
    [MemberData(nameof(Variants))]
    public void Gives_every_row_the_same_bits_whatever_rows_stand_beside_it(Variant variant)
    {
        var matrices = new Matrices(5, false);
        const int m = 23, n = 21, k = 300;
        var a = matrices.Draw(m * k);
        var b = matrices.Draw(k * n);
        var all = new float[m * n];
        Run(variant, false, m, n, k, a, variant == Variant.TransposedA ? m : k, b, variant == Variant.TransposedB ? k : n, default, all, n);
        for (var i = 0; i < m; i++)
        {
            var row = new float[n];
            var from = variant == Variant.TransposedA ? a.AsSpan(i) : a.AsSpan(i * k);
            Run(variant, false, 1, n, k, from, variant == Variant.TransposedA ? m : k, b, variant == Variant.TransposedB ? k : n, default, row, n);
            Assert.Equal(all.AsSpan(i * n, n).ToArray(), row);
        }
    }

    [Fact]
    public void Multiplies_a_product_worked_by_hand()
    {
        var c = new float[4];
        Gemm.Multiply(2, 2, 2, [1, 2, 3, 4], 2, [5, 6, 7, 8], 2, [10, 20], c, 2);
        Assert.Equal([29, 42, 53, 70], c);
    }

    [Fact]
    public void Refuses_spans_that_are_too_short()
    {
        var c = new float[4];
        Assert.Throws<ArgumentException>(() => Gemm.Multiply(2, 2, 2, new float[3], 2, new float[4], 2, default, c, 2));
        Assert.Throws<ArgumentException>(() => Gemm.Multiply(2, 2, 2, new float[4], 2, new float[4], 1, default, c, 2));
        Assert.Throws<ArgumentException>(() => Gemm.Multiply(2, 2, 2, new float[4], 2, new float[4], 2, new float[1], c, 2));
        Assert.Throws<ArgumentException>(() => Gemm.MultiplyTransposedA(2, 2, 3, new float[5], 2, new float[6], 2, c, 2));
        Assert.Throws<ArgumentException>(() => Gemm.MultiplyTransposedB(2, 2, 2, new float[4], 2, new float[4], 2, new float[3], 2));
    }

    private static void Compare(Variant variant, (int M, int N, int K) shape, int gap, int offset, Matrices matrices)
    {
        var (m, n, k) = shape;
        var lda = (variant == Variant.TransposedA ? m : k) + gap;
        var ldb = (variant == Variant.TransposedB ? k : n) + gap;
        var ldc = n + gap;
        var rowsA = variant == Variant.TransposedA ? k : m;
        var rowsB = variant == Variant.TransposedB ? n : k;
        var a = new Guarded(matrices.Draw(rowsA * lda), offset);
        var b = new Guarded(matrices.Draw(rowsB * ldb), offset + 3);
        var bias = new Guarded(gap % 2 == 0 ? matrices.Draw(n) : [], offset + 1);
        var before = matrices.Draw(m * ldc);
        var expected = before.ToArray();
        var actual = new Guarded(before, offset + 2);

        Run(variant, true, m, n, k, a.Span, lda, b.Span, ldb, bias.Span, expected, ldc);
        Run(variant, false, m, n, k, a.Span, lda, b.Span, ldb, bias.Span, actual.Span, ldc);

        actual.AssertUntouchedAround();
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < ldc; j++)
            {
                var at = (i * ldc) + j;
                if (j >= n)
                {
                    Assert.Equal(before[at], actual.Span[at]);
                    continue;
                }

                var magnitude = variant == Variant.Plain && bias.Span.Length > 0 ? Math.Abs((double)bias.Span[j]) : 0;
                for (var p = 0; p < k; p++)
                {
                    var x = variant == Variant.TransposedA ? a.Span[(p * lda) + i] : a.Span[(i * lda) + p];
                    var y = variant == Variant.TransposedB ? b.Span[(j * ldb) + p] : b.Span[(p * ldb) + j];
                    magnitude += Math.Abs((double)x * y);
                }

                Floats.AssertClose(expected[at], actual.Span[at], 2 * Floats.Gamma(k + 1) * magnitude, $"[{m}, {n}, {k}] at {i}, {j}");
            }
        }
    }

    private static void Run(
        Variant variant, bool reference, int m, int n, int k, ReadOnlySpan<float> a, int lda, ReadOnlySpan<float> b, int ldb,
        ReadOnlySpan<float> bias, Span<float> c, int ldc)
    {
        switch (variant, reference)
        {
            case (Variant.Plain, false):
                Gemm.Multiply(m, n, k, a, lda, b, ldb, bias, c, ldc);
                break;
            case (Variant.Plain, true):
                GemmReference.Multiply(m, n, k, a, lda, b, ldb, bias, c, ldc);
                break;
            case (Variant.TransposedA, false):
                Gemm.MultiplyTransposedA(m, n, k, a, lda, b, ldb, c, ldc);
                break;
            case (Variant.TransposedA, true):
                GemmReference.MultiplyTransposedA(m, n, k, a, lda, b, ldb, c, ldc);
                break;
            case (Variant.TransposedB, false):
                Gemm.MultiplyTransposedB(m, n, k, a, lda, b, ldb, c, ldc);
                break;
            default:
                GemmReference.MultiplyTransposedB(m, n, k, a, lda, b, ldb, c, ldc);
                break;
        }
    }

    /// <summary>Matrices by seed: a generated array of this size would cost more than the product.</summary>
    private sealed class Matrices(int seed, bool specials)
    {
        private readonly Shared.Randomness.Rng _rng = Shared.Randomness.Rng.For(seed, 0, "gemm");

        // Without 1e30, whose square overflows in one order of summation and not in another.
        private static readonly float[] Specials = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f, 0f];

        public float[] Draw(int length)
        {
            var values = new float[length];
            for (var i = 0; i < length; i++)
            {
                values[i] = specials && _rng.NextInt32(60) == 0 ? Specials[_rng.NextInt32(Specials.Length)] : (2 * _rng.NextSingle()) - 1;
            }

            return values;
        }
    }
}
