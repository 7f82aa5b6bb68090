using System.Runtime.Intrinsics;
using TuningCluster.TrialWorker.Kernels;
using TuningCluster.TrialWorker.Kernels.Reference;

namespace TuningCluster.TrialWorker.Tests.Kernels;

public class VectorMathTests
{
    private const double Ulp = ActivationCase.Ulp;

    private delegate Vector256<float> Function(Vector256<float> x);

    [Fact]
    public void Exp_is_as_accurate_as_stated() =>
        Check(VectorMath.Exp, x => Math.Exp(Math.Clamp(x, -87, 87)), y => 2 * Ulp * y);

    [Fact]
    public void Expm1_is_as_accurate_as_stated() =>
        Check(VectorMath.Expm1, x => ReferenceMath.Expm1(Math.Clamp(x, -87, 87)), y => (2 * Ulp * Math.Abs(y)) + 1e-44);

    [Fact]
    public void Log_is_as_accurate_as_stated() =>
        Check(VectorMath.Log, x => float.IsNormal((float)x) && x > 0 ? Math.Log(x) : double.NaN, y => 2 * Ulp * Math.Abs(y));

    [Fact]
    public void Log1p_is_as_accurate_as_stated() =>
        Check(VectorMath.Log1p, x => x is >= 0 and <= 1 ? ReferenceMath.Log1p(x) : double.NaN, y => (2 * Ulp * y) + 1e-44);

    [Fact]
    public void Erf_is_as_accurate_as_stated() =>
        Check(VectorMath.Erf, ReferenceMath.Erf, y => (2 * Ulp * Math.Abs(y)) + 1e-44);

    [Fact]
    public void Erf_agrees_with_the_tables()
    {
        Assert.Equal(0.5204998778130465, ReferenceMath.Erf(0.5), 1e-15);
        Assert.Equal(0.8427007929497149, ReferenceMath.Erf(1), 1e-15);
        Assert.Equal(-0.9953222650189527, ReferenceMath.Erf(-2), 1e-15);
        var y = VectorMath.Erf(Vector256.Create(4f, -4, 100, float.PositiveInfinity, float.NegativeInfinity, 0, -0f, -1e30f));
        Assert.Equal(Vector256.Create(1f, -1, 1, 1, -1, 0, 0, -1), y);
        Assert.True(float.IsNegative(y[6]));
    }

    [Fact]
    public void Results_stay_in_the_normal_range()
    {
        var ends = Vector256.Create(-1e4f, 1e4f, float.NegativeInfinity, float.PositiveInfinity, -87, 87, -500, 500);
        for (var i = 0; i < 8; i++)
        {
            Assert.True(float.IsNormal(VectorMath.Exp(ends)[i]));
            Assert.True(float.IsNormal(VectorMath.Logistic(ends)[i]));
            Assert.True(float.IsNormal(VectorMath.Log1p(VectorMath.Exp(-Vector256.Abs(ends)))[i]));
        }
    }

    [Fact]
    public void Nan_stays_nan()
    {
        Function[] all =
        [
            VectorMath.Exp, VectorMath.Expm1, VectorMath.Logistic, VectorMath.Tanh, VectorMath.Log, VectorMath.Log1p, VectorMath.Erf,
        ];
        foreach (var function in all)
        {
            var y = function(Vector256.Create(1, float.NaN, 1, 1, 1, 1, 1, -float.NaN));
            for (var i = 0; i < 8; i++)
            {
                Assert.Equal(i is 1 or 7, float.IsNaN(y[i]));
            }
        }

        Assert.Equal(float.PositiveInfinity, VectorMath.Log(Vector256.Create(float.PositiveInfinity))[0]);
    }

    /// <summary>Where the truth is NaN the function promises nothing.</summary>
    private static void Check(Function function, Func<double, double> truth, Func<double, double> bound) => Floats.ForEveryExponent(
        (x, y) =>
        {
            Span<float> lanes = stackalloc float[8];
            for (var i = 0; i < x.Length; i += 8)
            {
                lanes.Fill(1);
                var count = Math.Min(8, x.Length - i);
                x.Slice(i, count).CopyTo(lanes);
                function(Vector256.Create<float>(lanes)).CopyTo(lanes);
                for (var q = 0; q < count; q++)
                {
                    y[i + q] = double.IsNaN(truth(x[i + q])) ? float.NaN : lanes[q];
                }
            }
        }, truth, (_, y) => bound(y));
}
