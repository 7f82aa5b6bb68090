using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Strategies;
using TuningCluster.Shared.Studies;

namespace TuningCluster.Coordinator.Cli.Displays;

/// <summary>How many trials a study will have when nothing ends it early.</summary>
internal static class TrialTotal
{
    // Counting a grid with many conditions takes time, and a study's space hardly ever changes.
    private static (StudySpec? Spec, long? Total) _last;

    /// <returns>Null when only time or a target ends it.</returns>
    public static long? Of(StudyState state)
    {
        var spec = state.Spec;
        var last = _last;
        if (!ReferenceEquals(last.Spec, spec))
        {
            var size = spec.Strategy.Name switch
            {
                "grid" => StrategySize.Of(state) + spec.Enqueue.Count,
                StrategySettings.Population => SamplerFactory.Create(spec).Size + spec.Enqueue.Count,
                _ => null,
            };
            last = (spec, spec.Budget.Trials is { } trials && (size is null || trials < size) ? trials : size);
            _last = last;
        }

        return last.Total;
    }
}
