namespace TuningCluster.Coordinator.Search.Cmaes;

/// <summary>Where CMA-ES begins when trials from before the study are known (Nomura et al. 2021, "Warm starting CMA-ES for hyperparameter optimization", AAAI; arXiv:2012.06932).</summary>
/// <remarks>
/// The normal distribution nearest, by Kullback and Leibler, to a mixture of small ones about the best trials x₁ … x_k (eq. 8 and 9): m = mean of x, Σ = α²·I + covariance of x, of which
/// σ = det(Σ)^(1/2n) and C = Σ/σ². With the paper's α = 0.1 of each range and the best tenth (γ = 0.1).
/// </remarks>
internal static class WarmDistribution
{
    private const double Alpha = 0.1;
    private const double Gamma = 0.1;

    /// <returns>Null when none of the trials has a finite loss.</returns>
    public static CmaesDistribution? Of(IReadOnlyList<Observation> prior, CmaesCoordinates coordinates, CmaesWeights weights, bool adaptRates)
    {
        var finite = prior.Where(o => double.IsFinite(o.Loss)).Order(ByRank.Instance).ToList();
        if (finite.Count == 0)
        {
            return null;
        }

        var n = coordinates.Count;
        var best = finite.Take((int)Math.Ceiling(Gamma * finite.Count)).Select(o => Vector(o, coordinates)).ToList();
        var mean = new double[n];
        foreach (var x in best)
        {
            for (var i = 0; i < n; i++)
            {
                mean[i] += x[i] / best.Count;
            }
        }

        var covariance = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = best.Sum(x => (x[i] - mean[i]) * (x[j] - mean[j])) / best.Count;
                covariance[(i * n) + j] = covariance[(j * n) + i] = sum + (i == j ? Alpha * Alpha : 0);
            }
        }

        var (eigenvalues, vectors) = (new double[n], new double[n * n]);
        new SymmetricEigen(n).Decompose(covariance, eigenvalues, vectors);
        var variance = Math.Exp(eigenvalues.Average(Math.Log));
        return new CmaesDistribution(weights, mean, Math.Sqrt(variance), [.. covariance.Select(c => c / variance)], adaptRates);
    }

    /// <summary>What is not active stands in the middle.</summary>
    private static double[] Vector(Observation trial, CmaesCoordinates coordinates)
    {
        var (middle, x) = (new double[coordinates.Count], new double[coordinates.Count]);
        Array.Fill(middle, 0.5);
        coordinates.ToVector(trial.Point, middle, x);
        return x;
    }
}
