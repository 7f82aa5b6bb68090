using CsCheck;
using TuningCluster.TrialWorker.Kernels;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Tests.Kernels;

public class NormalizationTests
{
    private const float Epsilon = 1e-5f;

    private static readonly Gen<(int Rows, int Width, int Stride, int Seed, int Offset)> Shapes = Gen.Select(
        Gen.Int[1, 9], Gen.Int[1, 40], Gen.Int[0, 2], Gen.Int[0, 1 << 30], Gen.Int[0, 7],
        (rows, width, more, seed, offset) => (rows, width, ((width + 7) & ~7) + (8 * more), seed, offset));

    [Fact]
    public void Layer_agrees_with_the_reference_within_the_bound() => Shapes.Sample(
        shape =>
        {
            var (rows, width, stride, seed, offset) = shape;
            var it = new Block(rows, width, stride, seed);
            var (wantHat, wantY, wantInverse) = (new float[rows * stride], new float[rows * stride], new float[rows]);
            LayerNormalizationReference.Forward(rows, width, it.X, stride, it.Gain, it.Shift, wantHat, wantY, wantInverse, Epsilon);
            var y = new Guarded(it.X, offset);
            var hat = new Guarded(new float[rows * stride], offset + 3);
            var inverse = new Guarded(new float[rows], offset + 1);
            LayerNormalization.Forward(rows, width, y.Span, stride, it.Gain, it.Shift, hat.Span, y.Span, inverse.Span, Epsilon);
            y.AssertUntouchedAround();
            hat.AssertUntouchedAround();
            inverse.AssertUntouchedAround();
            for (var at = 0; at < wantY.Length; at++)
            {
                var row = at / stride;
                var largest = it.X.AsSpan(row * stride, width).ToArray().Max(Math.Abs);
                var relative = (width + 16) * 4 * Floats.Unit * (1 + (largest * wantInverse[row]));
                var bound = at % stride < width ? relative * (1 + Math.Abs(wantHat[at])) : 0;
                Floats.AssertClose(wantHat[at], hat.Span[at], bound, $"normalized {at}");
                Floats.AssertClose(wantY[at], y.Span[at], at % stride < width ? (3 * bound) + (8 * Floats.Unit) : 0, $"output {at}");
                Floats.AssertClose(wantInverse[row], inverse.Span[row], relative * wantInverse[row], $"inverse deviation {row}");
            }

            var want = it.Gradient.ToArray();
            var (wantGain, wantShift) = (new float[stride], new float[stride]);
            LayerNormalizationReference.Backward(rows, width, wantHat, stride, it.Gain, wantInverse, want, wantGain, wantShift);
            var gradient = new Guarded(it.Gradient, offset);
            var gain = new Guarded(it.Gain, offset + 3);
            var shift = new Guarded(it.Gain, offset + 5);
            LayerNormalization.Backward(rows, width, wantHat, stride, it.Gain, wantInverse, gradient.Span, gain.Span, shift.Span);
            gradient.AssertUntouchedAround();
            gain.AssertUntouchedAround();
            shift.AssertUntouchedAround();
            var widest = wantHat.Max(Math.Abs);
            for (var at = 0; at < want.Length; at++)
            {
                var steepest = 3 * it.Gradient.AsSpan(at / stride * stride, width).ToArray().Max(Math.Abs);
                var bound = (width + 16) * 4 * Floats.Unit * wantInverse[at / stride] * steepest * (1 + widest) * (1 + widest);
                Floats.AssertClose(want[at], gradient.Span[at], at % stride < width ? bound : 0, $"gradient {at}");
            }

            for (var j = 0; j < stride; j++)
            {
                var terms = Enumerable.Range(0, rows).Sum(i => j < width ? Math.Abs(it.Gradient[(i * stride) + j]) : 0);
                Floats.AssertClose(wantShift[j], shift.Span[j], 0, $"shift gradient {j}");
                Floats.AssertClose(wantGain[j], gain.Span[j], 2 * Floats.Gamma(rows + 2) * terms * widest, $"gain gradient {j}");
            }
        }, iter: 100 * Floats.Rounds, threads: 1);

