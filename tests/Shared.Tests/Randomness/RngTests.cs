using TuningCluster.Shared.Randomness;

namespace TuningCluster.Shared.Tests.Randomness;

public sealed class RngTests
{
    /// <summary>The reference implementation of Blackman and Vigna, xoshiro256plusplus.c, from the state {1, 2, 3, 4}.</summary>
    [Fact]
    public void Is_xoshiro256_plus_plus()
    {
        var rng = new Rng([1, 2, 3, 4]);

        ulong[] expected = [41943041, 58720359, 3588806011781223, 3591011842654386, 9228616714210784205];
        Assert.Equal(expected, Enumerable.Range(0, 5).Select(_ => rng.NextBits()));
    }

    /// <summary>Computed apart from this code. Journals depend on it: no release may change it.</summary>
    [Fact]
    public void Stream_of_a_trial_never_changes()
    {
        var rng = Rng.For(42, 0, "suggest");

        ulong[] expected = [14683178229656829697, 15408172612478667283, 7500498834012456751, 12049951676620448916];
        Assert.Equal(expected, Enumerable.Range(0, 4).Select(_ => rng.NextBits()));
    }

    [Fact]
    public void State_goes_on_where_it_was_taken()
    {
        var rng = Rng.For(1, 2, "weights");
        rng.NextBits();
        var copy = new Rng(rng.State);

        Assert.Equal(rng.NextBits(), copy.NextBits());
    }

    [Fact]
    public void Streams_of_trial_purpose_and_seed_differ()
    {
        var first = new[] { Rng.For(42, 0, "suggest"), Rng.For(42, 1, "suggest"), Rng.For(43, 0, "suggest"), Rng.For(42, 0, "weights"), Rng.For(42, -1, "suggest") }
            .Select(r => r.NextBits()).ToArray();

        Assert.Equal(first.Length, first.Distinct().Count());
    }

    /// <summary>256 bins, 100,000 draws: χ² with 255 degrees of freedom is below 340 with probability 0.9997.</summary>
    [Fact]
    public void Doubles_singles_and_whole_numbers_are_uniform()
    {
        var rng = Rng.For(7, 0, "test");

        Assert.InRange(ChiSquare(() => (int)(rng.NextDouble() * 256)), 180, 340);
        Assert.InRange(ChiSquare(() => (int)(rng.NextSingle() * 256)), 180, 340);
        Assert.InRange(ChiSquare(() => rng.NextInt32(256)), 180, 340);
    }

    [Fact]
    public void Bounds_hold()
    {
        var rng = Rng.For(7, 1, "test");
        for (var i = 0; i < 10_000; i++)
        {
            Assert.InRange(rng.NextInt64(3), 0, 2);
            Assert.InRange(rng.NextDouble(), 0, 1 - 1e-16);
            Assert.InRange(rng.NextSingle(), 0, 0.99999997f);
        }

        Assert.Equal(0, rng.NextInt64(1));
        Assert.InRange(rng.NextInt64(long.MaxValue), 0, long.MaxValue - 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => rng.NextInt64(0));
    }

    [Fact]
    public void Normals_have_mean_0_and_variance_1()
    {
        var rng = Rng.For(7, 2, "test");
        var values = Enumerable.Range(0, 100_000).Select(_ => rng.NextNormal()).ToArray();

        Assert.InRange(values.Average(), -0.02, 0.02);
        Assert.InRange(values.Average(v => v * v), 0.98, 1.02);
    }

    [Fact]
    public void Shuffle_is_a_permutation_and_every_one_is_as_likely()
    {
        var rng = Rng.For(7, 3, "test");
        var counts = new Dictionary<string, int>();
        for (var i = 0; i < 24_000; i++)
        {
            int[] items = [0, 1, 2, 3];
            rng.Shuffle<int>(items);
            Assert.Equal([0, 1, 2, 3], items.Order());
            counts[string.Join(',', items)] = counts.GetValueOrDefault(string.Join(',', items)) + 1;
        }

        Assert.Equal(24, counts.Count);
        Assert.InRange(counts.Values.Sum(c => (c - 1000.0) * (c - 1000.0) / 1000), 5, 55);
    }

    [Fact]
    public void A_state_of_zeros_is_refused() => Assert.Throws<ArgumentException>(() => new Rng([0, 0, 0, 0]));

    private static double ChiSquare(Func<int> draw)
    {
        var counts = new int[256];
        for (var i = 0; i < 100_000; i++)
        {
            counts[draw()]++;
        }

        const double expected = 100_000 / 256.0;
        return counts.Sum(c => (c - expected) * (c - expected) / expected);
    }
}
