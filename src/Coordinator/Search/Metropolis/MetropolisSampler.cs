using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Coordinator.Search.Quasirandom;
using TuningCluster.Coordinator.Search.Random;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search.Metropolis;

/// <summary>The Metropolis algorithm (Metropolis et al. 1953) as a search: chains that walk through the space, downhill always, uphill with probability exp(−Δ/T), and T falls
/// with the budget (Kirkpatrick et al. 1983).</summary>
/// <remarks>The first trials are quasi-random; the chains begin at the best of them. Every draw follows from the study's seed, the trial's number and what was journalled, so that a chain
/// survives any restart. Diverged proposals are rejected and counted.</remarks>
public sealed class MetropolisSampler : ISampler
{
    private readonly MetropolisSettings _settings;
    private readonly long? _seed;
    private readonly QuasirandomSampler _startup;
    private readonly RandomSampler _random = new();
    private Observations? _observations;
    private MetropolisRun? _run;
    private int _read;

    /// <param name="settings">See there.</param>
    /// <param name="seed">The seed of the study; null before it is drawn, when nothing can be suggested yet.</param>
    public MetropolisSampler(MetropolisSettings settings, long? seed)
    {
        (_settings, _seed) = (settings, seed);
        _startup = new QuasirandomSampler(SequenceKind.Sobol, seed);
    }

    public string Version => "metropolis-2";

    public bool Learns => true;

    public long? Size => null;

    public TrialParameters? Suggest(SearchSpace space, StudyHistory history, Rng rng)
    {
        if (space.Parameters.Count == 0)
        {
            return _random.Suggest(space, history, rng);
        }

        var run = Update(space, history);
        if (!run.HasBegun || history.Known < _settings.StartupFor(space.Parameters.Count))
        {
            return _startup.Suggest(space, history, rng);
        }

        var parameters = _observations!.Space.Decode(run.ChainOf(history.NextNumber).ProposalOf(history.NextNumber));
        // Outside of what the constraints allow the density is 0, and a trial there would be rejected without being run: another one is run instead.
        return space.Constraints.Count == 0 || space.Allows(parameters) ? parameters : _random.Suggest(space, history, rng);
    }

    /// <summary>Every step the chains have made in a history.</summary>
    public IReadOnlyList<MetropolisStep> Trace(SearchSpace space, StudyHistory history) => Update(space, history).Trace;

    private MetropolisRun Update(SearchSpace space, StudyHistory history)
    {
        if (_observations is null || !_observations.Space.Space.Equals(space))
        {
            _observations = new Observations(new EncodedSpace(space));
            _run = null;
        }

        if (!_observations.Update(history) || _run is null)
        {
            _run = new MetropolisRun(
                _observations.Space, _settings, _seed ?? throw new InvalidOperationException("The chains are drawn by the study's seed, which has not been drawn yet."));
            _read = 0;
        }

        for (; _read < _observations.Items.Count; _read++)
        {
            _run.Add(_observations.Items[_read], history);
        }

        return _run;
    }
}
