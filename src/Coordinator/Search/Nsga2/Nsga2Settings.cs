using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search.Nsga2;

/// <summary>How NSGA-II works.</summary>
/// <param name="Population">Trials that may become parents; ≥ 2; null for a number that depends on the budget.</param>
/// <param name="Crossover">Probability that a point has two parents, not one; in [0, 1].</param>
/// <param name="Mutation">Probability that a parameter mutates; in [0, 1]; null for one over the parameters.</param>
/// <param name="Eta">Distribution index of crossover and mutation of numbers: the greater, the nearer to the parents; &gt; 0.</param>
public sealed record Nsga2Settings(int? Population, double Crossover, double? Mutation, double Eta)
{
    private const int LeastPopulation = 10;
    private const int MostPopulation = 50;

    /// <summary>Generations that a budget should be good for.</summary>
    private const int Generations = 10;

    public static Nsga2Settings From(IReadOnlyDictionary<string, ParameterValue> settings) => new(
        settings.TryGetValue("population", out var population) ? (int)population.AsInt() : null,
        settings["crossover"].AsDouble(),
        settings.TryGetValue("mutation", out var mutation) ? mutation.AsDouble() : null,
        settings["eta"].AsDouble());

    /// <summary>A tenth of the budget, between 10 and 50: fewer parents than Optuna's 50 where they would use up the trials before they have bred.</summary>
    /// <param name="budget">Trials in all; null without a budget of trials.</param>
    public int PopulationFor(int? budget) => Population ?? (budget is { } trials ? Math.Clamp(trials / Generations, LeastPopulation, MostPopulation) : MostPopulation);
}
