using CsCheck;
using TuningCluster.Shared.Randomness;
using TuningCluster.TrialWorker.Kernels;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Tests.Kernels;

public class DropoutTests
{
    [Fact]
    public void Mask_equals_the_reference_bit_for_bit_and_draws_a_number_for_two_elements()
    {
        foreach (var length in Floats.Lengths)
        {
            foreach (var keep in new[] { 1f, 0.9f, 0.5f, 1e-3f })
            {
                var rng = Rng.For(length, 1, "dropout");
                var other = Rng.For(length, 1, "dropout");
                var third = Rng.For(length, 1, "dropout");
                var want = new float[length];
                DropoutReference.Mask(want, keep, other);
                var mask = new Guarded(new float[length], length % 5);
                Dropout.Mask(mask.Span, keep, rng);
                mask.AssertUntouchedAround();
                Assert.Equal(want, mask.Values);
                for (var i = 0; i < (length + 1) / 2; i++)
                {
                    third.NextBits();
                }

                Assert.Equal(third.State, rng.State);
            }
        }
    }

    [Theory]
    [InlineData(0.5f)]
    [InlineData(0.8f)]
    public void Keeps_as_many_as_asked_for_and_the_mean(float keep)
    {
        var mask = new float[100_000];
        Dropout.Mask(mask, keep, Rng.For(7, 0, "dropout"));

        // Five standard deviations.
        Assert.Equal(keep, mask.Count(m => m != 0) / 1e5, 5 * Math.Sqrt(keep * (1 - keep) / 1e5));
        Assert.All(mask, m => Assert.True(m == 0 || m == 1 / keep));
    }

    [Fact]
    public void Keeps_everything_at_one()
    {
        var mask = new float[1001];
        Dropout.Mask(mask, 1, Rng.For(7, 0, "dropout"));
        Assert.All(mask, m => Assert.Equal(1, m));
    }

    [Fact]
    public void Apply_equals_the_reference_bit_for_bit_at_every_length()
    {
        foreach (var length in Floats.Lengths)
        {
            Gen.Select(Floats.Any.OfLength(length), Floats.Any.OfLength(length), Gen.Int[0, 7]).Sample(
                (mask, x, at) =>
                {
                    var want = x.ToArray();
                    DropoutReference.Apply(mask, want);
                    var values = new Guarded(x, at);
                    Dropout.Apply(new Guarded(mask, at + 3).Span, values.Span);
                    values.AssertUntouchedAround();
                    Assert.Equal(want, values.Values);
                }, iter: Floats.Rounds, threads: 1);
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-0.5f)]
    [InlineData(1.1f)]
    [InlineData(float.NaN)]
    public void Refuses_a_probability_that_is_none(float keep) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Dropout.Mask(new float[1], keep, Rng.For(1, 1, "dropout")));
}
