using System.Diagnostics;
using TuningCluster.Coordinator.Search.Auto;
using TuningCluster.Coordinator.Search.Bayesian;
using TuningCluster.Coordinator.Search.Cmaes;
using TuningCluster.Coordinator.Search.Grid;
using TuningCluster.Coordinator.Search.Metropolis;
using TuningCluster.Coordinator.Search.Nsga2;
using TuningCluster.Coordinator.Search.Pbt;
using TuningCluster.Coordinator.Search.Quasirandom;
using TuningCluster.Coordinator.Search.Random;
using TuningCluster.Coordinator.Search.Tpe;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Strategies;
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
        "bayesian" => new BayesianSampler(BayesianSettings.From(spec.Strategy.Settings), spec.Strategy.Seed),
        "tpe" => new TpeSampler(TpeSettings.From(spec.Strategy.Settings), spec.Strategy.Seed),
        "auto" => new AutoSampler(
            new BayesianSampler(BayesianSettings.From(Defaults("bayesian")), spec.Strategy.Seed),
            new TpeSampler(TpeSettings.From(Defaults("tpe")), spec.Strategy.Seed),
            new Nsga2Sampler(Nsga2Settings.From(Defaults("nsga2")), spec.Strategy.Seed)),
        "cmaes" => new CmaesSampler(CmaesSettings.From(spec.Strategy.Settings), spec.Strategy.Seed),
        "pbt" => new PbtSampler(PbtSettings.From(spec), spec.Enqueue.Count),
        "nsga2" => new Nsga2Sampler(Nsga2Settings.From(spec.Strategy.Settings), spec.Strategy.Seed),
        "metropolis" => new MetropolisSampler(MetropolisSettings.From(spec.Strategy.Settings), spec.Strategy.Seed),
        var other => throw new UnreachableException($"No sampler for the strategy '{other}' of study '{spec.Name}'."),
    };

    private static Dictionary<string, ParameterValue> Defaults(string strategy) =>
        StrategySettings.Table.Of(strategy).Where(s => s.Default is not null).ToDictionary(s => s.Name, s => s.Default!.Value, StringComparer.Ordinal);
}
