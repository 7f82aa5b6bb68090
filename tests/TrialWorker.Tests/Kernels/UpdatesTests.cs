using CsCheck;
using TuningCluster.TrialWorker.Kernels;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Tests.Kernels;

public class UpdatesTests
{
    private const float Rate = 0.05f;
    private const float Mu = 0.9f;
    private const float Beta1 = 0.9f;
    private const float Beta2 = 0.999f;
    private const float Epsilon = 1e-6f;
    private const float LeastNormal = 1.17549435e-38f;

    private static readonly Penalty[] Penalties = [Penalty.None, new(0, 0.01f, 0), new(0.003f, 0.01f, 0.02f)];

    private static readonly float[] Tiny = [0, -0f, 1e-30f, -2e-38f, 3e-39f, float.Epsilon];

    private static readonly Gen<float> Values = Gen.Frequency(
        (4, Floats.Ordinary), (1, Gen.Int[0, Tiny.Length - 1].Select(i => Tiny[i])));

    private delegate void Update(Span<float> weights, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, Penalty penalty);

    private static readonly Dictionary<string, (Update Vector, Update Reference)> Rules = new()
    {
        ["sgd"] = (
            (w, g, _, _, p) => Updates.Sgd(w, g, Rate, p),
            (w, g, _, _, p) => UpdatesReference.Sgd(w, g, Rate, p)),
        ["momentum"] = (
            (w, g, a, _, p) => Updates.Momentum(w, g, a, Rate, Mu, p),
            (w, g, a, _, p) => UpdatesReference.Momentum(w, g, a, Rate, Mu, p)),
        ["nesterov"] = (
            (w, g, a, _, p) => Updates.Nesterov(w, g, a, Rate, Mu, p),
            (w, g, a, _, p) => UpdatesReference.Nesterov(w, g, a, Rate, Mu, p)),
        ["rmsprop"] = (
            (w, g, _, b, p) => Updates.RmsProp(w, g, b, Rate, Beta2, Epsilon, p),
            (w, g, _, b, p) => UpdatesReference.RmsProp(w, g, b, Rate, Beta2, Epsilon, p)),
        ["rmsprop_momentum"] = (
            (w, g, a, b, p) => Updates.RmsProp(w, g, b, a, Rate, Beta2, Epsilon, Mu, p),
            (w, g, a, b, p) => UpdatesReference.RmsProp(w, g, b, a, Rate, Beta2, Epsilon, Mu, p)),
        ["adam"] = (
            (w, g, a, b, p) => Updates.Adam(w, g, a, b, Rate, Beta1, Beta2, Epsilon, p),
            (w, g, a, b, p) => UpdatesReference.Adam(w, g, a, b, Rate, Beta1, Beta2, Epsilon, p)),
        ["nadam"] = (
            (w, g, a, b, p) => Updates.NAdam(w, g, a, b, Rate / 4, Rate, Beta1, Beta2, Epsilon, p),
            (w, g, a, b, p) => UpdatesReference.NAdam(w, g, a, b, Rate / 4, Rate, Beta1, Beta2, Epsilon, p)),
        ["lion"] = (
            (w, g, a, _, p) => Updates.Lion(w, g, a, Rate, Beta1, Beta2, p),
            (w, g, a, _, p) => UpdatesReference.Lion(w, g, a, Rate, Beta1, Beta2, p)),
    };

