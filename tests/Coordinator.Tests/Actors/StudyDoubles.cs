using TuningCluster.Coordinator.Search;
using TuningCluster.Shared.Data;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Tests.Actors;

/// <summary>Scores every model alike.</summary>
internal sealed class OneScore : IModelRunner
{
    public const double TestLoss = 0.125;

    public IReadOnlyDictionary<string, double> ScoreTest(StudySpec spec, TrialParameters parameters, string model) =>
        new Dictionary<string, double> { ["test_loss"] = TestLoss };
}

internal sealed class BrokenSampler : ISampler
{
    public string Version => "broken-1";

    public bool Learns => false;

    public long? Size => null;

    public TrialParameters? Suggest(SearchSpace space, StudyHistory history, Rng rng) => throw new InvalidOperationException("the sampler broke");
}
