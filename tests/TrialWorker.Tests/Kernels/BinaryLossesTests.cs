using CsCheck;
using TuningCluster.TrialWorker.Kernels;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Tests.Kernels;

public class BinaryLossesTests
{
    private const float Scale = 0.125f;

    private delegate double Loss(
        int rows, ReadOnlySpan<float> outputs, int stride, ReadOnlySpan<int> labels, float scale, Span<float> gradient,
        ReadOnlySpan<float> weights);

    [Theory]
    [InlineData(0f)]
    [InlineData(0.1f)]
    [InlineData(1f)]
    public void Cross_entropy_agrees_with_the_reference_within_the_bound(float smoothing) => Compare(
        (rows, z, stride, y, scale, g, w) => BinaryLosses.CrossEntropy(rows, z, stride, y, scale, g, smoothing, w),
        (rows, z, stride, y, scale, g, w) => BinaryLossesReference.CrossEntropy(rows, z, stride, y, scale, g, smoothing, w),
        6 * 2 * Floats.Unit, 3 * 2 * Floats.Unit);

    [Fact]
    public void Hinge_agrees_with_the_reference_bit_for_bit() => Compare(BinaryLosses.Hinge, BinaryLossesReference.Hinge, 0, 0);

    [Fact]
    public void Squared_hinge_agrees_with_the_reference_bit_for_bit() =>
        Compare(BinaryLosses.SquaredHinge, BinaryLossesReference.SquaredHinge, 0, 0);

    [Fact]
    public void Cross_entropy_of_logits_of_ten_thousand_neither_overflows_nor_becomes_subnormal()
    {
        foreach (var label in new[] { 0, 1 })
        {
            foreach (var z in new[] { 1e4f, -1e4f, 80, -80, 100, -100 })
            {
                var gradient = new float[8];
                var loss = BinaryLosses.CrossEntropy(1, Row(z), 8, [label], 1e-3f, gradient);
                Assert.Equal((z > 0) == (label == 1) ? 0 : Math.Abs(z), loss, 1e-6);
                Assert.All(gradient, g => Assert.True(g == 0 || float.IsNormal(g)));
            }
        }
    }

    [Fact]
    public void Gives_the_values_worked_by_hand()
    {
        var gradient = new float[8];
        Assert.Equal(Math.Log(2), BinaryLosses.CrossEntropy(1, Row(0), 8, [1], 1, gradient), 1e-7);
        Assert.Equal([-0.5f, 0, 0, 0, 0, 0, 0, 0], gradient);

        // σ(ln 3) = ¾, target 0.9.
        var want = -(0.9 * Math.Log(0.75)) - (0.1 * Math.Log(0.25));
        Assert.Equal(want, BinaryLosses.CrossEntropy(1, Row(MathF.Log(3)), 8, [1], 1, gradient, 0.2f), 1e-6);
        Assert.Equal(-0.15f, gradient[0], 1e-6f);
        Assert.Equal(3, BinaryLosses.Hinge(1, Row(0.5f), 8, [0], 2, gradient, [2, 1]));
        Assert.Equal(4, gradient[0]);
        Assert.Equal(2.25, BinaryLosses.SquaredHinge(1, Row(0.5f), 8, [0], 1, gradient));
        Assert.Equal(3, gradient[0]);
        Assert.Equal(0, BinaryLosses.Hinge(1, Row(1), 8, [1], 1, gradient));
        Assert.Equal(0, gradient[0]);
    }

    [Fact]
    public void Refuses_what_does_not_fit()
    {
        Assert.Throws<ArgumentException>(() => BinaryLosses.Hinge(1, new float[8], 8, [2], 1, default));
        Assert.Throws<ArgumentException>(() => BinaryLosses.Hinge(1, new float[8], 4, [1], 1, default));
        Assert.Throws<ArgumentException>(() => BinaryLosses.Hinge(2, new float[8], 8, [1, 1], 1, default));
        Assert.Throws<ArgumentException>(() => BinaryLosses.Hinge(1, new float[8], 8, [1], 1, default, [1]));
    }

    private static float[] Row(float z) => [z, float.NaN, 3, 4, 5, 6, 7, 8];

    private static void Compare(Loss vector, Loss reference, double lossError, double slopeError) =>
        Gen.Select(Gen.Int[0, 20], Gen.Int[1, 3], Gen.Int[0, 7], Gen.Bool, Gen.Bool).SelectMany((rows, wide, offset, specials, weighted) =>
            Gen.Select((specials ? Floats.Any : Floats.Ordinary).OfLength(rows * 8 * wide), Gen.Int[0, 1].Array[rows]).Select((z, labels) =>
                (rows, wide, offset, weighted, z, labels))).Sample(
            (rows, wide, offset, weighted, z, labels) =>
            {
                var stride = 8 * wide;
                float[] weights = weighted ? [0.5f, 2] : [];
                var want = new float[z.Length];
                var expected = reference(rows, z, stride, labels, Scale, want, weights);
                var outputs = new Guarded(z, offset);
                var gradient = new Guarded(new float[z.Length], offset + 3);
                var actual = vector(rows, outputs.Span, stride, labels, Scale, gradient.Span, weights);
                gradient.AssertUntouchedAround();
                Floats.AssertClose(expected, actual, ((rows * Math.Pow(2, -52)) + lossError) * Math.Abs(expected), "loss");
                for (var i = 0; i < want.Length; i++)
                {
                    Floats.AssertClose(want[i], gradient.Span[i], slopeError * Scale * (weighted ? 2 : 1), $"gradient at {i}");
                }

                Assert.Equal(actual, vector(rows, z, stride, labels, Scale, default, weights));
                Assert.Equal(actual, vector(rows, outputs.Span, stride, labels, Scale, outputs.Span, weights));
                Assert.Equal(gradient.Values, outputs.Values);
                outputs.AssertUntouchedAround();
            }, iter: 300 * Floats.Rounds, threads: 1);
}