    public static TheoryData<string> Names => new(Rules.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Agrees_with_the_reference_at_every_length(string name)
    {
        var (vector, reference) = Rules[name];
        foreach (var length in Floats.Lengths)
        {
            Gen.Select(Values.OfLength(length).Array[4], Gen.Int[0, 7], Gen.Int[0, Penalties.Length - 1]).Sample(
                (values, at, which) =>
                {
                    var penalty = Penalties[which];
                    var squares = values[3].Select(x => x * x).ToArray();
                    var want = values[0].ToArray();
                    var wantFirst = values[2].ToArray();
                    var wantSecond = squares.ToArray();
                    reference(want, values[1], wantFirst, wantSecond, penalty);
                    var weights = new Guarded(values[0], at);
                    var first = new Guarded(values[2], at + 3);
                    var second = new Guarded(squares, at + 6);
                    vector(weights.Span, new Guarded(values[1], at + 1).Span, first.Span, second.Span, penalty);
                    weights.AssertUntouchedAround();
                    first.AssertUntouchedAround();
                    second.AssertUntouchedAround();
                    for (var i = 0; i < length; i++)
                    {
                        var terms = new Terms(values[0][i], values[1][i], values[2][i], squares[i], wantSecond[i], penalty);
                        var bounds = terms.Of(name);
                        Floats.AssertClose(wantFirst[i], first.Span[i], bounds.First, $"{name}: first state {i} of {length}");
                        Floats.AssertClose(wantSecond[i], second.Span[i], bounds.Second, $"{name}: second state {i} of {length}");
                        Floats.AssertClose(want[i], weights.Span[i], bounds.Weight, $"{name}: weight {i} of {length}");
                    }
                }, iter: Floats.Rounds, threads: 1);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Nan_in_a_gradient_reaches_its_weight_and_no_other(string name)
    {
        foreach (var update in new[] { Rules[name].Vector, Rules[name].Reference })
        {
            var weights = new float[17];
            var gradient = new float[17];
            gradient[3] = float.NaN;
            gradient[16] = float.NaN;
            update(weights, gradient, new float[17], new float[17], Penalties[2]);
            for (var i = 0; i < weights.Length; i++)
            {
                Assert.Equal(i is 3 or 16, float.IsNaN(weights[i]));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void State_that_dies_away_becomes_zero_and_not_subnormal(string name)
    {
        foreach (var update in new[] { Rules[name].Vector, Rules[name].Reference })
        {
            var weights = new float[19];
            var first = new float[19];
            var second = new float[19];
            Array.Fill(first, -1f);
            Array.Fill(second, 1e-35f);
            for (var step = 0; step < 20_000; step++)
            {
                update(weights, new float[19], first, second, Penalty.None);
                Assert.All(first.Concat(second), x => Assert.True(x == 0 || float.IsNormal(x)));
            }

            Assert.All(first, x => Assert.True(x == 0 || name is "sgd" or "rmsprop" || (name is "lion" && x > -1e-8f)));
            Assert.All(second, x => Assert.True(x == 0 || !(name is "rmsprop" or "rmsprop_momentum" or "adam" or "nadam")));
        }
    }

    [Fact]
    public void L1_does_not_pull_a_weight_of_zero()
    {
        var weights = new[] { 0f, -0f, 1, -1, 0, 0, 0, 0, 2 };
        Updates.Sgd(weights, new float[9], 1, new Penalty(0.25f, 0, 0));
        Assert.Equal([0, 0, 0.75f, -0.75f, 0, 0, 0, 0, 1.75f], weights);
    }

    [Fact]
    public void Decoupled_decay_is_not_seen_by_the_moments()
    {
        float[] weights = [2];
        float[] first = [0];
        float[] second = [0];
        Updates.Adam(weights, [0], first, second, Rate, Beta1, Beta2, Epsilon, new Penalty(0, 0, 0.25f));
        Assert.Equal(1.5f, weights[0]);
        Assert.Equal(0, first[0]);
    }

    [Fact]
    public void Lion_steps_by_the_rate()
    {
        float[] weights = [1, 1, 1];
        Updates.Lion(weights, [100, -1e-20f, 0], new float[3], 0.25f, Beta1, Beta2, Penalty.None);
        Assert.Equal([0.75f, 1.25f, 1], weights);
    }

    /// <summary>PyTorch's algorithm in double, as its documentation writes it.</summary>
    [Fact]
    public void NAdam_with_the_stated_schedule_is_the_documented_algorithm()
    {
        const double rate = 0.01;
        const double epsilon = 1e-8;
        float[] weights = [0.5f];
        float[] first = [0];
        float[] second = [0];
        var (w, m, v, product) = (0.5, 0.0, 0.0, 1.0);
        for (var t = 1; t <= 50; t++)
        {
            var gradient = MathF.Sin(t);
            var mu = Beta1 * (1 - (0.5 * Math.Pow(0.96, t * 0.004)));
            var next = Beta1 * (1 - (0.5 * Math.Pow(0.96, (t + 1) * 0.004)));
            product *= mu;
            var correction = Math.Sqrt(1 - Math.Pow(Beta2, t));
            Updates.NAdam(
                weights, [gradient], first, second, (float)(rate * correction * (1 - mu) / (1 - product)),
                (float)(rate * correction * next / (1 - (product * next))), Beta1, Beta2, (float)(epsilon * correction), Penalty.None);

            m = (Beta1 * m) + ((1 - Beta1) * gradient);
            v = (Beta2 * v) + ((1 - Beta2) * gradient * gradient);
            var root = Math.Sqrt(v / (1 - Math.Pow(Beta2, t))) + epsilon;
            w -= ((rate * (1 - mu) / (1 - product) * gradient) + (rate * next / (1 - (product * next)) * m)) / root;
        }

        Assert.Equal(w, weights[0], 1e-5);
    }

    [Fact]
    public void Refuses_spans_of_different_lengths()
    {
        Assert.Throws<ArgumentException>(() => Updates.Sgd(new float[3], new float[2], 1, default));
        Assert.Throws<ArgumentException>(() => Updates.Lion(new float[3], new float[3], new float[2], 1, 0, 0, default));
        Assert.Throws<ArgumentException>(() => Updates.Adam(new float[3], new float[3], new float[3], new float[4], 1, 0, 0, 1, default));
    }

    /// <summary>Sums of the magnitudes of the terms of each line for one parameter, and the bounds that follow from them.</summary>
    private sealed class Terms(double w, double g, double first, double second, double newSecond, Penalty penalty)
    {
        private readonly double _slope = Math.Abs(g) + (penalty.L2 * Math.Abs(w)) + penalty.L1;
        private readonly double _weight = Math.Abs(w) * (1 + penalty.Decoupled);

        public (double First, double Second, double Weight) Of(string name)
        {
            var speed = (Mu * Math.Abs(first)) + _slope;
            var mean = (Beta1 * Math.Abs(first)) + ((1 - Beta1) * _slope);
            var square = Bound((Beta2 * second) + ((1 - Beta2) * _slope * _slope)) + LeastNormal;
            return name switch
            {
                "sgd" => (0, 0, Bound(_weight + (Rate * _slope))),
                "momentum" => (Bound(speed) + LeastNormal, 0, Bound(_weight + (Rate * speed))),
                "nesterov" => (Bound(speed) + LeastNormal, 0, Bound(_weight + (Rate * (_slope + (Mu * speed))))),
                "rmsprop" => (0, square, Bound(_weight) + Quotient(Rate * _slope, square)),
                "rmsprop_momentum" => (
                    Bound(Mu * Math.Abs(first)) + Quotient(_slope, square) + LeastNormal, square,
                    Bound(_weight + (Rate * Mu * Math.Abs(first))) + (Rate * Quotient(_slope, square)) + (2 * Floats.Unit * Rate * _slope / Root)),
                "adam" => (Bound(mean) + LeastNormal, square, Bound(_weight) + Quotient(Rate * mean, square)),
                "nadam" => (Bound(mean) + LeastNormal, square, Bound(_weight) + Quotient(Rate * (mean + (_slope / 4)), square)),
                "lion" => (Bound((Beta2 * Math.Abs(first)) + ((1 - Beta2) * _slope)) + LeastNormal, 0, Bound(_weight + Rate) + Flip(mean)),
                _ => throw new ArgumentOutOfRangeException(nameof(name)),
            };
        }

        private double Root => Math.Sqrt(newSecond) + Epsilon;

        /// <summary>Of x/(√v + ε), x bearing four roundings more than its terms: the errors of x, of v through the root, and of √, +, ÷.</summary>
        private double Quotient(double x, double square)
        {
            var ofRoot = Math.Min(Math.Sqrt(square), newSecond == 0 ? double.PositiveInfinity : square / Math.Sqrt(newSecond));
            return x / Root * ((12 * Floats.Unit) + (ofRoot / Root)) + (Math.Pow(2, -147) / Epsilon);
        }

        /// <summary>Two steps where the sum is as good as zero: the sign is open.</summary>
        private double Flip(double mean) =>
            Math.Abs((Beta1 * first) + ((1 - Beta1) * (g + (penalty.L2 * w) + (penalty.L1 * Math.Sign(w))))) <= Bound(mean) ? 2 * Rate : 0;

        /// <summary>Eight roundings, some of which may be of a number below the normal range.</summary>
        private static double Bound(double terms) => (8 * Floats.Unit * terms) + Math.Pow(2, -147);
    }
}
