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
    public void Cross_entropy_agrees_with_the_reference_within_the_bound() =>
        Gen.Select(Shapes, Gen.Int[0, 7], Gen.Int[0, 1 << 30], Gen.Bool).Sample(
            (shape, offset, seed, specials) =>
            {
                var (rows, classes, stride) = shape;
                var (z, labels) = Draw(shape, seed, specials);
                var want = new float[z.Length];
                var expected = ClassificationLossesReference.CrossEntropy(rows, classes, z, stride, labels, Scale, want);
                var outputs = new Guarded(z, offset);
                var gradient = new Guarded(new float[z.Length], offset + 5);
                var actual = ClassificationLosses.CrossEntropy(rows, classes, outputs.Span, stride, labels, Scale, gradient.Span);
                gradient.AssertUntouchedAround();

                // With logits of 1e4 the difference to the label's is exact in double: only the logarithm's argument is rounded.
                Floats.AssertClose(expected, actual, rows * (classes + 4) * 4 * Floats.Unit, "loss");
                if (double.IsFinite(expected))
                {
                    AssertGradients(want, gradient, Scale * (classes + 6) * 2 * Floats.Unit);
                }

                Assert.Equal(actual, ClassificationLosses.CrossEntropy(rows, classes, z, stride, labels, Scale, default));
                Assert.Equal(actual, ClassificationLosses.CrossEntropy(rows, classes, outputs.Span, stride, labels, Scale, outputs.Span));
                outputs.AssertUntouchedAround();
                if (double.IsFinite(expected))
                {
                    Assert.Equal(gradient.Values, outputs.Values);
                }
            }, iter: 1500, threads: 1);

    [Fact]
    public void Hinge_agrees_with_the_reference_bit_for_bit() =>
        Gen.Select(Shapes, Gen.Int[0, 7], Gen.Int[0, 1 << 30], Gen.Bool).Sample(
            (shape, offset, seed, specials) =>
            {
                var (rows, classes, stride) = shape;
                var (z, labels) = Draw(shape, seed, specials);
                var want = new float[z.Length];
                var expected = ClassificationLossesReference.Hinge(rows, classes, z, stride, labels, Scale, want);
                var outputs = new Guarded(z, offset);
                var gradient = new Guarded(new float[z.Length], offset + 5);
                var actual = ClassificationLosses.Hinge(rows, classes, outputs.Span, stride, labels, Scale, gradient.Span);
                gradient.AssertUntouchedAround();
                Assert.Equal(expected, actual);
                if (double.IsFinite(expected))
                {
                    AssertGradients(want, gradient, 0);
                }

                Assert.Equal(actual, ClassificationLosses.Hinge(rows, classes, z, stride, labels, Scale, default));
            }, iter: 1500, threads: 1);

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

    private static void CompareRegression(Regression actual, Regression expected)
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

                    // Sums in double of the same floats: γ(n) with u = 2⁻⁵³.
                    Floats.AssertClose(sum, got, length * Math.Pow(2, -52) * Math.Abs(sum), $"sum of {length}");
                    for (var i = 0; i < length; i++)
                    {
                        Floats.AssertClose(want[i], gradient.Span[i], 0, $"gradient at {i} of {length}");
                    }

                    Assert.Equal(got, actual(y, t, Scale, default));
                }, iter: 5, threads: 1);
        }
    }
}
