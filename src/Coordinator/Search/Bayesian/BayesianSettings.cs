using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search.Bayesian;

/// <summary>How a Bayesian sampler works.</summary>
/// <param name="Startup">Trials drawn without a model; null for a number that depends on the parameters.</param>
/// <param name="Marginalize">Average over hyperparameters drawn from their posterior by the Metropolis algorithm, instead of the most probable ones.</param>
public sealed record BayesianSettings(int? Startup, bool Marginalize)
{
    private const int LeastStartup = 6;
    private const int MostStartup = 20;

    public static BayesianSettings From(IReadOnlyDictionary<string, ParameterValue> settings) => new(
        settings.TryGetValue("startup", out var startup) ? (int)startup.AsInt() : null, settings["marginalize"].AsText() == "metropolis");

    /// <summary>One more than the parameters, between 6 and 20.</summary>
    public int StartupFor(int parameters) => Startup ?? Math.Clamp(parameters + 1, LeastStartup, MostStartup);
}
