using TuningCluster.Coordinator.Search.Bayesian;
using TuningCluster.Coordinator.Search.Tpe;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search.Auto;

/// <summary>Leaves each suggestion to the strategy that suits the space and the budget (see <see cref="AutoChoice"/>). A larger budget may change it: all learn from the same history.</summary>
public sealed class AutoSampler(BayesianSampler bayesian, TpeSampler tpe) : ISampler
{
    public string Version => "auto-1";

    public bool Learns => true;

    public long? Size => null;

    public TrialParameters? Suggest(SearchSpace space, StudyHistory history, Rng rng) =>
        AutoChoice.For(space, history.Budget).Strategy == "tpe" ? tpe.Suggest(space, history, rng) : bayesian.Suggest(space, history, rng);
}
