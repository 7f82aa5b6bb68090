using TuningCluster.Coordinator.Pruning;
using TuningCluster.Coordinator.Search;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.Trials;
using static TuningCluster.Coordinator.Tests.Pruning.Curves;

namespace TuningCluster.Coordinator.Tests.Pruning;

public sealed class RankAgreementTests
{
    [Fact]
    public void A_rung_is_believed_until_ten_trials_say_otherwise()
    {
        Assert.True(Ladder().Tells(History(Dice(9)), 0));
        Assert.False(Ladder().Tells(History([.. Enumerable.Range(0, 10).Select(n => Complete(n, n, -n, -n, -n))]), 0));
        Assert.True(Ladder().Tells(History([.. Enumerable.Range(0, 40).Select(n => Complete(n, n, n, n, n))]), 0));
    }

    [Fact]
    public void A_rung_that_tells_nothing_ends_nobody_and_the_next_makes_up_for_it()
    {
        var trials = Enumerable.Range(0, 39).Select(n => Complete(n, n, n % 2 == 0 ? 100 + n : 100 - n, 0, 0)).ToArray();
        var stopping = new StoppingHalving(_ => Ladder());

        Assert.False(stopping.Stops(History([.. trials, Paused(39, 1000)]), 39));
        // Of forty at the second rung ten go on, not twenty: eleven are better than this one.
        Assert.True(stopping.Stops(History([.. trials, Paused(39, 1000, 82)]), 39));
        Assert.False(stopping.Stops(History([.. trials, Paused(39, 1000, 60)]), 39));
    }

    [Fact]
    public void A_memo_says_what_a_fresh_one_says()
    {
        var rng = Rng.For(5, 0, "curves");
        var trials = Enumerable.Range(0, 120).Select(n => Complete(n, rng.NextDouble(), rng.NextDouble(), 0, 0)).ToArray();
        var (kept, lineage) = (Ladder(), new object());
        for (var count = 1; count <= trials.Length; count++)
        {
            var history = History(trials[..count]) with { Lineage = lineage };
            Assert.Equal(Ladder().Tells(history with { Lineage = null }, 0), kept.Tells(history, 0));
        }
    }

    [Fact]
    public void Paused_trials_stand_where_one_look_at_each_says()
    {
        var rng = Rng.For(6, 0, "curves");
        var states = new[] { TrialState.Paused, TrialState.Paused, TrialState.Running, TrialState.Complete, TrialState.Diverged };
        var history = History([.. Enumerable.Range(0, 80).Select(n => Trial(n, states[rng.NextInt32(5)], [.. Enumerable.Range(0, 1 + rng.NextInt32(3)).Select(_ => (double)rng.NextInt32(20))]))]);
        var ladder = Ladder();

        foreach (var (number, rung, better, all) in ladder.PlacesOfPaused(history))
        {
            Assert.Equal(ladder.RungOf(history.Trials[number]), rung);
            Assert.Equal(ladder.Place(history, number, rung), (better, all));
        }
    }

    private static Rungs Ladder() => new(1, 2, 4, _ => true);

    private static HistoryTrial[] Dice(int count) => [.. Enumerable.Range(0, count).Select(n => Complete(n, n, -n, 0, 0))];
}
