using CsCheck;

namespace TuningCluster.TrialWorker.Tests.Kernels;

/// <summary>Numbers to try kernels on, and how results are compared.</summary>
internal static class Floats
{
    /// <summary>The unit roundoff u of a float: half the distance from 1 to its neighbour.</summary>
    public const double Unit = 1.0 / (1 << 24);

    public static readonly float[] Specials = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f, 0f, float.Epsilon, -1e-30f, 1e30f, 1e4f, -1e4f];

    /// <summary>Every length around the boundaries of lanes (8) and tiles (16, 32), and a few beyond.</summary>
    public static IEnumerable<int> Lengths => Enumerable.Range(0, 70).Concat([127, 128, 129, 255, 256, 257]);

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
}
