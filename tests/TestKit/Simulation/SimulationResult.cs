using TuningCluster.Coordinator.Studies;

namespace TuningCluster.TestKit.Simulation;

/// <param name="Faults">Broken promises; empty when all is well.</param>
/// <param name="Journal">As it stood at the end.</param>
/// <param name="Final">Its fold; null when it was empty.</param>
/// <param name="Lasted">Virtual time.</param>
public sealed record SimulationResult(
    SimulationPlan Plan, IReadOnlyList<string> Faults, IReadOnlyList<StudyEvent> Journal, StudyState? Final, TimeSpan Lasted);
