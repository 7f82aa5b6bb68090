using System.Runtime.Intrinsics;
using CsCheck;

namespace TuningCluster.TrialWorker.Tests.Kernels;

/// <summary>Numbers to try kernels on, and how results are compared.</summary>
internal static class Floats
{
    /// <summary>The unit roundoff u of a float: half the distance from 1 to its neighbour.</summary>
    public const double Unit = 1.0 / (1 << 24);

    public static readonly float[] Specials = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f, 0f, float.Epsilon, -1e-30f, 1e30f, 1e4f, -1e4f];

    /// <summary>Under the switches that take vector instructions away a vector is eight calls: fewer rounds and coarser steps do there.</summary>
    public static readonly bool IsSoftware = !Vector256.IsHardwareAccelerated;

    /// <summary>How often a property is tried at each length.</summary>
    public static int Rounds => IsSoftware ? 2 : 5;

    /// <summary>Every length around the boundaries of lanes (8) and tiles (16, 32), and a few beyond.</summary>
    public static IEnumerable<int> Lengths =>
        IsSoftware ? Enumerable.Range(0, 34).Concat([63, 64, 65]) : Enumerable.Range(0, 70).Concat([127, 128, 129, 255, 256, 257]);

    public static readonly Gen<float> Ordinary = Gen.Double[-4, 4].Select(x => (float)x);

    public static readonly Gen<float> Any = Gen.Frequency((6, Ordinary), (1, Gen.Int[0, Specials.Length - 1].Select(i => Specials[i])));

    public static Gen<float[]> OfLength(this Gen<float> gen, int length) => gen.Array[length];

    /// <summary>Higham's γ(n) in units of the float's roundoff.</summary>
    public static double Gamma(double n) => n * Unit / (1 - (n * Unit));

    /// <summary>Both NaN, the same infinity, or apart by no more than the bound.</summary>
    public static void AssertClose(double expected, double actual, double bound, string where)
    {
        var same = double.IsNaN(expected) ? double.IsNaN(actual)
            : double.IsInfinity(expected) ? expected.Equals(actual)
            : Math.Abs(expected - actual) <= bound;
        Assert.True(same, FormattableString.Invariant($"{where}: expected {expected:R}, got {actual:R}, allowed {bound:R}"));
    }

    /// <summary>The same bits, or both NaN: which NaN is the machine's affair.</summary>
    public static bool AreSame(float x, float y) =>
        BitConverter.SingleToInt32Bits(x) == BitConverter.SingleToInt32Bits(y) || (float.IsNaN(x) && float.IsNaN(y));

    /// <summary>Asserts <see cref="AreSame"/> of all.</summary>
    public static void AssertSame(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string where)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            if (!AreSame(expected[i], actual[i]))
            {
                Assert.Fail(FormattableString.Invariant($"{where}, {i}: expected {expected[i]:R}, got {actual[i]:R}"));
            }
        }
    }

    /// <summary>Tries a function on about a million floats: a step prime to powers of two visits every exponent with ever other
    /// mantissas.</summary>
    /// <param name="function">Gives y for x; called with thousands at a time.</param>
    /// <param name="truth">The same in double.</param>
    /// <param name="bound">How far y may be from the truth, of x and the truth.</param>
    public static void ForEveryExponent(Map function, Func<double, double> truth, Func<double, double, double> bound)
    {
        var step = IsSoftware ? 65_537 : 4099;
        var x = new float[4096];
        var y = new float[4096];
        for (long bits = 0; bits < 1L << 32;)
        {
            var count = 0;
            for (; count < x.Length && bits < 1L << 32; bits += step)
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
                want = Math.Abs(want) > float.MaxValue ? double.PositiveInfinity * want : want;
                if (!(Math.Abs(y[i] - want) <= bound(x[i], want)))
                {
                    // Only what looks wrong is worth a message.
                    AssertClose(want, y[i], bound(x[i], want), FormattableString.Invariant($"of {x[i]:R}"));
                }
            }
        }
    }

    public delegate void Map(ReadOnlySpan<float> x, Span<float> y);
}
