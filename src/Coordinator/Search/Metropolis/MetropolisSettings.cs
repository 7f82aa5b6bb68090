using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search.Metropolis;

/// <summary>How the Metropolis algorithm works.</summary>
/// <param name="Startup">Quasi-random trials that the temperature is taken from and the chains begin at the best of; null for two more than the parameters, 8 to 30.</param>
/// <param name="Chains">Chains; of the study, not of the machines.</param>
/// <param name="Temperature">A temperature that stays, in units of the objective; null for one that is taken from the first trials and cooled with the budget.</param>
/// <param name="Adapt">Whether the proposals' scales follow the acceptance.</param>
public sealed record MetropolisSettings(int? Startup, int Chains, double? Temperature, bool Adapt)
{
    public static MetropolisSettings From(IReadOnlyDictionary<string, ParameterValue> settings) => new(
        settings.TryGetValue("startup", out var startup) ? (int)startup.AsInt() : null,
        (int)settings["chains"].AsInt(),
        settings.TryGetValue("temperature", out var temperature) ? temperature.AsDouble() : null,
        settings["adapt"].AsBool());

    /// <summary>Whether the chain is to keep the distribution of its temperature exactly: nothing else changes on the way.</summary>
    public bool IsExact => Temperature is not null && !Adapt;

    /// <summary>Quasi-random trials before the chains; one a chain at least.</summary>
    public int StartupFor(int parameters) => Math.Max(Chains, Startup ?? Math.Clamp(parameters + 2, 8, 30));
}
