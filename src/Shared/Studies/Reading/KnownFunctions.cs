namespace TuningCluster.Shared.Studies.Reading;

/// <summary>The test functions an objective may name.</summary>
internal static class KnownFunctions
{
    public static readonly string[] All = ["branin", "sphere", "rosenbrock", "ackley", "rastrigin"];
}
