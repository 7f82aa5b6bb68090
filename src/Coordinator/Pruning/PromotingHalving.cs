using TuningCluster.Coordinator.Search;

namespace TuningCluster.Coordinator.Pruning;

/// <summary>Asynchronous successive halving that promotes (Li et al. 2020, arXiv:1810.05934, algorithm 2): every trial waits at its rung until it is among the best 1/η that
/// have reached it; a slot that is free promotes from the highest rung it can, and begins a new trial when there is nobody to promote.</summary>
/// <param name="rungs">The rungs all trials climb.</param>
public sealed class PromotingHalving(Rungs rungs) : IPruner
{
    public bool LetsWait => true;

    public int? NextStep(int number, int step) => rungs.Above(step);

    public bool Stops(StudyHistory history, int number) => false;

    public IReadOnlyList<int> GoOn(StudyHistory history)
    {
        var promoted = new List<(int Rung, int Better, int Number)>();
        foreach (var (number, rung, better, all) in rungs.PlacesOfPaused(history))
        {
            if (rung < 0 || better < rungs.Survivors(all))
            {
                promoted.Add((rung, better, number));
            }
        }

        return [.. promoted.OrderByDescending(p => p.Rung).ThenBy(p => p.Better).ThenBy(p => p.Number).Select(p => p.Number)];
    }
}