    [Fact]
    public void Batch_equals_the_reference_bit_for_bit() => Shapes.Sample(
        shape =>
        {
            var (rows, width, stride, seed, offset) = shape;
            var it = new Block(rows, width, stride, seed);
            var (wantHat, wantY, wantInverse) = (new float[rows * stride], new float[rows * stride], new float[stride]);
            var (wantMean, wantVariance) = (it.Shift.ToArray(), it.Gain.ToArray());
            BatchNormalizationReference.Forward(
                rows, width, it.X, stride, it.Gain, it.Shift, wantMean, wantVariance, wantHat, wantY, wantInverse, Epsilon);
            var y = new Guarded(it.X, offset);
            var hat = new Guarded(new float[rows * stride], offset + 3);
            var inverse = new Guarded(new float[stride], offset + 1);
            var mean = new Guarded(it.Shift, offset + 2);
            var variance = new Guarded(it.Gain, offset + 4);
            BatchNormalization.Forward(
                rows, width, y.Span, stride, it.Gain, it.Shift, mean.Span, variance.Span, hat.Span, y.Span, inverse.Span, Epsilon);
            AssertEqual(wantHat, hat);
            AssertEqual(wantY, y);
            AssertEqual(wantInverse, inverse);
            AssertEqual(wantMean, mean);
            AssertEqual(wantVariance, variance);

            var want = it.Gradient.ToArray();
            var (wantGain, wantShift) = (new float[stride], new float[stride]);
            BatchNormalizationReference.Backward(rows, width, wantHat, stride, it.Gain, wantInverse, want, wantGain, wantShift);
            var gradient = new Guarded(it.Gradient, offset);
            var gain = new Guarded(it.Gain, offset + 3);
            var shift = new Guarded(it.Gain, offset + 5);
            BatchNormalization.Backward(rows, width, wantHat, stride, it.Gain, wantInverse, gradient.Span, gain.Span, shift.Span);
            AssertEqual(want, gradient);
            AssertEqual(wantGain, gain);
            AssertEqual(wantShift, shift);

            BatchNormalizationReference.Infer(rows, width, it.X, stride, it.Gain, it.Shift, wantMean, wantVariance, wantY, Epsilon);
            var inferred = new Guarded(it.X, offset);
            BatchNormalization.Infer(
                rows, width, inferred.Span, stride, it.Gain, it.Shift, wantMean, wantVariance, inferred.Span, Epsilon);
            AssertEqual(wantY, inferred);
        }, iter: 100 * Floats.Rounds, threads: 1);

    [Fact]
    public void A_batch_of_one_row_gives_the_shift_and_moves_the_mean_only()
    {
        float[] x = [5, -3, 0, 0, 0, 0, 0, 0];
        float[] gain = [2, 2, 2, 2, 2, 2, 2, 2];
        float[] shift = [0.5f, 1, 1, 1, 1, 1, 1, 1];
        float[] mean = new float[8];
        float[] variance = [1, 1, 1, 1, 1, 1, 1, 1];
        var (hat, y, inverse) = (new float[8], new float[8], new float[8]);
        BatchNormalization.Forward(1, 2, x, 8, gain, shift, mean, variance, hat, y, inverse, Epsilon);
        Assert.Equal([0.5f, 1, 0, 0, 0, 0, 0, 0], y);
        Assert.Equal([0.5f, -0.3f, 0, 0, 0, 0, 0, 0], mean);
        Assert.All(variance, v => Assert.Equal(1, v));
        float[] gradient = [1, 1, 9, 9, 9, 9, 9, 9];
        BatchNormalization.Backward(1, 2, hat, 8, gain, inverse, gradient, mean, variance);
        Assert.All(gradient, g => Assert.Equal(0, g));
        Assert.Equal([1, 1, 0, 0, 0, 0, 0, 0], variance);
    }

    [Fact]
    public void A_row_of_equal_values_gives_the_shift()
    {
        var (hat, y, inverse) = (new float[8], new float[8], new float[1]);
        LayerNormalization.Forward(1, 5, [3, 3, 3, 3, 3, 9, 9, 9], 8, new float[8], [1, 2, 3, 4, 5, 6, 7, 8], hat, y, inverse, Epsilon);
        Assert.Equal([1, 2, 3, 4, 5, 0, 0, 0], y);
        Assert.Equal(1 / Math.Sqrt(Epsilon), inverse[0], 1e-3);
    }

