using TuningCluster.Benchmarks.EarlyStop;
using TuningCluster.Benchmarks.Gemm;
using TuningCluster.Benchmarks.Quality;
using TuningCluster.Benchmarks.Sampling;
using TuningCluster.Benchmarks.Startup;
using TuningCluster.Benchmarks.Study;
using TuningCluster.Benchmarks.Trainer;

namespace TuningCluster.Benchmarks;

/// <summary>Every suite there is; a new one is added here.</summary>
internal static class Suites
{
    public static readonly IReadOnlyList<ISuite> All =
    [
        new StartupSuite(),
        new TrainerSuite(),
        new GemmSuite(),
        new StudySuite(),
        new ScaleSuite(),
        new PopulationSuite(),
        new QualitySuite(),
        new SamplingSuite(),
        new EarlyStopSuite(),
    ];
}
