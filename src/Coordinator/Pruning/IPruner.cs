using TuningCluster.Coordinator.Search;

namespace TuningCluster.Coordinator.Pruning;

/// <summary>A rule that ends trials before their last step: a function of history.</summary>
/// <remarks>
/// A trial trains in segments. At the step <see cref="NextStep"/> names it is set aside as paused, with a checkpoint and its curve in the
/// history; then <see cref="Stops"/> says whether it ends there, and <see cref="GoOn"/> which of the paused trials train their next segment.
/// A rule that never lets a trial wait names every paused one. Trials paused when the study ends become pruned.
/// Keeps nothing between calls but memos of the history (see <see cref="StudyHistory.Lineage"/>). Called on the study's mailbox:
/// microseconds, not milliseconds.
/// </remarks>
public interface IPruner
{
    /// <summary>Whether a paused trial may be left waiting while others train; such a rule cannot be made repeatable in parallel.</summary>
    bool LetsWait { get; }

    /// <summary>The step at which a trial is judged next; null when it trains to its end.</summary>
    /// <param name="number">The trial.</param>
    /// <param name="step">The step it was judged at last; 0 before the first.</param>
    int? NextStep(int number, int step);

    /// <summary>Whether a trial that has reached a step at which it is judged ends there.</summary>
    /// <param name="history">In which the trial is paused, its curve up to that step.</param>
    /// <param name="number">The trial.</param>
    bool Stops(StudyHistory history, int number);

    /// <summary>The paused trials that may train their next segment now, the most promising first.</summary>
    /// <param name="history">All trials.</param>
    IReadOnlyList<int> GoOn(StudyHistory history);
}
