namespace TuningCluster.TrialWorker.Kernels.Reference;

/// <summary>Functions <see cref="Math"/> lacks, in double, to nearly its full precision: what the references and their tests measure by.</summary>
public static class ReferenceMath
{
    /// <summary>ln(1 + x), for x > −1: the rounding of 1 + x cancels in the quotient (Goldberg 1991, theorem 4).</summary>
    public static double Log1p(double x)
    {
        var sum = 1 + x;
        return sum == 1 ? x : double.IsPositiveInfinity(sum) ? sum : Math.Log(sum) * (x / (sum - 1));
    }

    /// <summary>e^x − 1: by its series where the difference would cancel.</summary>
    public static double Expm1(double x)
    {
        if (!(Math.Abs(x) < 0.5))
        {
            return Math.Exp(x) - 1;
        }

        var sum = 0.0;
        var term = x;
        for (var k = 2; Math.Abs(term) > 1e-18 * Math.Abs(sum); k++)
        {
            sum += term;
            term *= x / k;
        }

        return sum;
    }

    /// <summary>erf x: 2/√π·e^−x²·Σ 2ᵏx²ᵏ⁺¹/(2k+1)!!, whose terms all have one sign (Abramowitz and Stegun 7.1.6).</summary>
    public static double Erf(double x)
    {
        if (double.IsNaN(x) || Math.Abs(x) > 6)
        {
            return double.IsNaN(x) ? x : Math.Sign(x);
        }

        var sum = 0.0;
        var term = x;
        for (var k = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum); k++)
        {
            sum += term;
            term *= 2 * x * x / ((2 * k) + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    /// <summary>1 / (1 + e^−x).</summary>
    public static double Logistic(double x) => 1 / (1 + Math.Exp(-x));
}
