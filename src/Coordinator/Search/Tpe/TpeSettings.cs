using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search.Tpe;

/// <summary>How a tree-structured Parzen estimator works.</summary>
/// <param name="Startup">Trials drawn quasi-randomly before.</param>
/// <param name="Multivariate">Whether parameters that are active together are estimated together; else each alone.</param>
/// <param name="Candidates">Drawn from the good density, of which the best is taken.</param>
/// <param name="Share">Share γ of the trials that are good.</param>
public sealed record TpeSettings(int Startup, bool Multivariate, int Candidates, double Share)
{
    public static TpeSettings From(IReadOnlyDictionary<string, ParameterValue> settings) => new(
        (int)settings["startup"].AsInt(), settings["multivariate"].AsBool(), (int)settings["candidates"].AsInt(), settings["gamma"].AsDouble());
}
