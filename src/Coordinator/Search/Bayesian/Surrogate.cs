using TuningCluster.Coordinator.Search.Encoding;
using TuningCluster.Coordinator.Search.Pareto;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Search.Bayesian;

/// <summary>The models of a study's finished trials, one an objective and one a constraint on a metric, kept up to date from one suggestion to the next.</summary>
internal sealed class Surrogate
{
    private const int Incumbents = 5;

    /// <summary>Trials of least loss among which the incumbent is looked for by posterior mean.</summary>
    private const int Looked = 16;

    /// <summary>With several objectives: trials of the first fronts among which the front is looked for by posterior mean, …</summary>
    private const int LookedOfFronts = 64;

    /// <summary>… and those of it about which is looked.</summary>
    private const int IncumbentsOfFront = 16;

    private readonly EncodedSpace _space;
    private readonly int _objectives;
    private readonly bool _marginalize;
    private readonly Observations _observations;
    private readonly FeatureMap _map;
    private readonly AcquisitionSearch _search;
    private readonly List<Observation> _trials = [];
    private readonly HashSet<double[]> _taken = new(SamePoint.Instance);
    private OutputModel[] _losses = [];
    private OutputModel[] _violations = [];
    private int _read;

    /// <param name="space">The space.</param>
    /// <param name="objectives">≥ 1.</param>
    /// <param name="settings">See there.</param>
    public Surrogate(EncodedSpace space, int objectives, BayesianSettings settings)
    {
        (_space, _objectives, _marginalize) = (space, objectives, settings.Marginalize);
        _observations = new Observations(space);
        _map = new FeatureMap(space);
        _search = new AcquisitionSearch(space, new FeatureMap(space));
    }

    public EncodedSpace Space => _space;

    public int Objectives => _objectives;

    /// <summary>Brings the models up to the history.</summary>
    /// <returns>Whether there is enough for a model: two trials of which one has a finite loss.</returns>
    public bool Update(StudyHistory history)
    {
        if (!_observations.Update(history) || _losses.Length == 0)
        {
            _trials.Clear();
            _taken.Clear();
            _losses = [.. Enumerable.Range(0, _objectives).Select(o => new OutputModel(_map, _marginalize, o == 0 ? "hyperparameters" : $"hyperparameters of objective {o}"))];
            _violations = [];
            _read = 0;
        }

        for (; _read < _observations.Items.Count; _read++)
        {
            Learn(_observations.Items[_read]);
        }

        return _trials.Count >= 2 && _trials.Exists(t => double.IsFinite(t.Loss));
    }

    /// <summary>The next trial's parameters; null when every point looked at is taken.</summary>
    public TrialParameters? Suggest(StudyHistory history, Rng rng)
    {
        var warp = _losses.Select(m => m.Fit()).ToArray();
        var limits = _violations.Select(m => m.Fit().Of(0)).ToArray();
        var pending = _observations.Pending(history);
        var (models, incumbents) = _objectives == 1 ? OneObjective(warp[0].Outputs, limits, pending) : SeveralObjectives(limits, pending);
        foreach (var model in _losses.Concat(_violations))
        {
            model.Imagine(pending);
        }

        var region = TrustRegion.About(_space, Progress(), incumbents[0], Weights());
        var acquisition = new Acquisition(models, _map, Diverging());
        var added = pending.Where(_taken.Add).ToList();
        var found = _search.Best(acquisition, incumbents, region, IsTaken, rng);
        added.ForEach(p => _taken.Remove(p));
        foreach (var model in _losses.Concat(_violations))
        {
            model.Forget();
        }

        return found is null ? null : _space.Decode(found);
    }

    private void Learn(Observation trial)
    {
        if (!trial.IsPrior)
        {
            _taken.Add(trial.Point);
        }

        var isKnown = _objectives == 1 ? !double.IsNaN(trial.Loss) : trial.State is TrialState.Complete or TrialState.Diverged;
        if (!isKnown)
        {
            return;
        }

        _trials.Add(trial);
        for (var o = 0; o < _objectives; o++)
        {
            _losses[o].Add(trial.Point, _objectives == 1 || trial.State == TrialState.Diverged ? trial.Loss : trial.Losses[o]);
        }

        // Nothing is known of what a trial violates that did not end.
        if (trial.Violations.Count > 0 && _violations.Length == 0)
        {
            _violations = [.. Enumerable.Range(0, trial.Violations.Count).Select(c => new OutputModel(_map, _marginalize, $"hyperparameters of constraint {c}", limit: 0))];
        }

        for (var c = 0; c < trial.Violations.Count; c++)
        {
            _violations[c].Add(trial.Point, trial.Violations[c]);
        }
    }

    /// <summary>Whether a trial may be what others are measured by.</summary>
    private bool IsFeasible(Observation trial) => _violations.Length == 0 || (trial.State == TrialState.Complete && trial.TotalViolation == 0);

