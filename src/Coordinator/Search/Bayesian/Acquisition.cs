namespace TuningCluster.Coordinator.Search.Bayesian;

/// <summary>What a point promises: ln of the expected improvement, averaged over the models, plus ln of the chance that a trial there does not diverge.</summary>
internal sealed class Acquisition
{
    private readonly GaussianProcess[] _models;
    private readonly double[] _best;
    private readonly Feasibility? _feasibility;
    private readonly double[] _meanSlope;
    private readonly double[] _varianceSlope;
    private readonly double[] _scratch;

    /// <param name="models">One a set of hyperparameters, pending trials added.</param>
    /// <param name="best">The incumbent's output in each model.</param>
    /// <param name="map">Of the points.</param>
    /// <param name="feasibility">Null when nothing has diverged.</param>
    public Acquisition(GaussianProcess[] models, double[] best, FeatureMap map, Feasibility? feasibility)
    {
        (_models, _best, _feasibility) = (models, best, feasibility);
        (_meanSlope, _varianceSlope) = (new double[map.Count], new double[map.Count]);
        _scratch = new double[models.Max(m => m.Count) * CholeskyFactor.Block];
    }

    /// <summary>Of a block of points.</summary>
    /// <param name="z">Shape [<see cref="CholeskyFactor.Block"/>, features].</param>
    /// <param name="values">Shape [<see cref="CholeskyFactor.Block"/>].</param>
    public void EvaluateBlock(ReadOnlySpan<double> z, Span<double> values)
    {
        const int block = CholeskyFactor.Block;
        Span<double> means = stackalloc double[block], variances = stackalloc double[block], best = stackalloc double[block];
        best.Fill(double.NegativeInfinity);
        for (var m = 0; m < _models.Length; m++)
        {
            _models[m].PredictBlock(z, means, variances, _scratch);
            for (var c = 0; c < block; c++)
            {
                var deviation = Math.Sqrt(variances[c]);
                var value = Math.Log(deviation) + LogExpectedImprovement.LogH((_best[m] - means[c]) / deviation);
                best[c] = m == 0 ? value : LogSum(best[c], value);
            }
        }

        for (var c = 0; c < block; c++)
        {
            values[c] = best[c] + (_feasibility?.LogProbability(z.Slice(c * _meanSlope.Length, _meanSlope.Length), default) ?? 0);
        }
    }

    /// <summary>The value and its gradient by the features.</summary>
    public double Evaluate(ReadOnlySpan<double> z, Span<double> gradient)
    {
        gradient.Clear();
        var total = double.NegativeInfinity;
        for (var m = 0; m < _models.Length; m++)
        {
            var (mean, variance) = _models[m].Predict(z, _meanSlope, _varianceSlope);
            var deviation = Math.Sqrt(variance);
            var (value, byMean, byDeviation) = LogExpectedImprovement.Of(_best[m], mean, deviation);
            var sum = LogSum(total, value);
            // d ln Σ exp(vₘ) = Σ exp(vₘ − ln Σ)·dvₘ.
            var (keep, share) = (double.IsNegativeInfinity(total) ? 0 : Math.Exp(total - sum), Math.Exp(value - sum));
            for (var f = 0; f < gradient.Length; f++)
            {
                var own = (byMean * _meanSlope[f]) + (byDeviation * _varianceSlope[f] / (2 * deviation));
                gradient[f] = (keep * gradient[f]) + (share * own);
            }

            total = sum;
        }

        return total + (_feasibility?.LogProbability(z, gradient) ?? 0);
    }

    private static double LogSum(double a, double b)
    {
        var (high, low) = a > b ? (a, b) : (b, a);
        return double.IsNegativeInfinity(low) ? high : high + Math.Log(1 + Math.Exp(low - high));
    }
}
