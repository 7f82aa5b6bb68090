using System.Globalization;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search.Auto;

/// <summary>Which strategy suits a study, and why.</summary>
/// <param name="Strategy">Its name in a study file.</param>
/// <param name="Reason">One clause for the user.</param>
public sealed record AutoChoice(string Strategy, string Reason)
{
    /// <summary>A model of more trials costs more time a suggestion than a small network takes to train.</summary>
    public const int MostForModel = 500;

    /// <summary>In more dimensions a model of the whole space knows too little.</summary>
    public const int MostParameters = 60;

    /// <param name="space">The search space.</param>
    /// <param name="budget">Trials in all; null without a budget of trials.</param>
    /// <param name="objectives">≥ 1.</param>
    public static AutoChoice For(SearchSpace space, int? budget, int objectives) =>
        space.Parameters.Count > MostParameters
            ? new(ForMany(objectives), string.Create(CultureInfo.InvariantCulture, $"{space.Parameters.Count} parameters are too many for a Gaussian process"))
            : budget > MostForModel
                ? new(ForMany(objectives), string.Create(CultureInfo.InvariantCulture, $"with {budget} trials a Gaussian process would cost more time than it saves"))
                : new("bayesian", budget is { } trials
                    ? string.Create(CultureInfo.InvariantCulture, $"{space.Parameters.Count} parameters and {trials} trials suit a Gaussian process best")
                    : string.Create(CultureInfo.InvariantCulture, $"{space.Parameters.Count} parameters suit a Gaussian process best"));

    private static string ForMany(int objectives) => objectives > 1 ? "nsga2" : "tpe";
}
