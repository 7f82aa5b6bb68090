using TuningCluster.Coordinator.Pruning;
using TuningCluster.Shared.Trials;
using static TuningCluster.Coordinator.Tests.Pruning.Curves;

namespace TuningCluster.Coordinator.Tests.Pruning;

public sealed class RungsTests
{
    private readonly Rungs _rungs = new(1, 3, 27, _ => true);

    [Fact]
    public void Rungs_lie_a_factor_apart_below_the_last_step()
    {
        Assert.Equal([1, 3, 9], _rungs.All);
        Assert.Equal([2, 4, 8, 16], new Rungs(2, 2, 30, _ => true).All);
        Assert.Empty(new Rungs(30, 2, 30, _ => true).All);
        Assert.Equal((1, 9, (int?)null), (_rungs.Above(0), _rungs.Above(3), _rungs.Above(9)));
    }

    [Fact]
    public void Everyone_who_reached_a_rung_counts_there_whatever_became_of_it()
    {
        var history = History(
            Complete(0, [.. Enumerable.Repeat(5.0, 27)]),
            Trial(1, TrialState.Pruned, 4, 4, 4),
            Trial(2, TrialState.Running, 3, 3, 3),
            Paused(3, 2, 2, 2),
            // On its way to the second rung: the worst there.
            Trial(4, TrialState.Diverged, 1, 1),
            // Says nothing.
            Trial(5, TrialState.Failed, 0, 0, 0),
            Trial(6, TrialState.Cancelled, 0, 0, 0),
            Trial(7, TrialState.Waiting),
            // Its own early stopping ended it before the second rung.
            Complete(8, 6, 1));

        Assert.Equal((1, 6), _rungs.Place(history, 3, 0));
        Assert.Equal((1, 6), _rungs.Place(history, 3, 1));
        Assert.Equal((3, 6), _rungs.Place(History([.. history.Trials.Take(3), Paused(3, 9, 9, 4.5), .. history.Trials.Skip(4)]), 3, 1));
    }

    [Fact]
    public void Of_equals_the_earlier_is_better()
    {
        var history = History(Paused(0, 1), Complete(1, 1), Paused(2, 1));

        Assert.Equal((2, 3), _rungs.Place(history, 2, 0));
        Assert.Equal((1, 3), _rungs.Place(history, 0, 0));
    }
}
