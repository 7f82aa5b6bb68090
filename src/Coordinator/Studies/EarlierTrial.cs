using TuningCluster.Shared.SearchSpaces;

namespace TuningCluster.Coordinator.Studies;

/// <summary>A trial of an earlier study or of a table, before it is known whether it is a point of a new study's space.</summary>
/// <param name="Name">For messages: <c>trial 3</c>, <c>line 5</c>.</param>
/// <param name="Values">Each parameter's value; where a text may mean several, all that it may.</param>
/// <param name="Objectives">In the order of the new study; null where one is not known; empty when it diverged.</param>
/// <param name="Metrics">Those of it that the new study's objectives and constraints are about.</param>
public sealed record EarlierTrial(
    string Name, IReadOnlyDictionary<string, IReadOnlyList<ParameterValue>> Values, IReadOnlyList<double?> Objectives, IReadOnlyDictionary<string, double> Metrics);
