using System.Globalization;
using TuningCluster.Shared.Models;
using TuningCluster.Shared.Trials;

namespace TuningCluster.TrialWorker.Objectives;

/// <summary>A test function of the trial's numeric parameters, in the order of the study file; texts and truth values are ignored.</summary>
public sealed class FunctionObjective : IObjective
{
    private readonly string _name;
    private readonly IReadOnlyList<string> _metrics;
    private readonly int _objective;

    /// <param name="name">One of <see cref="TestFunctionNames.All"/>.</param>
    /// <param name="metric">Which of its metrics the value of a trial is.</param>
    /// <exception cref="ArgumentException">No such function, or no such metric of it.</exception>
    public FunctionObjective(string name, string metric)
    {
        _name = name;
        _metrics = TestFunctionNames.MetricsOf(name);
        _objective = _metrics.ToList().IndexOf(metric);
        if (_objective < 0)
        {
            throw new ArgumentException($"{name} has no metric '{metric}', only {string.Join(", ", _metrics)}.", nameof(metric));
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The function takes another number of parameters.</exception>
    public TrialOutcome Run(TrialJob job, Action<IntermediateValue> report, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var point = job.Parameters.Values.Where(v => v.IsNumber).Select(v => v.AsDouble()).ToArray();
        var (least, most) = TestFunctionNames.Dimensions(_name);
        if (point.Length < least || point.Length > most)
        {
            var wanted = most == least ? $"{least}" : most is null ? $"at least {least}" : $"{least} to {most}";
            throw new ArgumentException($"{_name} takes {wanted} numeric parameters; the trial has {point.Length}.", nameof(job));
        }

        var values = TestFunctions.Evaluate(_name, point);
        var value = values[_objective];
        return double.IsFinite(value)
            ? new TrialOutcome.Completed(value, null) { Metrics = _metrics.Zip(values).ToDictionary(m => m.First, m => m.Second, StringComparer.Ordinal) }
            : new TrialOutcome.Diverged(1, string.Create(CultureInfo.InvariantCulture, $"{_name} is {value} at {job.Parameters}."));
    }
}
