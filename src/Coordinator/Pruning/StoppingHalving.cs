using TuningCluster.Coordinator.Search;

namespace TuningCluster.Coordinator.Pruning;

/// <summary>Asynchronous successive halving that stops (Li et al. 2020, arXiv:1810.05934, as its authors run it in practice): who reaches a rung and
/// is not among the best 1/η that have reached it so far ends there; the others go on at once.</summary>
/// <remarks>Ours: a rung whose order has shown nothing of the order on the next (see <see cref="RankAgreement"/>) ends nobody, and the next keeps the best 1/η² instead.</remarks>
/// <param name="ladder">By number: the rungs a trial climbs.</param>
public sealed class StoppingHalving(Func<int, Rungs> ladder) : IPruner
{
    public bool LetsWait => false;

    public int? NextStep(int number, int step) => ladder(number).Above(step);

    public bool Stops(StudyHistory history, int number)
    {
        var rungs = ladder(number);
        var rung = rungs.RungOf(history.Trials[number]);
        if (rung < 0 || !rungs.Tells(history, rung))
        {
            return false;
        }

        var (better, all) = rungs.Place(history, number, rung);
        // The first to come has nobody to be compared with.
        return better >= Math.Max(1, rungs.Survivors(history, rung, all));
    }

    public IReadOnlyList<int> GoOn(StudyHistory history) => PausedTrials.Of(history);
}
