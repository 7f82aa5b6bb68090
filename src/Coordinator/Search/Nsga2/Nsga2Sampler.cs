using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Coordinator.Search.Quasirandom;
using TuningCluster.Coordinator.Search.Random;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search.Nsga2;

/// <summary>NSGA-II (Deb et al. 2002): breeds from the trials that none, or few, are better than in every objective, and that are least alike.</summary>
/// <remarks>
/// Every finished trial competes for a place in the population at once, in the order in which they end, instead of a generation at a time (the steady-state form of Durillo et al. 2009, EMO): no slot waits for a
/// generation's last trial, enqueued ones and any number at a time are used, and a few hundred trials get much further. The first trials, as many as the population, are quasi-random.
/// </remarks>
public sealed class Nsga2Sampler : ISampler
{
    /// <summary>Children that were all tried already, before another point is drawn, and so many of these before one is tried again.</summary>
    private const int MostDraws = 100;

    private readonly Nsga2Settings _settings;
    private readonly QuasirandomSampler _startup;
    private readonly RandomSampler _random = new();
    private readonly HashSet<double[]> _taken = new(SamePoint.Instance);
    private Observations? _observations;
    private Nsga2Population? _population;
    private int _size;
    private int _read;

    /// <param name="settings">See there.</param>
    /// <param name="seed">The seed of the study; null before it is drawn, when nothing can be suggested yet.</param>
    public Nsga2Sampler(Nsga2Settings settings, long? seed)
    {
        _settings = settings;
        _startup = new QuasirandomSampler(SequenceKind.Sobol, seed);
    }

    public string Version => "nsga2-1";

    public bool Learns => true;

    public long? Size => null;

    public TrialParameters? Suggest(SearchSpace space, StudyHistory history, Rng rng)
    {
        if (space.Parameters.Count == 0)
        {
            return _random.Suggest(space, history, rng);
        }

        var population = Update(space, history);
        if (history.Known < _size || population.Count < 2)
        {
            return _startup.Suggest(space, history, rng);
        }

        var pending = _observations!.Pending(history).Where(_taken.Add).ToList();
        var suggested = Unseen(space, history, population, rng);
        pending.ForEach(p => _taken.Remove(p));
        return suggested;
    }

    /// <summary>A child that is a new point; else any new point; else, where all are known, one that was tried.</summary>
    private TrialParameters Unseen(SearchSpace space, StudyHistory history, Nsga2Population population, Rng rng)
    {
        var variation = new Variation(_observations!.Space, _settings);
        var point = new double[_observations.Space.Count];
        for (var draw = 0; draw < MostDraws; draw++)
        {
            variation.Child(population.Select(rng).Point, population.Select(rng).Point, rng).CopyTo(point, 0);
            _observations.Space.Snap(point);
            if (!_taken.Contains(point) && _observations.Space.Decode(point) is var child && (space.Constraints.Count == 0 || space.Allows(child)))
            {
                return child;
            }
        }

        for (var draw = 0; ; draw++)
        {
            var any = _random.Suggest(space, history, rng);
            if (draw == MostDraws || (_observations.Space.TryEncode(any, point) && !_taken.Contains(point)))
            {
                return any;
            }
        }
    }

    private Nsga2Population Update(SearchSpace space, StudyHistory history)
    {
        if (_observations is null || !_observations.Space.Space.Equals(space))
        {
            _observations = new Observations(new EncodedSpace(space));
            _population = null;
        }

        var size = _settings.PopulationFor(history.Budget);
        if (!_observations.Update(history) || _population is null || size != _size)
        {
            _population = new Nsga2Population(size);
            _taken.Clear();
            (_size, _read) = (size, 0);
        }

        for (; _read < _observations.Items.Count; _read++)
        {
            if (!_observations.Items[_read].IsPrior)
            {
                _taken.Add(_observations.Items[_read].Point);
            }

            _population.Add(_observations.Items[_read]);
        }

        return _population;
    }
}
