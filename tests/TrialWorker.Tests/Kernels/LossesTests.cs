using CsCheck;
using TuningCluster.TrialWorker.Kernels;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Tests.Kernels;

public class LossesTests
{
    private const float Scale = 0.125f;

    private static readonly Gen<(int Rows, int Classes, int Stride)> Shapes =
        Gen.Select(Gen.Int[0, 5], Gen.Int[2, 40], Gen.Bool, (rows, classes, wide) =>
            (rows, classes, wide ? KernelPath.Pad(classes) : (classes + 7) & ~7));

    private delegate double Regression(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, float scale, Span<float> gradient);

    [Fact]
    public void Squared_agrees_with_the_reference_at_every_length() => CompareRegression(RegressionLosses.Squared, RegressionLossesReference.Squared);

    [Fact]
    public void Absolute_agrees_with_the_reference_at_every_length() => CompareRegression(RegressionLosses.Absolute, RegressionLossesReference.Absolute);

    [Fact]
    public void Huber_agrees_with_the_reference_at_every_length() => CompareRegression(
        (y, t, scale, gradient) => RegressionLosses.Huber(y, t, 1.35f, scale, gradient),
        (y, t, scale, gradient) => RegressionLossesReference.Huber(y, t, 1.35f, scale, gradient));

    [Fact]
    public void Log_cosh_agrees_with_the_reference_at_every_length() =>
        CompareRegression(RegressionLosses.LogCosh, RegressionLossesReference.LogCosh, 4 * 2 * Floats.Unit, 5 * 2 * Floats.Unit);

    [Fact]
    public void Log_cosh_is_as_accurate_as_stated_over_the_whole_range_of_floats()
    {
        static void Each(ReadOnlySpan<float> x, Span<float> y)
        {
            for (var i = 0; i < x.Length; i++)
            {
                y[i] = (float)RegressionLosses.LogCosh(x.Slice(i, 1), [0], 1, default);
            }
        }

        // Below 1e-18 its square is below the normal range.
        Floats.ForEveryExponent(
            Each, x => RegressionLossesReference.LogCosh([(float)x], [0], 1, default), (_, y) => (5 * 2 * Floats.Unit * y) + 1e-37);
    }

    [Fact]
    public void Log_cosh_and_huber_are_linear_at_ten_thousand()
    {
        var gradient = new float[2];
        Assert.Equal(2 * (1e4 - Math.Log(2)), RegressionLosses.LogCosh([1e4f, -1e4f], [0, 0], 1, gradient), 1e-2);
        Assert.Equal([1, -1], gradient);
        Assert.Equal(2 * 0.5 * (1e4 - 0.25), RegressionLosses.Huber([1e4f, -1e4f], [0, 0], 0.5f, 2, gradient), 1e-2);
        Assert.Equal([1, -1], gradient);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Huber_refuses_a_bend_that_is_none(float delta) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RegressionLosses.Huber([1], [0], delta, 1, default));

    [Fact]
    public void Cross_entropy_agrees_with_the_reference_within_the_bound() =>
        Gen.Select(Shapes, Gen.Int[0, 7], Gen.Int[0, 1 << 30], Gen.Bool, Gen.Int[0, 3]).Sample(
            (shape, offset, seed, specials, variant) =>
            {
                var (rows, classes, stride) = shape;
                var (z, labels) = Draw(shape, seed, specials);
                var smoothing = (variant & 1) * 0.1f;
                var weights = (variant & 2) == 0 ? [] : Enumerable.Range(1, classes).Select(i => 2f / i).ToArray();
                var want = new float[z.Length];
                var expected = ClassificationLossesReference.CrossEntropy(rows, classes, z, stride, labels, Scale, want, smoothing, weights);
                var outputs = new Guarded(z, offset);
                var gradient = new Guarded(new float[z.Length], offset + 5);
                var actual = ClassificationLosses.CrossEntropy(
                    rows, classes, outputs.Span, stride, labels, Scale, gradient.Span, smoothing, weights);
                gradient.AssertUntouchedAround();

                // With logits of 1e4 the difference to the label's is exact in double: only the logarithm's argument is rounded, and
                // the smoothed part, whose differences are floats (of at most 2e30 here).
                var heaviest = weights.Length == 0 ? 1 : weights.Max();
                var greatest = z.Where(float.IsFinite).Select(MathF.Abs).DefaultIfEmpty().Max();
                var loss = ((classes + 4) * 4 * Floats.Unit) + (smoothing * (classes + 4) * 2 * Floats.Unit * 2 * greatest);
                Floats.AssertClose(expected, actual, rows * heaviest * loss, "loss");
                if (double.IsFinite(expected))
                {
                    AssertGradients(want, gradient, Scale * heaviest * (classes + 8) * 2 * Floats.Unit);
                }

                Assert.Equal(actual, ClassificationLosses.CrossEntropy(rows, classes, z, stride, labels, Scale, default, smoothing, weights));
                Assert.Equal(
                    actual,
                    ClassificationLosses.CrossEntropy(rows, classes, outputs.Span, stride, labels, Scale, outputs.Span, smoothing, weights));
                outputs.AssertUntouchedAround();
                if (double.IsFinite(expected))
                {
                    Assert.Equal(gradient.Values, outputs.Values);
                }
            }, iter: 300 * Floats.Rounds, threads: 1);

