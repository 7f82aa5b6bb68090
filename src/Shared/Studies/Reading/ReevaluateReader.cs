using TuningCluster.Shared.Strategies;

namespace TuningCluster.Shared.Studies.Reading;

/// <summary>Reads <c>reevaluate:</c>, what is trained again at the end.</summary>
internal static class ReevaluateReader
{
    public const int DefaultTop = 5;
    public const int DefaultSeeds = 3;
    public const int Most = 100;

    /// <param name="root">The study file.</param>
    /// <param name="strategy">Name of the strategy.</param>
    /// <param name="objectives">How many there are.</param>
    public static ReevaluateSpec? Read(Section root, string strategy, int objectives)
    {
        if (root.Find("reevaluate") is not { } entry || root.Map("reevaluate", ["top", "seeds"], example: "reevaluate: { top: 5, seeds: 3 }") is not { } section)
        {
            return null;
        }

        if (objectives > 1)
        {
            root.Faults.AtKey(entry, "with several objectives no trial is the best whose value could be luck", "leave reevaluate out");
        }
        else if (strategy == StrategySettings.Population)
        {
            root.Faults.AtKey(entry, "a trial of pbt goes on from the weights of others and cannot be trained again by itself", "leave reevaluate out, or take strategy: auto");
        }

        return new ReevaluateSpec((int)(section.Int("top", 1, Most) ?? DefaultTop), (int)(section.Int("seeds", 1, Most) ?? DefaultSeeds));
    }
}
