using CsCheck;
using TuningCluster.TrialWorker.Kernels;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Tests.Kernels;

public class UpdatesTests
{
    private const float Rate = 0.05f;
    private const float Mu = 0.9f;
    private const float Decay = 0.01f;
    private const float Beta1 = 0.9f;
    private const float Beta2 = 0.999f;
    private const float Epsilon = 1e-6f;

    [Fact]
    public void Sgd_agrees_with_the_reference_at_every_length() => ForEachLength((values, at) =>
    {
        var want = values[0].ToArray();
        UpdatesReference.Sgd(want, values[1], Rate, Decay);
        var weights = new Guarded(values[0], at);
        Updates.Sgd(weights.Span, values[1], Rate, Decay);
        weights.AssertUntouchedAround();
        for (var i = 0; i < want.Length; i++)
        {
            var terms = Math.Abs(values[0][i]) + (Rate * SlopeTerms(values, i));
            Floats.AssertClose(want[i], weights.Span[i], Bound(terms), $"weight {i} of {want.Length}");
        }
    });

    [Fact]
    public void Momentum_agrees_with_the_reference_at_every_length() => ForEachLength((values, at) =>
    {
        var want = values[0].ToArray();
        var wantSpeed = values[2].ToArray();
        UpdatesReference.Momentum(want, values[1], wantSpeed, Rate, Mu, Decay);
        var weights = new Guarded(values[0], at);
        var speed = new Guarded(values[2], at + 3);
        Updates.Momentum(weights.Span, values[1], speed.Span, Rate, Mu, Decay);
        weights.AssertUntouchedAround();
        speed.AssertUntouchedAround();
        for (var i = 0; i < want.Length; i++)
        {
            var terms = (Mu * Math.Abs(values[2][i])) + SlopeTerms(values, i);
            Floats.AssertClose(wantSpeed[i], speed.Span[i], Bound(terms), $"velocity {i} of {want.Length}");
            Floats.AssertClose(want[i], weights.Span[i], Bound(Math.Abs(values[0][i]) + (Rate * terms)), $"weight {i} of {want.Length}");
        }
    });

    [Fact]
    public void Adam_agrees_with_the_reference_at_every_length() => ForEachLength((values, at) =>
    {
        var squares = values[3].Select(x => x * x).ToArray();
        var want = values[0].ToArray();
        var wantFirst = values[2].ToArray();
        var wantSecond = squares.ToArray();
        UpdatesReference.Adam(want, values[1], wantFirst, wantSecond, Rate, Beta1, Beta2, Epsilon, Decay);
        var weights = new Guarded(values[0], at);
        var first = new Guarded(values[2], at + 3);
        var second = new Guarded(squares, at + 6);
        Updates.Adam(weights.Span, values[1], first.Span, second.Span, Rate, Beta1, Beta2, Epsilon, Decay);
        weights.AssertUntouchedAround();
        first.AssertUntouchedAround();
        second.AssertUntouchedAround();
        for (var i = 0; i < want.Length; i++)
        {
            var slope = SlopeTerms(values, i);
            var firstTerms = (Beta1 * Math.Abs(values[2][i])) + ((1 - Beta1) * slope);
            var secondTerms = (Beta2 * (double)squares[i]) + ((1 - Beta2) * slope * slope);
            Floats.AssertClose(wantFirst[i], first.Span[i], Bound(firstTerms), $"first moment {i} of {want.Length}");
            Floats.AssertClose(wantSecond[i], second.Span[i], 2 * Bound(secondTerms), $"second moment {i} of {want.Length}");

            // w − s·m/(√v + ε): the errors of m and, through the root, of v; then one rounding for each of ×, √, +, ÷, −.
            var root = Math.Sqrt(wantSecond[i]);
            var step = Rate * firstTerms / (root + Epsilon);
            var bound = Bound(Math.Abs(values[0][i]))
                + (step * ((8 * Floats.Unit) + (RootError(wantSecond[i], 2 * Bound(secondTerms)) / (root + Epsilon))))
                + (Rate * Bound(firstTerms) / (root + Epsilon));
            Floats.AssertClose(want[i], weights.Span[i], bound, $"weight {i} of {want.Length}");
        }
    });

    [Fact]
    public void Nan_in_a_gradient_reaches_its_weight_and_no_other()
    {
        var weights = new float[17];
        var gradient = new float[17];
        gradient[3] = float.NaN;
        gradient[16] = float.PositiveInfinity;
        Updates.Adam(weights, gradient, new float[17], new float[17], Rate, Beta1, Beta2, Epsilon, 0);
        for (var i = 0; i < weights.Length; i++)
        {
            Assert.Equal(i is 3 or 16, float.IsNaN(weights[i]));
        }
    }

    [Fact]
    public void Column_sums_equal_the_reference_bit_for_bit_at_every_width()
    {
        foreach (var columns in Floats.Lengths)
        {
            Gen.Select(Gen.Int[0, 6], Gen.Int[0, 5], Gen.Int[0, 7]).SelectMany((rows, gap, offset) =>
                Floats.Any.OfLength(rows * (columns + gap)).Select(a => (rows, gap, offset, a))).Sample(
                (rows, gap, offset, a) =>
                {
                    var want = new float[columns];
                    ColumnSumsReference.Compute(rows, columns, a, columns + gap, want);
                    var sums = new Guarded(new float[columns], offset);
                    ColumnSums.Compute(rows, columns, new Guarded(a, offset + 3).Span, columns + gap, sums.Span);
                    sums.AssertUntouchedAround();
                    Assert.Equal(want, sums.Values);
                }, iter: 5, threads: 1);
        }
    }

    /// <summary>Four roundings, each of which may be of a number below the normal range.</summary>
    private static double Bound(double terms) => (4 * Floats.Unit * terms) + Math.Pow(2, -148);

    /// <summary>|√(v ± dv) − √v| ≤ min(√dv, dv/√v).</summary>
    private static double RootError(double v, double dv) => Math.Min(Math.Sqrt(dv), v == 0 ? double.PositiveInfinity : dv / Math.Sqrt(v));

    private static double SlopeTerms(float[][] values, int i) => Math.Abs(values[1][i]) + (Decay * (double)Math.Abs(values[0][i]));

    private static void ForEachLength(Action<float[][], int> check)
    {
        foreach (var length in Floats.Lengths)
        {
            Gen.Select(Floats.Ordinary.OfLength(length).Array[4], Gen.Int[0, 7]).Sample(check, iter: 5, threads: 1);
        }
    }
}
