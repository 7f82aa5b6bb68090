using TuningCluster.Coordinator.Search;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Pruning;

/// <summary>The trials of a history that are set aside.</summary>
internal static class PausedTrials
{
    /// <summary>Their numbers, ascending.</summary>
    public static List<int> Of(StudyHistory history)
    {
        var paused = new List<int>();
        foreach (var number in history.Open)
        {
            if (history.Trials[number].State == TrialState.Paused)
            {
                paused.Add(number);
            }
        }

        return paused;
    }
}
