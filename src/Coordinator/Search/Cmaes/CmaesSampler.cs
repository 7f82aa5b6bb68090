using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Coordinator.Search.Quasirandom;
using TuningCluster.Coordinator.Search.Random;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search.Cmaes;

/// <summary>CMA-ES (Hansen 2016, arXiv:1604.00772): draws from a normal distribution that moves and stretches towards the better trials.</summary>
/// <remarks>Without trials from before the study (<see cref="WarmDistribution"/>) the first generation is quasi-random, so that it does not matter where in the box the optimum lies.</remarks>
public sealed class CmaesSampler : ISampler
{
    /// <summary>Draws outside the box before one is clipped.</summary>
    private const int MostDraws = 20;

    private readonly CmaesSettings _settings;
    private readonly long? _seed;
    private readonly QuasirandomSampler _startup;
    private readonly RandomSampler _random = new();
    private Observations? _observations;
    private CmaesRun? _run;
    private int _read;

    /// <param name="settings">See there.</param>
    /// <param name="seed">The seed of the study; null before it is drawn, when nothing can be suggested yet.</param>
    public CmaesSampler(CmaesSettings settings, long? seed)
    {
        (_settings, _seed) = (settings, seed);
        _startup = new QuasirandomSampler(SequenceKind.Sobol, seed);
    }

    public string Version => "cmaes-1";

    public bool Learns => true;

    public long? Size => null;

    public TrialParameters? Suggest(SearchSpace space, StudyHistory history, Rng rng)
    {
        if (space.Parameters.Count == 0)
        {
            return _random.Suggest(space, history, rng);
        }

        var run = Update(space, history);
        if (!run.IsWarm && (history.Trials.Count < run.Population || (run.Distribution.Generation == 0 && run.Restarts == 0)))
        {
            return _startup.Suggest(space, history, rng);
        }

        var point = new double[_observations!.Space.Count];
        for (var draw = 0; draw < MostDraws; draw++)
        {
            Draw(run, rng, point);
            var parameters = _observations.Space.Decode(point);
            if (space.Constraints.Count == 0 || space.Allows(parameters))
            {
                return parameters;
            }
        }

        return _random.Suggest(space, history, rng);
    }

    private CmaesRun Update(SearchSpace space, StudyHistory history)
    {
        if (_observations is null || !_observations.Space.Space.Equals(space))
        {
            _observations = new Observations(new EncodedSpace(space));
            _run = null;
        }

        if (!_observations.Update(history) || _run is null)
        {
            _read = history.Prior.Count == 0 ? 0 : _observations.Items.TakeWhile(o => o.IsPrior).Count();
            _run = new CmaesRun(
                _observations.Space,
                _settings,
                _seed ?? throw new InvalidOperationException("CMA-ES restarts by the study's seed, which has not been drawn yet."),
                [.. _observations.Items.Take(_read)]);
        }

        for (; _read < _observations.Items.Count; _read++)
        {
            if (!double.IsNaN(_observations.Items[_read].Loss))
            {
                _run.Add(_observations.Items[_read]);
            }
        }

        return _run;
    }

    /// <summary>A vector within the box, clipped after many that are not.</summary>
    private static void Draw(CmaesRun run, Rng rng, Span<double> point)
    {
        var distribution = run.Distribution;
        var x = new double[distribution.Weights.Dimension];
        for (var draw = 0; ; draw++)
        {
            distribution.Draw(rng, x);
            for (var i = 0; i < x.Length; i++)
            {
                x[i] = distribution.Mean[i] + (distribution.Sigma * x[i]);
            }

            var outside = false;
            for (var d = 0; d < point.Length; d++)
            {
                ref var at = ref x[run.Coordinates.FirstOf(d)];
                if (run.Coordinates.IsBounded(d) && at is < 0 or > 1)
                {
                    outside = true;
                    at = draw == MostDraws ? Math.Clamp(at, 0, 1) : at;
                }
            }

            if (!outside || draw == MostDraws)
            {
                run.Coordinates.ToPoint(x, run.Margin, rng, point);
                return;
            }
        }
    }
}
