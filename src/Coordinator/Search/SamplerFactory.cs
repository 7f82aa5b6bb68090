using System.Diagnostics;
using TuningCluster.Coordinator.Search.Grid;
using TuningCluster.Coordinator.Search.Quasirandom;
using TuningCluster.Coordinator.Search.Random;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Search;

/// <summary>The sampler of a study's strategy.</summary>
public static class SamplerFactory
{
    /// <exception cref="UnreachableException">The strategy is none of this release: the study was not validated.</exception>
    public static ISampler Create(StudySpec spec) => spec.Strategy.Name switch
    {
        "grid" => new GridSampler(spec.Space),
        "random" => new RandomSampler(),
        "quasirandom" => new QuasirandomSampler(
            spec.Strategy.Settings["sequence"].AsText() == "halton" ? SequenceKind.Halton : SequenceKind.Sobol, spec.Strategy.Seed),
        var other => throw new UnreachableException($"No sampler for the strategy '{other}' of study '{spec.Name}'."),
    };
}
