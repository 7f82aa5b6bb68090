using CsCheck;
using TuningCluster.TrialWorker.Kernels;
using TuningCluster.TrialWorker.Kernels.Reference;
using static TuningCluster.TrialWorker.Tests.Kernels.ActivationCase;

namespace TuningCluster.TrialWorker.Tests.Kernels;

public class ActivationsTests
{
    /// <summary>What products that end below the normal range may add: half the least subnormal each, the inner one times |g| ≤ 4.</summary>
    private static readonly double Underflow = 5 * Math.Pow(2, -150);

    /// <summary>Derivatives below this are taken as zero.</summary>
    private static readonly double Unnoticed = Math.Pow(2, -64);

    public static TheoryData<string> Kinds => new(All.Keys);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Agrees_with_the_reference_at_every_length(string kind)
    {
        var it = All[kind];
        foreach (var length in Floats.Lengths)
        {
            Gen.Select(Floats.Any.OfLength(length), Gen.Int[0, 7], Gen.Bool).Sample(
                (x, offset, inPlace) =>
                {
                    var want = new float[length];
                    it.Reference(x, want);
                    var input = new Guarded(x, offset);
                    var output = inPlace ? input : new Guarded(new float[length], offset + 5);
                    it.Apply(input.Span, output.Span);
                    output.AssertUntouchedAround();
                    for (var i = 0; i < length; i++)
                    {
                        // Two units for the reference's own roundings.
                        var bound = it.Bound(x[i], want[i]) + (2 * Ulp * Math.Abs(want[i])) + Underflow;
                        Floats.AssertClose(want[i], output.Span[i], bound, $"length {length}, at {i}, of {x[i]}");
                    }
                }, iter: Floats.Rounds, threads: 1);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Backward_agrees_with_the_reference_at_every_length(string kind)
    {
        var it = All[kind];
        foreach (var length in Floats.Lengths)
        {
            Gen.Select(Floats.Any.OfLength(length), Floats.Ordinary.OfLength(length), Gen.Int[0, 7]).Sample(
                (x, gradient, offset) =>
                {
                    var want = gradient.ToArray();
                    var kept = x.ToArray();
                    if (!it.TakesInput)
                    {
                        it.Reference(x, kept);
                    }

                    it.SlopeReference(kept, want);
                    var inputs = new Guarded(kept, offset);
                    var slopes = new Guarded(gradient, offset + 5);
                    it.Slope(inputs.Span, slopes.Span);
                    inputs.AssertUntouchedAround();
                    slopes.AssertUntouchedAround();
                    for (var i = 0; i < length; i++)
                    {
                        // 8 units for what needs the input; less for the others.
                        var bound = (((8 * Ulp) + Unnoticed) * Math.Abs(gradient[i])) + Underflow;
                        Floats.AssertClose(want[i], slopes.Span[i], bound, $"length {length}, at {i}, of {kept[i]}");
                    }
                }, iter: Floats.Rounds, threads: 1);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Is_as_accurate_as_stated_over_the_whole_range_of_floats(string kind)
    {
        var it = All[kind];
        Floats.ForEveryExponent((x, y) => it.Apply(x, y), it.Truth, (x, y) => it.Bound(x, y) + 1e-44);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Backward_is_the_derivative_over_the_whole_range_of_floats(string kind)
    {
        var it = All[kind];
        void Derivative(ReadOnlySpan<float> x, Span<float> slope)
        {
            Span<float> kept = new float[x.Length];
            x.CopyTo(kept);
            if (!it.TakesInput)
            {
                it.Apply(x, kept);
            }

            slope.Fill(1);
            it.Slope(kept, slope);
        }

        // Written in terms of the output it bears the output's error, at most 4 units, times a slope of at most 2.
        Floats.ForEveryExponent(Derivative, x => Math.Abs(x) > 1e6 ? it.Derivative(1e6 * Math.Sign(x)) : it.Derivative(x), (_, _) => 8 * Ulp);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Nan_and_infinity_are_handed_on(string kind)
    {
        var y = new float[9];
        All[kind].Apply([float.NaN, 1, float.PositiveInfinity, float.NegativeInfinity, 2, 3, 4, 5, float.NaN], y);
        Assert.True(float.IsNaN(y[0]) && float.IsNaN(y[8]));
        Assert.Equal(kind is "sigmoid" or "tanh" ? 1 : float.PositiveInfinity, y[2]);
        var left = kind switch
        {
            "tanh" or "elu" => -1,
            "selu" => -1.7580993408473768,
            "leaky_relu" => double.NegativeInfinity,
            _ => 0,
        };
        Floats.AssertClose(left, y[3], 2e-7, "-Infinity");
    }

    [Fact]
    public void Saturated_layers_hand_no_subnormal_numbers_on()
    {
        Assert.SkipUnless(KernelPath.IsVectorized, "The references are not written for speed.");
        var x = Enumerable.Range(0, 4000).Select(i => -i / 20f).ToArray();
        foreach (var (kind, it) in All)
        {
            var y = new float[x.Length];
            it.Apply(x, y);
            var gradient = new float[x.Length];
            Array.Fill(gradient, 1e-9f);
            it.Slope(it.TakesInput ? x : y, gradient);
            for (var i = 0; i < x.Length; i++)
            {
                Assert.True(y[i] == 0 || float.IsNormal(y[i]), $"{kind} of {x[i]}");
                Assert.True(gradient[i] == 0 || float.IsNormal(gradient[i]), $"slope of {kind} at {x[i]}");
            }
        }
    }

    [Fact]
    public void Tanh_keeps_the_sign_of_zero()
    {
        var y = new float[8];
        Activations.Tanh([0f, -0f, 0f, -0f, 0f, 0f, 0f, -0f], y);
        Assert.False(float.IsNegative(y[0]));
        Assert.True(float.IsNegative(y[1]));
    }

    [Fact]
    public void Tanh_is_one_from_nine_on()
    {
        var y = new float[8];
        Activations.Tanh([9.02f, -9.02f, 10, 50, 1e4f, -1e4f, float.MaxValue, float.PositiveInfinity], y);
        Assert.Equal([1, -1, 1, 1, 1, -1, 1, 1], y);
    }

    [Fact]
    public void Identity_changes_nothing()
    {
        var y = new float[5];
        Activations.Identity([1, -2, 0, float.PositiveInfinity, 5], y);
        Assert.Equal([1, -2, 0, float.PositiveInfinity, 5], y);
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
        Assert.Throws<ArgumentException>(() => Activations.Identity(new float[3], new float[4]));
    }

    /// <summary>In the last lane of a vector, so that the vector function answers and not a tail.</summary>
    private static float One(Forward function, float x)
    {
        var values = new float[8];
        values[7] = x;
        function(values, values);
        return values[7];
    }
}
