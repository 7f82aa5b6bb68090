using TuningCluster.Shared.Strategies;

namespace TuningCluster.Shared.Studies.Reading;

/// <summary>Finds what does not go with several objectives, of which no trial need be the best.</summary>
internal static class SeveralObjectivesRules
{
    /// <param name="root">The study file.</param>
    /// <param name="spec">What was read of it.</param>
    public static void Check(Section root, StudySpec spec)
    {
        if (spec.FurtherObjectives.Count == 0)
        {
            return;
        }

        if (!StrategySettings.ForSeveralObjectives.Contains(spec.Strategy.Name))
        {
            var entry = root.Find("strategy")!;
            root.Faults.AtKey(
                (entry.Value as MappingNode)?.Find("name") ?? entry,
                $"{spec.Strategy.Name} searches for the best of one objective",
                $"with several: {string.Join(", ", StrategySettings.ForSeveralObjectives)}");
        }

        if (spec.Stopping != StoppingSpec.None && root.Find("stopping") is { } stopping)
        {
            root.Faults.AtKey(stopping, "a rule that stops trials compares one value, and there are several objectives", "stopping: none");
        }

        foreach (var key in (string[])["target", "patience"])
        {
            if ((root.Find("budget")?.Value as MappingNode)?.Find(key) is { Value.IsNull: false } limit)
            {
                root.Faults.AtKey(limit, $"{key} goes by the best value, and with several objectives there is none", "leave it out");
            }
        }
    }
}
