using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Search.Bayesian;

/// <summary>The model of a study's finished trials, kept up to date from one suggestion to the next.</summary>
internal sealed class Surrogate(EncodedSpace space, BayesianSettings settings)
{
    private const int Incumbents = 5;

    /// <summary>Trials of least loss among which the incumbent is looked for by posterior mean.</summary>
    private const int Looked = 16;

    private readonly Observations _observations = new(space);
    private readonly FeatureMap _map = new(space);
    private readonly AcquisitionSearch _search = new(space, new FeatureMap(space));
    private readonly List<double[]> _points = [];
    private readonly List<double> _losses = [];
    private readonly HashSet<double[]> _taken = new(SamePoint.Instance);
    private readonly List<int> _held = [];
    private GaussianProcess[] _models = [];
    private int _read;
    private int _fitted;

    public EncodedSpace Space => space;

    /// <summary>Brings the model up to the history.</summary>
    /// <returns>Whether there is enough for a model: two trials of which one has a finite loss.</returns>
    public bool Update(StudyHistory history)
    {
        if (!_observations.Update(history))
        {
            _points.Clear();
            _losses.Clear();
            _taken.Clear();
            (_read, _fitted) = (0, 0);
        }

        for (; _read < _observations.Items.Count; _read++)
        {
            var item = _observations.Items[_read];
            _taken.Add(item.Point);
            if (!double.IsNaN(item.Loss))
            {
                _points.Add(item.Point);
                _losses.Add(item.Loss);
            }
        }

        return _losses.Count >= 2 && _losses.Exists(double.IsFinite);
    }

    /// <summary>The next trial's parameters; null when every point looked at is taken.</summary>
    public TrialParameters? Suggest(StudyHistory history, Rng rng)
    {
        Fit();
        var outputs = OutputWarp.Outputs([.. _held.Select(i => _losses[i])]);
        var pending = _observations.Pending(history);
        int[] order = [.. Enumerable.Range(0, _held.Count).OrderBy(i => outputs[i]).ThenBy(i => i).Take(Looked)];
        var best = new double[_models.Length];
        double[] means = new double[order.Length];
        for (var m = 0; m < _models.Length; m++)
        {
            var model = _models[m];
            model.Observe(outputs);
            best[m] = double.PositiveInfinity;
            for (var i = 0; i < order.Length; i++)
            {
                var mean = model.MeanAt(order[i]);
                means[i] += mean;
                best[m] = Math.Min(best[m], mean);
            }

            var z = new double[_map.Count];
            foreach (var point in pending)
            {
                _map.Map(point, z);
                best[m] = Math.Min(best[m], model.Predict(z).Mean);
            }

            foreach (var point in pending)
            {
                model.Add(point);
            }
        }

        Array.Sort(means, order);
        double[][] incumbents = [.. order.Take(Incumbents).Select(i => _points[_held[i]])];
        var region = TrustRegion.About(space, _losses, incumbents[0], _models[0].Hyperparameters.Weights);
        var acquisition = new Acquisition(_models, best, _map, Diverging());
        var added = pending.Where(_taken.Add).ToList();
        var found = _search.Best(acquisition, _models[0].Count * _models.Length, incumbents, region, IsTaken, rng);
        added.ForEach(p => _taken.Remove(p));
        foreach (var model in _models)
        {
            model.Truncate(_held.Count);
        }

        return found is null ? null : space.Decode(found);
    }

    /// <summary>Fits when a fixed count was passed, then adds the trials since.</summary>
    private void Fit()
    {
        var count = FitSchedule.CountFor(_losses.Count);
        if (count != _fitted)
        {
            var fitted = FitSchedule.Fitted(_losses, count);
            var columns = new PointColumns(_map);
            foreach (var i in fitted)
            {
                columns.Add(_points[i]);
            }

            var likelihood = new MarginalLikelihood(columns, OutputWarp.Outputs([.. fitted.Select(i => _losses[i])]));
            var hyperparameters = settings.Marginalize
                ? HyperparameterFit.Sample(likelihood, Rng.For(0, count, "hyperparameters"))
                : [HyperparameterFit.MostProbable(likelihood)];
            _models = [.. hyperparameters.Select(h => new GaussianProcess(_map, h))];
            _held.Clear();
            foreach (var i in FitSchedule.Held(_losses, count))
            {
                Hold(i);
            }

            _fitted = count;
        }

        for (var i = _held[^1] + 1; i < _losses.Count; i++)
        {
            Hold(i);
        }
    }

    private void Hold(int trial)
    {
        _held.Add(trial);
        foreach (var model in _models)
        {
            model.Add(_points[trial]);
        }
    }

    private Feasibility? Diverging()
    {
        if (!_losses.Exists(double.IsPositiveInfinity))
        {
            return null;
        }

        var columns = new PointColumns(_map);
        foreach (var i in _held)
        {
            columns.Add(_points[i]);
        }

        return new Feasibility(columns, [.. _held.Select(i => double.IsPositiveInfinity(_losses[i]))], _models[0].Hyperparameters);
    }

    private bool IsTaken(double[] point) => _taken.Contains(point) || (space.Space.Constraints.Count > 0 && !space.Space.Allows(space.Decode(point)));
}
