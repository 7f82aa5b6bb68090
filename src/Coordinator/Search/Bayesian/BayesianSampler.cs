using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Coordinator.Search.Quasirandom;
using TuningCluster.Coordinator.Search.Random;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search.Bayesian;

/// <summary>Bayesian optimization: a Gaussian process of the losses so far, and the point where it expects most improvement.</summary>
/// <remarks>
/// The first <see cref="BayesianSettings.Startup"/> trials are quasi-random. Hyperparameters are fitted when the number of finished trials passes fixed counts, to
/// the trials finished at that count, from a fixed start; in between trials are appended to the factorization. So a sampler that saw the study
/// grow has the bits of a fresh one. Pending trials are taken to come out as the model expects (they lower the variance around them, and a
/// promising one raises the mark to beat). Several objectives have a process each, and so have constraints on metrics.
/// </remarks>
public sealed class BayesianSampler : ISampler
{
    private readonly BayesianSettings _settings;
    private readonly QuasirandomSampler _startup;
    private readonly RandomSampler _random = new();
    private Surrogate? _surrogate;

    /// <param name="settings">See there.</param>
    /// <param name="seed">The seed of the study; null before it is drawn, when nothing can be suggested yet.</param>
    public BayesianSampler(BayesianSettings settings, long? seed)
    {
        _settings = settings;
        _startup = new QuasirandomSampler(SequenceKind.Sobol, seed);
    }

    public string Version => "bayesian-1";

    public bool Learns => true;

    public long? Size => null;

    public TrialParameters? Suggest(SearchSpace space, StudyHistory history, Rng rng)
    {
        if (_surrogate is null || _surrogate.Objectives != history.Objectives.Count || !_surrogate.Space.Space.Equals(space))
        {
            _surrogate = new Surrogate(new EncodedSpace(space), history.Objectives.Count, _settings);
        }

        if (space.Parameters.Count == 0 || history.Known < _settings.StartupFor(space.Parameters.Count) || !_surrogate.Update(history))
        {
            return _startup.Suggest(space, history, rng);
        }

        // Every point looked at has been tried: a repeated trial tells at least how much they scatter.
        return _surrogate.Suggest(history, rng) ?? _random.Suggest(space, history, rng);
    }
}