    /// <summary>The incumbent of each model is its least posterior mean at the feasible trials of least loss, or at a pending one.</summary>
    private (AcquisitionModels[] Models, double[][] Incumbents) OneObjective(double[] outputs, double[] limits, List<double[]> pending)
    {
        var held = _losses[0].Held;
        int[] order = [.. Enumerable.Range(0, held.Count).Where(i => IsFeasible(_trials[held[i]])).OrderBy(i => outputs[i]).ThenBy(i => i).Take(Looked)];
        var means = new double[order.Length];
        var z = new double[_map.Count];
        var models = new AcquisitionModels[_losses[0].Models.Length];
        for (var s = 0; s < models.Length; s++)
        {
            var model = _losses[0].Models[s];
            var best = double.PositiveInfinity;
            for (var i = 0; i < order.Length; i++)
            {
                var mean = model.MeanAt(order[i]);
                means[i] += mean;
                best = Math.Min(best, mean);
            }

            var own = new AcquisitionModels([model], null, [.. _violations.Select(v => v.Models[s])], limits);
            foreach (var point in pending)
            {
                _map.Map(point, z);
                if (own.ExpectsFeasible(z))
                {
                    best = Math.Min(best, model.Mean(z));
                }
            }

            models[s] = double.IsPositiveInfinity(best) ? own : own with { Improvement = new Improvement.OverIncumbent(best) };
        }

        Array.Sort(means, order);
        return (models, order.Length == 0 ? LeastViolating() : [.. order.Take(Incumbents).Select(i => _trials[held[i]].Point)]);
    }

    /// <summary>The front of each model is that of its posterior means at the feasible trials of the first fronts, and at pending ones.</summary>
    private (AcquisitionModels[] Models, double[][] Incumbents) SeveralObjectives(double[] limits, List<double[]> pending)
    {
        var looked = OfFirstFronts();
        var z = new double[_map.Count];
        var models = new AcquisitionModels[_losses[0].Models.Length];
        double[][] sums = [.. looked.Select(_ => new double[_objectives])];
        for (var s = 0; s < models.Length; s++)
        {
            var own = new AcquisitionModels([.. _losses.Select(l => l.Models[s])], null, [.. _violations.Select(v => v.Models[s])], limits);
            var means = new List<double[]>(looked.Count + pending.Count);
            for (var i = 0; i < looked.Count; i++)
            {
                _map.Map(looked[i].Point, z);
                means.Add([.. own.Objectives.Select(m => m.Mean(z))]);
                for (var o = 0; o < _objectives; o++)
                {
                    sums[i][o] += means[i][o];
                }
            }

            foreach (var point in pending)
            {
                _map.Map(point, z);
                if (own.ExpectsFeasible(z))
                {
                    means.Add([.. own.Objectives.Select(m => m.Mean(z))]);
                }
            }

            models[s] = means.Count == 0 ? own : own with { Improvement = Improvement.OverFront.Of(means) };
        }

        if (looked.Count == 0)
        {
            return (models, LeastViolating());
        }

        var front = NondominatedSort.Front(sums);
        var crowding = CrowdingDistance.Of(sums, front);
        return (models, [.. front.Index().OrderByDescending(f => crowding[f.Index]).Take(IncumbentsOfFront).Select(f => looked[f.Item].Point)]);
    }

    private List<Observation> OfFirstFronts()
    {
        var feasible = _trials.Where(t => t.State == TrialState.Complete && IsFeasible(t)).ToList();
        var looked = new List<Observation>();
        foreach (var front in feasible.Zip(NondominatedSort.Ranks([.. feasible.Select(t => t.Losses)])).GroupBy(t => t.Item2, t => t.Item1).OrderBy(g => g.Key))
        {
            if (looked.Count >= LookedOfFronts)
            {
                break;
            }

            looked.AddRange(front);
        }

        return looked;
    }

    /// <summary>Where no trial is feasible yet.</summary>
    private double[][] LeastViolating() =>
        [.. _trials.Where(t => t.State == TrialState.Complete).OrderBy(t => t.TotalViolation).ThenBy(t => t.Number).Take(Incumbents).Select(t => t.Point)];

    /// <summary>Of each trial, in the order in which they ended, whether it was better than those before: by loss, or in the front.</summary>
    private IEnumerable<bool> Progress()
    {
        var best = double.PositiveInfinity;
        var front = new List<double[]>();
        foreach (var trial in _trials)
        {
            if (!IsFeasible(trial) || (_objectives > 1 && trial.State != TrialState.Complete))
            {
                yield return false;
            }
            else if (_objectives == 1)
            {
                yield return trial.Loss < best - (1e-3 * Math.Abs(best)) || (double.IsPositiveInfinity(best) && double.IsFinite(trial.Loss));
                best = Math.Min(best, trial.Loss);
            }
            else
            {
                var isNew = !front.Exists(l => Dominance.Covers(l, trial.Losses));
                if (isNew)
                {
                    front.RemoveAll(l => Dominance.Dominates(trial.Losses, l));
                    front.Add(trial.Losses);
                }

                yield return isNew;
            }
        }
    }

    /// <summary>The kernel's; with several objectives the geometric mean of the kernels'.</summary>
    private double[] Weights() => _objectives == 1
        ? _losses[0].Models[0].Hyperparameters.Weights
        : [.. Enumerable.Range(0, _space.Count).Select(d => Math.Exp(_losses.Average(l => Math.Log(l.Models[0].Hyperparameters.Weights[d]))))];

    private Feasibility? Diverging()
    {
        if (!_trials.Exists(t => double.IsPositiveInfinity(t.Loss)))
        {
            return null;
        }

        var columns = new PointColumns(_map);
        var held = _losses[0].Held;
        foreach (var i in held)
        {
            columns.Add(_trials[i].Point);
        }

        return new Feasibility(columns, [.. held.Select(i => double.IsPositiveInfinity(_trials[i].Loss))], _losses[0].Models[0].Hyperparameters);
    }

    private bool IsTaken(double[] point) => _taken.Contains(point) || (_space.Space.Constraints.Count > 0 && !_space.Space.Allows(_space.Decode(point)));
}
