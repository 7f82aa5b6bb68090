namespace TuningCluster.Coordinator.Search.Bayesian;

/// <summary>The models of one set of hyperparameters, pending trials added, and what they say of a point.</summary>
/// <param name="Objectives">One an objective.</param>
/// <param name="Improvement">Over the feasible trials; null when there is none yet, so that feasibility is all there is to gain.</param>
/// <param name="Constraints">One a constraint on a metric.</param>
/// <param name="Limits">Of each constraint the output up to which it is fulfilled.</param>
internal sealed record AcquisitionModels(GaussianProcess[] Objectives, Improvement? Improvement, GaussianProcess[] Constraints, double[] Limits)
{
    /// <summary>Whether every constraint is rather fulfilled than not.</summary>
    /// <param name="z">Features of the point.</param>
    public bool ExpectsFeasible(ReadOnlySpan<double> z)
    {
        for (var c = 0; c < Constraints.Length; c++)
        {
            if (Constraints[c].Mean(z) > Limits[c])
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>What a point promises: ln of the expected improvement times the chance that the constraints are fulfilled (Gardner et al. 2014, ICML), averaged over the models, plus ln of the chance
/// that a trial there does not diverge.</summary>
internal sealed class Acquisition
{
    private readonly AcquisitionModels[] _models;
    private readonly Feasibility? _feasibility;
    private readonly int _features;
    private readonly double[] _means;
    private readonly double[] _variances;
    private readonly double[] _own;
    private readonly double[] _meanSlope;
    private readonly double[] _varianceSlope;
    private readonly double[] _scratch;

    /// <param name="models">One a set of hyperparameters.</param>
    /// <param name="map">Of the points.</param>
    /// <param name="feasibility">Null when nothing has diverged.</param>
    public Acquisition(AcquisitionModels[] models, FeatureMap map, Feasibility? feasibility)
    {
        (_models, _feasibility, _features) = (models, feasibility, map.Count);
        var (objectives, constraints) = (models[0].Objectives.Length, models[0].Constraints.Length);
        (_means, _variances) = (new double[objectives * CholeskyFactor.Block], new double[objectives * CholeskyFactor.Block]);
        _own = new double[map.Count];
        (_meanSlope, _varianceSlope) = (new double[objectives * map.Count], new double[objectives * map.Count]);
        var most = models.Max(m => m.Objectives.Concat(m.Constraints).Max(g => g.Count));
        _scratch = new double[most * CholeskyFactor.Block];
        Cost = (int)(most * models.Length * Math.Sqrt(objectives + constraints));
    }

    /// <summary>As many trials in one model would take about as long.</summary>
    public int Cost { get; }

    /// <summary>Of a block of points.</summary>
    /// <param name="z">Shape [<see cref="CholeskyFactor.Block"/>, features].</param>
    /// <param name="values">Shape [<see cref="CholeskyFactor.Block"/>].</param>
    public void EvaluateBlock(ReadOnlySpan<double> z, Span<double> values)
    {
        const int block = CholeskyFactor.Block;
        Span<double> own = stackalloc double[block];
        values[..block].Fill(double.NegativeInfinity);
        for (var m = 0; m < _models.Length; m++)
        {
            EvaluateBlock(_models[m], z, own);
            for (var c = 0; c < block; c++)
            {
                values[c] = m == 0 ? own[c] : LogSum(values[c], own[c]);
            }
        }

        for (var c = 0; c < block; c++)
        {
            values[c] += _feasibility?.LogProbability(z.Slice(c * _features, _features), default) ?? 0;
        }
    }

    private void EvaluateBlock(AcquisitionModels models, ReadOnlySpan<double> z, Span<double> values)
    {
        const int block = CholeskyFactor.Block;
        var objectives = models.Objectives.Length;
        values.Clear();
        if (models.Improvement is { } improvement)
        {
            for (var o = 0; o < objectives; o++)
            {
                models.Objectives[o].PredictBlock(z, _means.AsSpan(o * block, block), _variances.AsSpan(o * block, block), _scratch);
            }

            Span<double> means = stackalloc double[objectives], deviations = stackalloc double[objectives];
            for (var c = 0; c < block; c++)
            {
                for (var o = 0; o < objectives; o++)
                {
                    (means[o], deviations[o]) = (_means[(o * block) + c], Math.Sqrt(_variances[(o * block) + c]));
                }

                values[c] = improvement.Value(means, deviations);
            }
        }

        for (var k = 0; k < models.Constraints.Length; k++)
        {
            models.Constraints[k].PredictBlock(z, _means, _variances, _scratch);
            for (var c = 0; c < block; c++)
            {
                values[c] += LogExpectedImprovement.LogProbability((models.Limits[k] - _means[c]) / Math.Sqrt(_variances[c]));
            }
        }
    }

    /// <summary>The value and its gradient by the features.</summary>
    public double Evaluate(ReadOnlySpan<double> z, Span<double> gradient)
    {
        gradient.Clear();
        var total = double.NegativeInfinity;
        foreach (var models in _models)
        {
            var value = EvaluateOwn(models, z);
            var sum = LogSum(total, value);
            // d ln Σ exp(vₘ) = Σ exp(vₘ − ln Σ)·dvₘ.
            var (keep, share) = (double.IsNegativeInfinity(total) ? 0 : Math.Exp(total - sum), Math.Exp(value - sum));
            for (var f = 0; f < gradient.Length; f++)
            {
                gradient[f] = (keep * gradient[f]) + (share * _own[f]);
            }

            total = sum;
        }

        return total + (_feasibility?.LogProbability(z, gradient) ?? 0);
    }

    /// <summary>Of one set of hyperparameters; the gradient in <see cref="_own"/>.</summary>
    private double EvaluateOwn(AcquisitionModels models, ReadOnlySpan<double> z)
    {
        var objectives = models.Objectives.Length;
        var value = 0.0;
        Array.Clear(_own);
        if (models.Improvement is { } improvement)
        {
            Span<double> means = stackalloc double[objectives], deviations = stackalloc double[objectives];
            Span<double> byMean = stackalloc double[objectives], byDeviation = stackalloc double[objectives];
            for (var o = 0; o < objectives; o++)
            {
                (means[o], var variance) = models.Objectives[o].Predict(z, _meanSlope.AsSpan(o * _features, _features), _varianceSlope.AsSpan(o * _features, _features));
                deviations[o] = Math.Sqrt(variance);
            }

            value = improvement.Evaluate(means, deviations, byMean, byDeviation);
            for (var o = 0; o < objectives; o++)
            {
                AddSlopes(byMean[o], byDeviation[o], deviations[o], o);
            }
        }

        for (var k = 0; k < models.Constraints.Length; k++)
        {
            var (mean, variance) = models.Constraints[k].Predict(z, _meanSlope.AsSpan(0, _features), _varianceSlope.AsSpan(0, _features));
            var deviation = Math.Sqrt(variance);
            var away = (models.Limits[k] - mean) / deviation;
            var log = LogExpectedImprovement.LogProbability(away);
            // d ln Φ(z) = φ/Φ·dz; a difference of logarithms, finite where both underflow.
            var ratio = Math.Exp(LogExpectedImprovement.LogDensity(away) - log) / deviation;
            value += log;
            AddSlopes(-ratio, -away * ratio, deviation, 0);
        }

        return value;
    }

    private void AddSlopes(double byMean, double byDeviation, double deviation, int place)
    {
        for (int f = 0, at = place * _features; f < _features; f++, at++)
        {
            _own[f] += (byMean * _meanSlope[at]) + (byDeviation * _varianceSlope[at] / (2 * deviation));
        }
    }

    private static double LogSum(double a, double b)
    {
        var (high, low) = a > b ? (a, b) : (b, a);
        return double.IsNegativeInfinity(low) ? high : high + Math.Log(1 + Math.Exp(low - high));
    }
}
