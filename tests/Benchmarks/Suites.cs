using TuningCluster.Benchmarks.Startup;

namespace TuningCluster.Benchmarks;

/// <summary>Every suite there is; a new one is added here.</summary>
internal static class Suites
{
    public static readonly IReadOnlyList<ISuite> All =
    [
        new StartupSuite(),
    ];
}
