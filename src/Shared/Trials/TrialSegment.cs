namespace TuningCluster.Shared.Trials;

/// <summary>The part of a training that is a trial of its own: a member of a population trains one after the other, each from the weights that another trial left.</summary>
/// <param name="Member">Which member of the population, from 0.</param>
/// <param name="Parent">The complete trial, of this member or another, whose weights and optimizer it begins with; null to begin with fresh ones.</param>
/// <param name="Start">The last step of the parent; 0 without one.</param>
/// <param name="Last">The step after which it is complete; above <paramref name="Start"/>.</param>
public sealed record TrialSegment(int Member, int? Parent, int Start, int Last);
