namespace TuningCluster.Coordinator.Search.Metropolis;

/// <summary>One step of a chain, for plots.</summary>
/// <param name="Chain">Which.</param>
/// <param name="Trial">Whose end made the step.</param>
/// <param name="Temperature">In units of the objective.</param>
/// <param name="Energy">Loss where the chain stands after it.</param>
/// <param name="Accepted">Whether it led elsewhere.</param>
/// <param name="Acceptance">Share of the chain's steps so far that did.</param>
/// <param name="Swapped">Whether it then changed its temperature for another chain's.</param>
public sealed record MetropolisStep(int Chain, int Trial, double Temperature, double Energy, bool Accepted, double Acceptance, bool Swapped);