    [Fact]
    public void A_rows_cross_entropy_does_not_depend_on_its_place()
    {
        foreach (var classes in new[] { 3, 8, 10, 16 })
        {
            var (z, labels) = Draw((13, classes, 16), classes, false);
            var together = new float[z.Length];
            var sum = ClassificationLosses.CrossEntropy(13, classes, z, 16, labels, Scale, together, 0.1f);
            var alone = new float[16];
            var apart = 0.0;
            for (var i = 0; i < 13; i++)
            {
                apart += ClassificationLosses.CrossEntropy(1, classes, z.AsSpan(16 * i, 16), 16, labels.AsSpan(i, 1), Scale, alone, 0.1f);
                Assert.Equal(together[(16 * i)..(16 * (i + 1))], alone);
            }

            Assert.Equal(sum, apart, 1e-12);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Hinge_agrees_with_the_reference_bit_for_bit(bool squared) =>
        Gen.Select(Shapes, Gen.Int[0, 7], Gen.Int[0, 1 << 30], Gen.Bool, Gen.Bool).Sample(
            (shape, offset, seed, specials, weighted) =>
            {
                var (rows, classes, stride) = shape;
                var (z, labels) = Draw(shape, seed, specials);
                var weights = weighted ? Enumerable.Range(1, classes).Select(i => 2f / i).ToArray() : [];
                Margins vector = squared ? ClassificationLosses.SquaredHinge : ClassificationLosses.Hinge;
                Margins reference = squared ? ClassificationLossesReference.SquaredHinge : ClassificationLossesReference.Hinge;
                var want = new float[z.Length];
                var expected = reference(rows, classes, z, stride, labels, Scale, want, weights);
                var outputs = new Guarded(z, offset);
                var gradient = new Guarded(new float[z.Length], offset + 5);
                var actual = vector(rows, classes, outputs.Span, stride, labels, Scale, gradient.Span, weights);
                gradient.AssertUntouchedAround();
                Assert.Equal(expected, actual);
                if (double.IsFinite(expected))
                {
                    AssertGradients(want, gradient, 0);
                }

                Assert.Equal(actual, vector(rows, classes, z, stride, labels, Scale, default, weights));
            }, iter: 300 * Floats.Rounds, threads: 1);

    [Fact]
    public void Softmax_of_logits_of_ten_thousand_neither_overflows_nor_becomes_subnormal()
    {
        float[] z = [1e4f, -1e4f, 0, 0, 0, 0, 0, 0];
        var gradient = new float[8];
        Assert.Equal(0, ClassificationLosses.CrossEntropy(1, 2, z, 8, [0], 1, gradient), 1e-6);
        Assert.Equal(2e4, ClassificationLosses.CrossEntropy(1, 2, z, 8, [1], 1, gradient), 1e-6);
        Assert.Equal(1, gradient[0], 1e-6f);
        Assert.Equal(-1, gradient[1], 1e-6f);
        Assert.All(gradient, g => Assert.True(g == 0 || float.IsNormal(g)));
    }

    [Fact]
    public void Cross_entropy_of_equal_logits_is_the_logarithm_of_the_number_of_classes()
    {
        var z = new float[16];
        Assert.Equal(Math.Log(10), ClassificationLosses.CrossEntropy(1, 10, z, 16, [3], 1, default), 1e-6);
    }

    [Fact]
    public void Smoothing_and_weights_give_the_values_worked_by_hand()
    {
        // −Σ t·ln p with p = (¾, ¼) and ε = 0.2: t = (0.9, 0.1).
        float[] z = [MathF.Log(3), 0, 0, 0, 0, 0, 0, 0];
        var gradient = new float[8];
        var want = -(0.9 * Math.Log(0.75)) - (0.1 * Math.Log(0.25));
        Assert.Equal(want, ClassificationLosses.CrossEntropy(1, 2, z, 8, [0], 1, gradient, 0.2f), 1e-6);
        Assert.Equal(-0.15f, gradient[0], 1e-6f);
        Assert.Equal(0.15f, gradient[1], 1e-6f);
        Assert.Equal(3 * want, ClassificationLosses.CrossEntropy(1, 2, z, 8, [0], 1, gradient, 0.2f, [3, 100]), 1e-5);
        Assert.Equal(-0.45f, gradient[0], 1e-6f);
        Assert.Throws<ArgumentException>(() => ClassificationLosses.CrossEntropy(1, 2, z, 8, [0], 1, default, 0, [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ClassificationLosses.CrossEntropy(1, 2, z, 8, [0], 1, default, 1.5f));
    }

    [Fact]
    public void Squared_hinge_of_two_classes_is_the_square_of_the_margin()
    {
        float[] z = [0.25f, 0.5f, 0, 0, 0, 0, 0, 0];
        var gradient = new float[8];
        Assert.Equal(1.5625, ClassificationLosses.SquaredHinge(1, 2, z, 8, [0], 1, gradient));
        Assert.Equal([-2.5f, 2.5f, 0, 0, 0, 0, 0, 0], gradient);
    }

    [Fact]
    public void Hinge_of_two_classes_is_one_minus_the_margin()
    {
        float[] z = [0.25f, 0.5f, 0, 0, 0, 0, 0, 0];
        Assert.Equal(0.75, ClassificationLosses.Hinge(1, 2, z, 8, [1], 1, default));
        Assert.Equal(1.25, ClassificationLosses.Hinge(1, 2, z, 8, [0], 1, default));
    }

    [Fact]
    public void Absolute_has_no_slope_where_outputs_meet_targets()
    {
        var gradient = new float[9];
        RegressionLosses.Absolute([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 5, 6, 7, 8, 9], 1, gradient);
        Assert.All(gradient, g => Assert.Equal(0, g));
    }

    [Fact]
    public void Refuses_labels_that_are_no_class()
    {
        Assert.Throws<ArgumentException>(() => ClassificationLosses.CrossEntropy(1, 2, new float[8], 8, [2], 1, default));
        Assert.Throws<ArgumentException>(() => ClassificationLosses.Hinge(1, 2, new float[8], 8, [-1], 1, default));
        Assert.Throws<ArgumentException>(() => ClassificationLosses.CrossEntropy(1, 2, new float[8], 7, [0], 1, default));
        Assert.Throws<ArgumentException>(() => ClassificationLosses.CrossEntropy(2, 2, new float[8], 8, [0, 1], 1, default));
    }

    private static void AssertGradients(float[] want, Guarded actual, double bound)
    {
        for (var i = 0; i < want.Length; i++)
        {
            Floats.AssertClose(want[i], actual.Span[i], bound, $"gradient at {i}");
        }
    }

    private static (float[] Outputs, int[] Labels) Draw((int Rows, int Classes, int Stride) shape, int seed, bool specials)
    {
        var rng = Shared.Randomness.Rng.For(seed, 0, "losses");
        var z = new float[shape.Rows * shape.Stride];
        for (var i = 0; i < z.Length; i++)
        {
            z[i] = i % shape.Stride >= shape.Classes ? float.NaN
                : specials && rng.NextInt32(30) == 0 ? Floats.Specials[rng.NextInt32(Floats.Specials.Length)]
                : (float)(3 * rng.NextNormal());
        }

        var labels = new int[shape.Rows];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = rng.NextInt32(shape.Classes);
        }

        return (z, labels);
    }

    private delegate double Margins(
        int rows, int classes, ReadOnlySpan<float> outputs, int stride, ReadOnlySpan<int> labels, float scale, Span<float> gradient,
        ReadOnlySpan<float> weights);

    private static void CompareRegression(Regression actual, Regression expected, double termError = 0, double slopeError = 0)
    {
        foreach (var length in Floats.Lengths)
        {
            Gen.Select(Floats.Any.OfLength(length), Floats.Any.OfLength(length), Gen.Int[0, 7]).Sample(
                (y, t, offset) =>
                {
                    var want = new float[length];
                    var sum = expected(y, t, Scale, want);
                    var outputs = new Guarded(y, offset);
                    var targets = new Guarded(t, offset + 1);
                    var gradient = new Guarded(new float[length], offset + 5);
                    var got = actual(outputs.Span, targets.Span, Scale, gradient.Span);
                    gradient.AssertUntouchedAround();

                    // Sums in double of the same floats: γ(n) with u = 2⁻⁵³. Terms with an error of their own may fall below the normal range.
                    var bound = (((length * Math.Pow(2, -52)) + termError) * Math.Abs(sum)) + (termError == 0 ? 0 : length * 1e-37);
                    Floats.AssertClose(sum, got, bound, $"sum of {length}");
                    for (var i = 0; i < length; i++)
                    {
                        Floats.AssertClose(want[i], gradient.Span[i], slopeError * Math.Abs(want[i]), $"gradient at {i} of {length}");
                    }

                    Assert.Equal(got, actual(y, t, Scale, default));
                }, iter: Floats.Rounds, threads: 1);
        }
    }
}
