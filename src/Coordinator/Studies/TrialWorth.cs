using TuningCluster.Coordinator.Search.Pareto;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Studies;

/// <summary>What complete trials are worth: their objectives, the constraints on their metrics, and which no other one beats.</summary>
public static class TrialWorth
{
    /// <summary>A complete trial with what follows from its value and its metrics.</summary>
    public static Trial Judge(StudySpec spec, Trial trial) => trial.Value is not { } value
        ? trial
        : trial with
        {
            Values = Values(spec, value, trial.Metrics),
            Violations = [.. spec.MetricConstraints.Select(c => Violation(c, spec.Space, trial.Parameters, trial.Metrics))],
        };

    /// <summary>Every objective, in the order of the study file; NaN of a metric that the trial does not have.</summary>
    /// <param name="value">The first objective.</param>
    public static IReadOnlyList<double> Values(StudySpec spec, double value, IReadOnlyDictionary<string, double> metrics) =>
        [value, .. spec.FurtherObjectives.Select(o => metrics.TryGetValue(o.Metric, out var further) ? further : double.NaN)];

    /// <summary>The usable trials of which no other is as good in every objective and better in one, by number.</summary>
    public static IReadOnlyList<Trial> Front(StudyState state)
    {
        var usable = state.Trials.Where(t => t.IsUsable).ToList();
        var directions = state.Spec.Objectives.Select(o => o.Direction).ToList();
        return [.. NondominatedSort.Front([.. usable.Select(t => t.Values.Zip(directions, (value, direction) => direction.ToLoss(value)).ToArray())]).Select(i => usable[i])];
    }

    /// <summary>By how much a complete trial violates a constraint on metrics: 0 or below when it does not; +∞ when that cannot be computed, or a metric is not known.</summary>
    public static double Violation(Constraint constraint, SearchSpace space, TrialParameters parameters, IReadOnlyDictionary<string, double> metrics)
    {
        var violation = constraint.Violation(
            name => parameters.TryGetValue(name, out var value) ? value
                : metrics.TryGetValue(name, out var metric) ? ParameterValue.Float(metric)
                : space.Find(name) is not null ? null
                : ParameterValue.Float(double.NaN));
        return double.IsNaN(violation) ? double.PositiveInfinity : violation;
    }
}
