using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Search;

/// <summary>Finished trials from best to worst: complete ones by loss, then pruned ones by how far they came and their loss there, then complete ones that violate a
/// constraint by how much they do (Deb 2000), then diverged ones; of equals the lower number. Trials without a loss have no place in it.</summary>
internal sealed class ByRank : IComparer<Observation>
{
    public static readonly ByRank Instance = new();

    public int Compare(Observation? x, Observation? y)
    {
        var better = CompareOutcome(x!, y!);
        return better != 0 ? better : x!.Number.CompareTo(y!.Number);
    }

    /// <summary>As <see cref="Compare"/>, 0 for trials that are equally good.</summary>
    public static int CompareOutcome(Observation x, Observation y)
    {
        var byClass = Class(x).CompareTo(Class(y));
        if (byClass != 0)
        {
            return byClass;
        }

        var first = x.State == TrialState.Pruned ? y.Step.CompareTo(x.Step) : x.TotalViolation.CompareTo(y.TotalViolation);
        return first != 0 ? first : x.Loss.CompareTo(y.Loss);
    }

    private static int Class(Observation trial) => trial.State switch
    {
        TrialState.Complete when trial.TotalViolation == 0 => 0,
        TrialState.Pruned => 1,
        TrialState.Complete => 2,
        _ => 3,
    };
}
