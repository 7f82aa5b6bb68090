using System.Globalization;
using TuningCluster.Shared.Models;
using TuningCluster.Shared.Trials;

namespace TuningCluster.TrialWorker.Objectives;

/// <summary>A test function of the trial's numeric parameters, in the order of the study file; texts and truth values are ignored.</summary>
public sealed class FunctionObjective : IObjective
{
    private readonly string _name;
    private readonly Func<ReadOnlySpan<double>, double> _function;

    /// <param name="name">One of <see cref="TestFunctionNames.All"/>.</param>
    /// <exception cref="ArgumentException">No such function.</exception>
    public FunctionObjective(string name)
    {
        _name = name;
        _function = TestFunctions.Find(name);
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

        var value = _function(point);
        return double.IsFinite(value)
            ? new TrialOutcome.Completed(value, null) { Metrics = new Dictionary<string, double> { [Metrics.FunctionValue] = value } }
            : new TrialOutcome.Diverged(1, string.Create(CultureInfo.InvariantCulture, $"{_name} is {value} at {job.Parameters}."));
    }
}
