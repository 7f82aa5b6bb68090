using CsCheck;
using TuningCluster.TrialWorker.Kernels;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Tests.Kernels;

public class ActivationsTests
{
    /// <summary>2⁻²³, the unit of the accuracies stated in VectorMath.</summary>
    private const double Ulp = 2 * Floats.Unit;

    /// <summary>Below this the logistic function stays where it is instead of falling to zero.</summary>
    private const double LogisticFloor = 1.7e-38;

    /// <summary>What two products that end below the normal range may add: half the least subnormal each, the inner one times |g| ≤ 4.</summary>
    private static readonly double Underflow = 5 * Math.Pow(2, -150);

    private delegate void Forward(ReadOnlySpan<float> x, Span<float> y);

    private delegate void Backward(ReadOnlySpan<float> outputs, Span<float> gradient);

    [Fact]
    public void Sigmoid_agrees_with_the_reference_at_every_length() =>
        CompareForward(Activations.Sigmoid, ActivationsReference.Sigmoid, y => (5 * Ulp * Math.Abs(y)) + LogisticFloor);

    [Fact]
    public void Tanh_agrees_with_the_reference_at_every_length() =>
        CompareForward(Activations.Tanh, ActivationsReference.Tanh, y => 4 * Ulp * Math.Abs(y));

    [Fact]
    public void Relu_agrees_with_the_reference_at_every_length() =>
        CompareForward(Activations.Relu, ActivationsReference.Relu, _ => 0);

    [Fact]
    public void Sigmoid_backward_agrees_with_the_reference_at_every_length() =>
        CompareBackward(Activations.SigmoidBackward, ActivationsReference.SigmoidBackward);

    [Fact]
    public void Tanh_backward_agrees_with_the_reference_at_every_length() =>
        CompareBackward(Activations.TanhBackward, ActivationsReference.TanhBackward);

    [Fact]
    public void Relu_backward_agrees_with_the_reference_at_every_length() =>
        CompareBackward(Activations.ReluBackward, ActivationsReference.ReluBackward);

    [Fact]
    public void Sigmoid_is_as_accurate_as_stated_over_the_whole_range_of_floats() =>
        CheckAccuracy(Activations.Sigmoid, x => 1 / (1 + Math.Exp(-x)), y => (4 * Ulp * y) + LogisticFloor);

    [Fact]
    public void Tanh_is_as_accurate_as_stated_over_the_whole_range_of_floats() =>
        CheckAccuracy(Activations.Tanh, Math.Tanh, y => (3 * Ulp * Math.Abs(y)) + 1e-44);

    [Fact]
    public void Tanh_keeps_the_sign_of_zero()
    {
        var y = new float[8];
        Activations.Tanh([0f, -0f, 0f, -0f, 0f, 0f, 0f, -0f], y);
        Assert.False(float.IsNegative(y[0]));
        Assert.True(float.IsNegative(y[1]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gives_the_values_worked_in_the_lecture(bool reference)
    {
        Forward sigmoid = reference ? ActivationsReference.Sigmoid : Activations.Sigmoid;
        Forward tanh = reference ? ActivationsReference.Tanh : Activations.Tanh;
        Forward relu = reference ? ActivationsReference.Relu : Activations.Relu;
        Assert.Equal(0.73, One(sigmoid, 1), 0.005);
        Assert.Equal(0.27, One(sigmoid, -1), 0.005);
        Assert.Equal(0.5, One(sigmoid, 0));
        Assert.Equal(0.76, One(tanh, 1), 0.005);
        Assert.Equal(-0.76, One(tanh, -1), 0.005);
        Assert.Equal(0.96, One(tanh, 2), 0.005);
        Assert.Equal(0.995, One(tanh, 3), 0.0005);
        Assert.Equal(0, One(relu, -1));
        Assert.Equal(2, One(relu, 2));
    }

    [Fact]
    public void Refuses_spans_of_different_lengths()
    {
        Assert.Throws<ArgumentException>(() => Activations.Relu(new float[3], new float[2]));
        Assert.Throws<ArgumentException>(() => Activations.TanhBackward(new float[3], new float[4]));
    }

    /// <summary>In the last lane of a vector, so that the vector function answers and not a tail.</summary>
    private static float One(Forward function, float x)
    {
        var values = new float[8];
        values[7] = x;
        function(values, values);
        return values[7];
    }

    private static void CompareForward(Forward actual, Forward expected, Func<double, double> bound)
    {
        foreach (var length in Floats.Lengths)
        {
            Gen.Select(Floats.Any.OfLength(length), Gen.Int[0, 7], Gen.Bool).Sample(
                (x, offset, inPlace) =>
                {
                    var want = new float[length];
                    expected(x, want);
                    var input = new Guarded(x, offset);
                    var output = inPlace ? input : new Guarded(new float[length], offset + 5);
                    actual(input.Span, output.Span);
                    output.AssertUntouchedAround();
                    for (var i = 0; i < length; i++)
                    {
                        Floats.AssertClose(want[i], output.Span[i], bound(want[i]), $"length {length}, at {i}, of {x[i]}");
                    }
                }, iter: 5, threads: 1);
        }
    }

    private static void CompareBackward(Backward actual, Backward expected)
    {
        foreach (var length in Floats.Lengths)
        {
            Gen.Select(Floats.Any.OfLength(length), Floats.Ordinary.OfLength(length), Gen.Int[0, 7]).Sample(
                (y, gradient, offset) =>
                {
                    var want = gradient.ToArray();
                    expected(y, want);
                    var outputs = new Guarded(y, offset);
                    var slopes = new Guarded(gradient, offset + 5);
                    actual(outputs.Span, slopes.Span);
                    outputs.AssertUntouchedAround();
                    slopes.AssertUntouchedAround();
                    for (var i = 0; i < length; i++)
                    {
                        var bound = (3 * Floats.Unit * Math.Abs(gradient[i]) * Math.Max(1, (double)y[i] * y[i])) + Underflow;
                        Floats.AssertClose(want[i], slopes.Span[i], double.IsNaN(bound) ? 0 : bound, $"length {length}, at {i}, of {y[i]}");
                    }
                }, iter: 5, threads: 1);
        }
    }

    private static void CheckAccuracy(Forward function, Func<double, double> truth, Func<double, double> bound)
    {
        // A step prime to powers of two visits every exponent with ever other mantissas: about a million floats.
        var x = new float[4096];
        var y = new float[4096];
        for (long bits = 0; bits < 1L << 32;)
        {
            var count = 0;
            for (; count < x.Length && bits < 1L << 32; bits += 4099)
            {
                var value = BitConverter.UInt32BitsToSingle((uint)bits);
                if (float.IsFinite(value))
                {
                    x[count++] = value;
                }
            }

            function(x.AsSpan(0, count), y.AsSpan(0, count));
            for (var i = 0; i < count; i++)
            {
                var want = truth(x[i]);
                if (!(Math.Abs(y[i] - want) <= bound(want)))
                {
                    Floats.AssertClose(want, y[i], bound(want), $"of {x[i]:R}");
                }
            }
        }
    }
}
