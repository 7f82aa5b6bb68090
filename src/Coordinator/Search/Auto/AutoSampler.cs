using TuningCluster.Coordinator.Search.Bayesian;
using TuningCluster.Coordinator.Search.Nsga2;
using TuningCluster.Coordinator.Search.Tpe;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search.Auto;

/// <summary>Leaves each suggestion to the strategy that suits the space, the budget and the objectives (see <see cref="AutoChoice"/>). A larger budget may change it: all learn from the same history.</summary>
public sealed class AutoSampler(BayesianSampler bayesian, TpeSampler tpe, Nsga2Sampler nsga2) : ISampler
{
    public string Version => "auto-1";

    public bool Learns => true;

    public long? Size => null;

    public TrialParameters? Suggest(SearchSpace space, StudyHistory history, Rng rng)
    {
        ISampler chosen = AutoChoice.For(space, history.Budget + history.Prior.Count, history.Objectives.Count).Strategy switch
        {
            "tpe" => tpe,
            "nsga2" => nsga2,
            _ => bayesian,
        };
        return chosen.Suggest(space, history, rng);
    }
}
