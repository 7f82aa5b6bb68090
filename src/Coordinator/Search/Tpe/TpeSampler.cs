using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Coordinator.Search.Quasirandom;
using TuningCluster.Coordinator.Search.Random;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search.Tpe;

/// <summary>The tree-structured Parzen estimator (Bergstra et al. 2011; Watanabe 2023, arXiv:2304.11127): draws where good trials are dense and bad ones are not.</summary>
/// <remarks>Parameters with the same conditions are active together and estimated together (a group); of groups that others' values switch on, those values are drawn first.
/// Pending trials count as bad. Kernels of the bad density stay from one suggestion to the next; their widths change at fixed counts.</remarks>
public sealed class TpeSampler : ISampler
{
    /// <summary>Draws of a point that the constraints refuse, or that was tried already where there are finitely many.</summary>
    private const int MostDraws = 50;

    private readonly TpeSettings _settings;
    private readonly QuasirandomSampler _startup;
    private readonly RandomSampler _random = new();
    private Observations? _observations;
    private ParzenGroup[] _groups = [];
    private readonly HashSet<TrialParameters> _tried = [];
    private bool _isFinite;
    private int _read;

    /// <param name="settings">See there.</param>
    /// <param name="seed">The seed of the study; null before it is drawn, when nothing can be suggested yet.</param>
    public TpeSampler(TpeSettings settings, long? seed)
    {
        _settings = settings;
        _startup = new QuasirandomSampler(SequenceKind.Sobol, seed);
    }

    public string Version => "tpe-1";

    public bool Learns => true;

    public long? Size => null;

    public TrialParameters? Suggest(SearchSpace space, StudyHistory history, Rng rng)
    {
        if (_observations is null || !_observations.Space.Space.Equals(space))
        {
            var encoded = new EncodedSpace(space);
            _observations = new Observations(encoded);
            _groups = [.. Groups(encoded).Select(members => new ParzenGroup(members, encoded, _settings))];
            _isFinite = encoded.Dimensions.All(d => d.Kind != DimensionKind.Continuous);
            _read = 0;
        }

        Update(history);
        if (space.Parameters.Count == 0 || history.Known < _settings.Startup || _read == 0)
        {
            return _startup.Suggest(space, history, rng);
        }

        var pending = _observations.Pending(history);
        TrialParameters? again = null;
        var point = new double[_observations.Space.Count];
        for (var draw = 0; draw < MostDraws; draw++)
        {
            Array.Fill(point, double.NaN);
            foreach (var group in _groups)
            {
                if (_observations.Space.IsActive(group.Members[0], point))
                {
                    group.Suggest(pending, rng, point);
                }
            }

            var parameters = _observations.Space.Decode(point);
            if (space.Constraints.Count == 0 || space.Allows(parameters))
            {
                if (!_isFinite || !_tried.Contains(parameters))
                {
                    return parameters;
                }

                again = parameters;
            }
        }

        return again ?? _random.Suggest(space, history, rng);
    }

    private void Update(StudyHistory history)
    {
        if (!_observations!.Update(history))
        {
            _read = 0;
            _tried.Clear();
            Array.ForEach(_groups, group => group.Clear());
        }

        for (; _read < _observations.Items.Count; _read++)
        {
            Array.ForEach(_groups, group => group.Add(_observations.Items[_read]));
            if (_isFinite && !_observations.Items[_read].IsPrior)
            {
                // In this space's spelling: the trial may be older than the space.
                _tried.Add(_observations.Space.Decode(_observations.Items[_read].Point));
            }
        }
    }

    /// <summary>Dimensions with the same conditions, in draw order; each alone where parameters are not estimated together.</summary>
    private IEnumerable<int[]> Groups(EncodedSpace space) => Enumerable.Range(0, space.Count)
        .GroupBy(d => _settings.Multivariate
            ? string.Join(" & ", space.Dimensions[d].Parameter.When.Select(w => $"{w.Parameter} = {string.Join('|', w.Values)}").Order(StringComparer.Ordinal))
            : space.Dimensions[d].Parameter.Name)
        .Select(g => g.ToArray())
        .OrderBy(g => g[0]);
}
