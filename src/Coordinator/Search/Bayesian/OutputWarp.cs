using MathNet.Numerics.Statistics;

namespace TuningCluster.Coordinator.Search.Bayesian;

/// <summary>Losses as the outputs of a Gaussian process: drawn in where a few are far from the others, mean 0, variance 1; diverged trials as the worst.</summary>
/// <remarks>The power transform of Yeo and Johnson (2000) with the λ that makes the outputs most like a normal sample (maximum likelihood); it keeps the
/// order, so that the least loss stays the least output.</remarks>
internal sealed class OutputWarp
{
    /// <summary>From the logarithm of what is above the median …</summary>
    private const double LeastLambda = 0;

    /// <summary>… to no transform at all.</summary>
    private const double MostLambda = 1;

    private readonly double _median;
    private readonly double _spread;
    private readonly double _lambda;
    private readonly double _mean;
    private readonly double _deviation;

    /// <param name="losses">Finite, or +∞ for a diverged trial.</param>
    /// <param name="limit">Of a constraint the loss up to which it is fulfilled: what is +∞ is then at least a deviation above it.</param>
    public OutputWarp(IReadOnlyList<double> losses, double? limit = null)
    {
        var finite = losses.Where(double.IsFinite).ToArray();
        Outputs = new double[losses.Count];
        if (finite.Length == 0)
        {
            (_spread, _lambda, _mean, _deviation) = (1, 1, limit + 1 ?? 0, 1);
            return;
        }

        _median = finite.Median();
        _spread = finite.Select(l => Math.Abs(l - _median)).Median();
        var (low, high) = (finite.Min(), finite.Max());
        _spread = _spread > 0 ? _spread : high > low ? high - low : 1;
        var scaled = finite.Select(l => (l - _median) / _spread).ToArray();
        _lambda = finite.Length >= 5 && high > low ? BestLambda(scaled) : 1;
        var warped = scaled.Select(v => Transform(v, _lambda)).ToArray();
        _mean = warped.Average();
        _deviation = Math.Sqrt(warped.Average(v => (v - _mean) * (v - _mean)));
        _deviation = _deviation > 0 && double.IsFinite(_deviation) ? _deviation : 1;
        var worst = (warped.Max() - _mean) / _deviation;
        worst = limit is { } fulfilled ? Math.Max(worst, Of(fulfilled) + 1) : worst;
        for (int i = 0, k = 0; i < Outputs.Length; i++)
        {
            Outputs[i] = double.IsFinite(losses[i]) ? (warped[k++] - _mean) / _deviation : worst;
        }
    }

    /// <summary>Of the losses. Shape [losses].</summary>
    public double[] Outputs { get; }

    /// <summary>What another loss would be.</summary>
    /// <param name="loss">Finite.</param>
    public double Of(double loss) => (Transform((loss - _median) / _spread, _lambda) - _mean) / _deviation;

    /// <summary>Golden section over the profile likelihood.</summary>
    private static double BestLambda(double[] values)
    {
        const double golden = 0.6180339887498949;
        var (low, high) = (LeastLambda, MostLambda);
        var (a, b) = (high - (golden * (high - low)), low + (golden * (high - low)));
        var (atA, atB) = (Unlikeliness(values, a), Unlikeliness(values, b));
        for (var i = 0; i < 20; i++)
        {
            if (atA < atB)
            {
                (high, b, atB) = (b, a, atA);
                a = high - (golden * (high - low));
                atA = Unlikeliness(values, a);
            }
            else
            {
                (low, a, atA) = (a, b, atB);
                b = low + (golden * (high - low));
                atB = Unlikeliness(values, b);
            }
        }

        return 0.5 * (low + high);
    }

    /// <summary>−2/n · ln of the profile likelihood.</summary>
    private static double Unlikeliness(double[] values, double lambda)
    {
        double sum = 0, squares = 0, jacobian = 0;
        foreach (var value in values)
        {
            var warped = Transform(value, lambda);
            sum += warped;
            squares += warped * warped;
            jacobian += Math.Sign(value) * Math.Log(1 + Math.Abs(value));
        }

        var mean = sum / values.Length;
        return Math.Log(Math.Max(1e-300, (squares / values.Length) - (mean * mean))) - (2 * (lambda - 1) * jacobian / values.Length);
    }

    private static double Transform(double value, double lambda) => value >= 0
        ? Math.Abs(lambda) < 1e-8 ? Math.Log(1 + value) : (Math.Pow(1 + value, lambda) - 1) / lambda
        : Math.Abs(lambda - 2) < 1e-8 ? -Math.Log(1 - value) : -(Math.Pow(1 - value, 2 - lambda) - 1) / (2 - lambda);
}
