namespace TuningCluster.Coordinator.Search.Bayesian;

/// <summary>Of the kernel s·m(r), r² = Σ w_d·(…)², m the Matérn function of smoothness 5/2, and of the noise.</summary>
/// <param name="Weights">w_d = 1/ℓ_d², by dimension of the space; &gt; 0.</param>
/// <param name="Scale">s: the variance of the function, in units of the standardized output; &gt; 0.</param>
/// <param name="Noise">Variance of the noise, in the same unit; &gt; 0.</param>
internal sealed record Hyperparameters(double[] Weights, double Scale, double Noise)
{
    /// <summary>Logarithms: weights, scale, noise. Shape [dimensions + 2].</summary>
    public double[] ToLog() => [.. Weights.Select(w => Math.Log(w)), Math.Log(Scale), Math.Log(Noise)];

    public static Hyperparameters FromLog(ReadOnlySpan<double> log)
    {
        var weights = new double[log.Length - 2];
        for (var d = 0; d < weights.Length; d++)
        {
            weights[d] = Math.Exp(log[d]);
        }

        return new Hyperparameters(weights, Math.Exp(log[^2]), Math.Exp(log[^1]));
    }
}
