namespace TuningCluster.Coordinator.Search.Bayesian;

/// <summary>The chance that a trial does not diverge: the share of those that did not, weighted by the kernel, with a prior for it.</summary>
/// <remarks>A kernel classifier (Nadaraya and Watson): p(x) = (c + Σ_ok k(x, xᵢ)) / (c + Σ k(x, xᵢ)), c = <see cref="Prior"/>.</remarks>
internal sealed class Feasibility(PointColumns points, bool[] diverged, Hyperparameters of)
{
    private const double Prior = 0.2;

    private readonly double[] _k = new double[diverged.Length];
    private readonly double[] _slope = new double[diverged.Length];

    /// <param name="z">Features of the point.</param>
    /// <param name="gradient">The gradient by the features is added; empty when it is not wanted.</param>
    public double LogProbability(ReadOnlySpan<double> z, Span<double> gradient)
    {
        points.SquaredDistances(z, of.Weights, _k);
        Matern.KernelAndSlope(_k, _slope, 1);
        var (fine, all) = (Prior, Prior);
        for (var i = 0; i < _k.Length; i++)
        {
            all += _k[i];
            fine += diverged[i] ? 0 : _k[i];
        }

        for (var f = 0; f < gradient.Length; f++)
        {
            var column = points[f];
            var (byFine, byAll) = (0.0, 0.0);
            for (var i = 0; i < _k.Length; i++)
            {
                var own = _slope[i] * (z[f] - column[i]);
                byAll += own;
                byFine += diverged[i] ? 0 : own;
            }

            gradient[f] += 2 * of.Weights[points.Map.DimensionOf[f]] * ((byFine / fine) - (byAll / all));
        }

        return Math.Log(fine / all);
    }
}
