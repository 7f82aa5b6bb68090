using TuningCluster.Shared.Randomness;

namespace TuningCluster.Coordinator.Search.Bayesian;

/// <summary>The Gaussian processes, one a set of hyperparameters, of one output of the trials: of a loss or of what a constraint is violated by. Kept up to date from one suggestion to the next.</summary>
/// <param name="map">Of the points.</param>
/// <param name="marginalize">Several sets of hyperparameters, drawn from their posterior.</param>
/// <param name="purpose">Of the stream they are drawn from.</param>
/// <param name="limit">See <see cref="OutputWarp"/>.</param>
internal sealed class OutputModel(FeatureMap map, bool marginalize, string purpose, double? limit = null)
{
    private readonly List<double[]> _points = [];
    private readonly List<double> _values = [];
    private readonly List<int> _held = [];
    private int _fitted;

    /// <summary>Of all trials; +∞ where one diverged.</summary>
    public IReadOnlyList<double> Values => _values;

    /// <summary>Which trials the models hold.</summary>
    public IReadOnlyList<int> Held => _held;

    /// <summary>One a set of hyperparameters.</summary>
    public GaussianProcess[] Models { get; private set; } = [];

    public void Add(double[] point, double value)
    {
        _points.Add(point);
        _values.Add(value);
    }

    /// <summary>Fits when a fixed count was passed, adds the trials since, and tells the models their outputs.</summary>
    public OutputWarp Fit()
    {
        var count = FitSchedule.CountFor(_values.Count);
        if (count != _fitted)
        {
            var fitted = FitSchedule.Fitted(_values, count);
            var columns = new PointColumns(map);
            foreach (var i in fitted)
            {
                columns.Add(_points[i]);
            }

            var likelihood = new MarginalLikelihood(columns, new OutputWarp([.. fitted.Select(i => _values[i])], limit).Outputs);
            var hyperparameters = marginalize
                ? HyperparameterFit.Sample(likelihood, Rng.For(0, count, purpose))
                : [HyperparameterFit.MostProbable(likelihood)];
            Models = [.. hyperparameters.Select(h => new GaussianProcess(map, h))];
            _held.Clear();
            foreach (var i in FitSchedule.Held(_values, count))
            {
                Hold(i);
            }

            _fitted = count;
        }

        for (var i = _held[^1] + 1; i < _values.Count; i++)
        {
            Hold(i);
        }

        var warp = new OutputWarp([.. _held.Select(i => _values[i])], limit);
        foreach (var model in Models)
        {
            model.Observe(warp.Outputs);
        }

        return warp;
    }

    /// <summary>Adds points that come out as the models expect.</summary>
    public void Imagine(IEnumerable<double[]> pending)
    {
        foreach (var point in pending)
        {
            foreach (var model in Models)
            {
                model.Add(point);
            }
        }
    }

    /// <summary>Takes them out again.</summary>
    public void Forget()
    {
        foreach (var model in Models)
        {
            model.Truncate(_held.Count);
        }
    }

    private void Hold(int trial)
    {
        _held.Add(trial);
        foreach (var model in Models)
        {
            model.Add(_points[trial]);
        }
    }
}