    [Fact]
    public void Nan_spoils_its_row_or_its_column_and_no_other()
    {
        var x = Enumerable.Range(0, 32).Select(i => MathF.Sin(i)).ToArray();
        x[9] = float.NaN;
        var ones = Enumerable.Repeat(1f, 8).ToArray();
        var (hat, y) = (new float[32], new float[32]);
        LayerNormalization.Forward(4, 8, x, 8, ones, ones, hat, y, new float[4], Epsilon);
        Assert.All(y.Index(), at => Assert.Equal(at.Index / 8 == 1, float.IsNaN(at.Item)));
        BatchNormalization.Forward(4, 8, x, 8, ones, ones, new float[8], new float[8], hat, y, new float[8], Epsilon);
        Assert.All(y.Index(), at => Assert.Equal(at.Index % 8 == 1, float.IsNaN(at.Item)));
    }

    /// <summary>Central differences in double of Σ c·y, c being any weights.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Backward_is_the_gradient_of_forward(bool batch)
    {
        const int rows = 4;
        const int width = 5;
        var it = new Block(rows, width, 8, 3);
        var (hat, y, inverse) = (new float[32], new float[32], new float[8]);
        var gradient = it.Gradient.ToArray();
        if (batch)
        {
            BatchNormalization.Forward(rows, width, it.X, 8, it.Gain, it.Shift, new float[8], new float[8], hat, y, inverse, Epsilon);
            BatchNormalization.Backward(rows, width, hat, 8, it.Gain, inverse, gradient, new float[8], new float[8]);
        }
        else
        {
            LayerNormalization.Forward(rows, width, it.X, 8, it.Gain, it.Shift, hat, y, inverse, Epsilon);
            LayerNormalization.Backward(rows, width, hat, 8, it.Gain, inverse, gradient, new float[8], new float[8]);
        }

        var x = it.X.Select(v => (double)v).ToArray();
        for (var at = 0; at < 32; at++)
        {
            if (at % 8 < width)
            {
                const double step = 1e-5;
                var middle = x[at];
                x[at] = middle + step;
                var up = Loss();
                x[at] = middle - step;
                var down = Loss();
                x[at] = middle;
                Assert.Equal((up - down) / (2 * step), gradient[at], 1e-4);
            }
        }

        double Loss()
        {
            var sum = 0.0;
            for (var at = 0; at < 32; at++)
            {
                if (at % 8 < width)
                {
                    var group = batch
                        ? Enumerable.Range(0, rows).Select(i => x[(8 * i) + (at % 8)]).ToArray()
                        : x[(at / 8 * 8)..((at / 8 * 8) + width)];
                    var mean = group.Average();
                    var variance = group.Average(v => (v - mean) * (v - mean));
                    sum += it.Gradient[at] * it.Gain[at % 8] * (x[at] - mean) / Math.Sqrt(variance + Epsilon);
                }
            }

            return sum;
        }
    }

    [Fact]
    public void Refuses_what_does_not_fit()
    {
        var x = new float[16];
        Assert.Throws<ArgumentException>(() => LayerNormalization.Forward(2, 8, x, 8, new float[7], x, x, x, x, Epsilon));
        Assert.Throws<ArgumentException>(() => LayerNormalization.Forward(3, 8, x, 8, x, x, x, x, x, Epsilon));
        Assert.Throws<ArgumentException>(() => LayerNormalization.Backward(2, 7, x, 7, x, x, x, x, x));
        Assert.Throws<ArgumentOutOfRangeException>(() => BatchNormalization.Backward(0, 8, x, 8, x, x, x, x, x));
    }

    private static void AssertEqual(float[] want, Guarded actual)
    {
        actual.AssertUntouchedAround();
        Assert.Equal(want, actual.Values);
    }

    /// <summary>Rows with whatever past their width.</summary>
    private sealed class Block
    {
        public Block(int rows, int width, int stride, int seed)
        {
            var rng = Shared.Randomness.Rng.For(seed, 0, "normalization");
            X = Draw(rows * stride, 2);
            Gradient = Draw(rows * stride, 1);
            Gain = [.. Draw(stride, 1).Select(v => Math.Min(3, 0.1f + Math.Abs(v)))];
            Shift = Draw(stride, 1);
            for (var at = 0; at < X.Length; at++)
            {
                if (at % stride >= width)
                {
                    X[at] = 1e4f;
                    Gradient[at] = float.NaN;
                }
            }

            float[] Draw(int count, double spread) => [.. Enumerable.Range(0, count).Select(_ => (float)(spread * rng.NextNormal()))];
        }

        public float[] X { get; }

        public float[] Gradient { get; }

        public float[] Gain { get; }

        public float[] Shift { get; }
    }
}
