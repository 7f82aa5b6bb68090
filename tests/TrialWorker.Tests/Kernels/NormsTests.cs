using CsCheck;
using TuningCluster.TrialWorker.Kernels;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Tests.Kernels;

public class NormsTests
{
    [Fact]
    public void Sum_of_squares_agrees_with_the_reference_at_every_length() => ForEachLength((x, at) =>
    {
        var want = NormsReference.SumOfSquares(x);
        Floats.AssertClose(want, Norms.SumOfSquares(new Guarded(x, at).Span), x.Length * Math.Pow(2, -52) * want, $"length {x.Length}");
    });

    [Fact]
    public void Scale_equals_the_reference_bit_for_bit_at_every_length() => ForEachLength((x, at) =>
    {
        var want = x.ToArray();
        NormsReference.Scale(want, 0.37f);
        var values = new Guarded(x, at);
        Norms.Scale(values.Span, 0.37f);
        values.AssertUntouchedAround();
        Assert.Equal(want, values.Values);
    });

    [Fact]
    public void Clip_equals_the_reference_bit_for_bit_at_every_length() => ForEachLength((x, at) =>
    {
        var want = x.ToArray();
        NormsReference.Clip(want, 1.5f);
        var values = new Guarded(x, at);
        Norms.Clip(values.Span, 1.5f);
        values.AssertUntouchedAround();
        Assert.Equal(want, values.Values);
    });

    [Fact]
    public void Clip_keeps_nan_and_brings_infinity_to_the_limit()
    {
        float[] x = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1, 2, 3, 4, 5, float.NaN];
        Norms.Clip(x, 2);
        Assert.Equal([float.NaN, 2, -2, 1, 2, 2, 2, 2, float.NaN], x);
        Assert.Throws<ArgumentOutOfRangeException>(() => Norms.Clip(x, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Norms.Clip(x, float.NaN));
    }

    [Fact]
    public void Squares_neither_overflow_nor_vanish() => Assert.Equal(2e60, Norms.SumOfSquares([1e30f, -1e30f, 1e-30f]), 1e54);

    private static void ForEachLength(Action<float[], int> check)
    {
        foreach (var length in Floats.Lengths)
        {
            Gen.Select(Floats.Any.OfLength(length), Gen.Int[0, 7]).Sample(check, iter: Floats.Rounds, threads: 1);
        }
    }
}
