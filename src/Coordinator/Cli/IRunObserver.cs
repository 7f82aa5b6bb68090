using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Cli;

/// <summary>Watches a run. Calls must return at once: they come from the study's own thread.</summary>
public interface IRunObserver
{
    /// <summary>The study changed. The first call carries the state it was found in and no events.</summary>
    void OnStudy(StudyState state, IReadOnlyList<StudyEvent> newEvents);

    /// <summary>A running trial reached a step.</summary>
    void OnProgress(int number, int attempt, IntermediateValue value);

    /// <summary>One line for the user: imputed columns, a resumed study, timings.</summary>
    void OnNote(string line);
}
