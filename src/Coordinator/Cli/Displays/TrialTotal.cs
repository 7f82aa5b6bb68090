using TuningCluster.Coordinator.Search;
using TuningCluster.Shared.Strategies;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Cli.Displays;

/// <summary>How many trials a study will have when nothing ends it early.</summary>
internal static class TrialTotal
{
    // Counting a grid with many conditions takes time, and a study's space hardly ever changes.
    private static (StudySpec? Spec, long? Total) _last;

    /// <returns>Null when only time or a target ends it.</returns>
    public static long? Of(StudySpec spec)
    {
        var last = _last;
        if (!ReferenceEquals(last.Spec, spec))
        {
            var size = spec.Strategy.Name is "grid" or StrategySettings.Population ? SamplerFactory.Create(spec).Size + spec.Enqueue.Count : null;
            last = (spec, spec.Budget.Trials is { } trials && (size is null || trials < size) ? trials : size);
            _last = last;
        }

        return last.Total;
    }
}
