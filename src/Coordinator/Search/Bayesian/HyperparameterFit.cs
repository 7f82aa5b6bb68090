using TuningCluster.Shared.Randomness;

namespace TuningCluster.Coordinator.Search.Bayesian;

/// <summary>Hyperparameters for given trials: the most probable ones, or a sample of their posterior.</summary>
internal static class HyperparameterFit
{
    private const int Evaluations = 40;
    private const double Tolerance = 1e-3;
    private const double FirstStep = 1.5;

    private const int Samples = 8;
    private const int Warmup = 80;
    private const int Thinning = 12;

    /// <summary>The proposals' acceptance that random-walk Metropolis is best at in several dimensions (Roberts, Gelman and Gilks 1997).</summary>
    private const double Acceptance = 0.234;

    /// <summary>Maximum a posteriori by L-BFGS from the priors' means.</summary>
    public static Hyperparameters MostProbable(MarginalLikelihood likelihood)
    {
        var log = likelihood.Start();
        var (low, high) = likelihood.Bounds();
        Lbfgs.Minimize(likelihood.Value, log, low, high, Evaluations, Tolerance, FirstStep);
        return Hyperparameters.FromLog(log);
    }

    /// <summary>Samples of the posterior by random-walk Metropolis from the most probable ones (Murray and Adams 2010 say why to average over them).</summary>
    /// <param name="rng">Of the trials' number, not of a suggestion.</param>
    public static Hyperparameters[] Sample(MarginalLikelihood likelihood, Rng rng)
    {
        var at = MostProbable(likelihood).ToLog();
        var (low, high) = likelihood.Bounds();
        var energy = likelihood.Value(at, default);
        var scale = 0.5 / Math.Sqrt(at.Length);
        var next = new double[at.Length];
        var samples = new List<Hyperparameters>(Samples);
        for (var step = 1; samples.Count < Samples; step++)
        {
            for (var i = 0; i < at.Length; i++)
            {
                next[i] = at[i] + (scale * rng.NextNormal());
            }

            var proposed = next.Index().All(x => x.Item >= low[x.Index] && x.Item <= high[x.Index]) ? likelihood.Value(next, default) : double.PositiveInfinity;
            var accepted = rng.NextDouble() < Math.Exp(energy - proposed);
            if (accepted)
            {
                (at, next, energy) = (next, at, proposed);
            }

            if (step <= Warmup)
            {
                scale *= Math.Exp(((accepted ? 1 : 0) - Acceptance) / Math.Sqrt(step));
            }
            else if ((step - Warmup) % Thinning == 0)
            {
                samples.Add(Hyperparameters.FromLog(at));
            }
        }

        return [.. samples];
    }
}
