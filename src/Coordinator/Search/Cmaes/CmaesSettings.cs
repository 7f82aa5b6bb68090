using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search.Cmaes;

/// <summary>How CMA-ES works.</summary>
/// <param name="Population">Trials of a generation; null for 4 + ln n, at least 6.</param>
/// <param name="Sigma">First step size, as a share of the ranges; &gt; 0.</param>
/// <param name="Restarts">Whether it begins anew, with twice the population, when it has converged (IPOP).</param>
/// <param name="AdaptRates">Whether learning rates follow the signal-to-noise ratio.</param>
public sealed record CmaesSettings(int? Population, double Sigma, bool Restarts, bool AdaptRates)
{
    public static CmaesSettings From(IReadOnlyDictionary<string, ParameterValue> settings) => new(
        settings.TryGetValue("population", out var population) ? (int)population.AsInt() : null,
        settings["sigma"].AsDouble(),
        settings["restarts"].AsText() == "ipop",
        settings["lr_adapt"].AsBool());
}
