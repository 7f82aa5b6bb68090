using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Shared.Randomness;

namespace TuningCluster.Coordinator.Search.Cmaes;

/// <summary>CMA-ES as a fold over finished trials: every λ of them, in the order in which they ended, are a generation, whichever distribution they were drawn from.</summary>
/// <remarks>So trials beyond λ that run at a time are used, not wasted, and so are enqueued ones: the update shortens steps that are too long to be the
/// distribution's own (Hansen 2011, arXiv:1110.4181).</remarks>
internal sealed class CmaesRun
{
    private const double Smallest = 1e-6;
    private const double WorstCondition = 1e14;

    private readonly CmaesCoordinates _coordinates;
    private readonly CmaesSettings _settings;
    private readonly long _seed;
    private readonly List<Observation> _generation = [];
    private CmaesWeights _weights;
    private CmaesDistribution _distribution;
    private Observation? _best;
    private int _bestAt;
    private int _restarts;

    /// <param name="prior">Trials from before the study.</param>
    public CmaesRun(EncodedSpace space, CmaesSettings settings, long seed, IReadOnlyList<Observation> prior)
    {
        _coordinates = new CmaesCoordinates(space);
        _settings = settings;
        _seed = seed;
        var n = _coordinates.Count;
        _weights = new CmaesWeights(n, settings.Population ?? CmaesWeights.DefaultPopulation(n));
        var mean = new double[n];
        Array.Fill(mean, 0.5);
        var warm = WarmDistribution.Of(prior, _coordinates, _weights, settings.AdaptRates);
        IsWarm = warm is not null;
        _distribution = warm ?? new CmaesDistribution(_weights, mean, settings.Sigma, covariance: null, settings.AdaptRates);
    }

    /// <summary>Whether it began where trials from before the study were good.</summary>
    public bool IsWarm { get; }

    public CmaesDistribution Distribution => _distribution;

    public CmaesCoordinates Coordinates => _coordinates;

    /// <summary>Times it began anew.</summary>
    public int Restarts => _restarts;

    /// <summary>1/(n·λ): how often at least a discrete coordinate leaves its value.</summary>
    public double Margin => 1.0 / (_coordinates.Count * _weights.Population);

    public int Population => _weights.Population;

    /// <summary>Learns of a trial that has a loss.</summary>
    public void Add(Observation trial)
    {
        _generation.Add(trial);
        if (_generation.Count < _weights.Population)
        {
            return;
        }

        _generation.Sort(ByRank.Instance);
        if (_best is null || ByRank.CompareOutcome(_generation[0], _best) < 0)
        {
            (_best, _bestAt) = (_generation[0], _distribution.Generation);
        }

        var steps = new double[_generation.Count][];
        for (var i = 0; i < steps.Length; i++)
        {
            var step = steps[i] = new double[_coordinates.Count];
            _coordinates.ToVector(_generation[i].Point, _distribution.Mean, step);
            for (var k = 0; k < step.Length; k++)
            {
                step[k] = (step[k] - _distribution.Mean[k]) / _distribution.Sigma;
            }
        }

        _distribution.Update(steps, Evened());
        _generation.Clear();
        _coordinates.Widen(_distribution);
        _distribution.Settle();
        if (_settings.Restarts && HasConverged())
        {
            Restart();
        }
    }

    /// <summary>Trials that are equally good share their weights.</summary>
    private double[] Evened()
    {
        double[] weights = [.. _weights.Weights];
        for (var from = 0; from < weights.Length;)
        {
            var end = from + 1;
            while (end < weights.Length && ByRank.CompareOutcome(_generation[from], _generation[end]) == 0)
            {
                end++;
            }

            var mean = weights.AsSpan(from, end - from).ToArray().Average();
            weights.AsSpan(from, end - from).Fill(mean);
            from = end;
        }

        return weights;
    }

    private bool HasConverged() =>
        _distribution.Sigma * _distribution.LongestAxis < Smallest
        || _distribution.Condition > WorstCondition
        || _distribution.Generation - _bestAt > 10 + (30 * _coordinates.Count / _weights.Population);

    /// <summary>With twice the population, from a place drawn at random (Auger and Hansen 2005).</summary>
    private void Restart()
    {
        _restarts++;
        _weights = new CmaesWeights(_coordinates.Count, 2 * _weights.Population);
        var rng = Rng.For(_seed, _restarts, "restart");
        var mean = new double[_coordinates.Count];
        for (var i = 0; i < mean.Length; i++)
        {
            mean[i] = rng.NextDouble();
        }

        _distribution = new CmaesDistribution(_weights, mean, _settings.Sigma, covariance: null, _settings.AdaptRates);
        (_best, _bestAt) = (null, 0);
    }
}
