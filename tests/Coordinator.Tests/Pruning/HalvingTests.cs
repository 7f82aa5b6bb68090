using TuningCluster.Coordinator.Pruning;
using TuningCluster.Shared.Trials;
using static TuningCluster.Coordinator.Tests.Pruning.Curves;

namespace TuningCluster.Coordinator.Tests.Pruning;

public sealed class HalvingTests
{
    private static readonly Rungs Ladder = new(1, 2, 4, _ => true);

    [Fact]
    public void Stopping_lets_the_best_share_of_those_so_far_go_on()
    {
        var stopping = new StoppingHalving(_ => Ladder);

        // The first has nobody beside it; of two the better goes on; of four the better two.
        Assert.False(stopping.Stops(History(Paused(0, 9)), 0));
        Assert.True(stopping.Stops(History(Complete(0, 5, 5, 5, 5), Paused(1, 6)), 1));
        Assert.False(stopping.Stops(History(Complete(0, 5, 5, 5, 5), Paused(1, 4)), 1));
        Assert.False(stopping.Stops(History(Complete(0, 5, 5, 5, 5), Trial(1, TrialState.Pruned, 6), Trial(2, TrialState.Pruned, 7), Paused(3, 5.5)), 3));
        Assert.True(stopping.Stops(History(Complete(0, 5, 5, 5, 5), Complete(1, 4, 4, 4, 4), Trial(2, TrialState.Pruned, 7), Paused(3, 5.5)), 3));
    }

    [Fact]
    public void Promoting_lets_everyone_wait_until_it_is_among_the_best_share()
    {
        var promoting = new PromotingHalving(new Rungs(1, 2, 4, _ => true));

        Assert.Empty(promoting.GoOn(History(Paused(0, 9))));
        Assert.Equal([1], promoting.GoOn(History(Paused(0, 9), Paused(1, 8))));
        // Who has been promoted is one of the share.
        Assert.Empty(promoting.GoOn(History(Paused(0, 9), Trial(1, TrialState.Running, 8), Paused(2, 8.5))));
        Assert.Equal([2], promoting.GoOn(History(Paused(0, 9), Trial(1, TrialState.Running, 8), Paused(2, 8.5), Paused(3, 10))));
    }

    [Fact]
    public void Promoting_begins_at_the_highest_rung_and_with_the_best()
    {
        var promoting = new PromotingHalving(new Rungs(1, 2, 4, _ => true));
        var history = History(Paused(0, 5, 5), Paused(1, 4, 6), Paused(2, 3), Paused(3, 2), Paused(4, 9), Paused(5, 9), Paused(6, 9), Paused(7, 9));

        Assert.Equal([0, 3, 2], promoting.GoOn(history));
    }

    [Fact]
    public void Brackets_are_as_frequent_as_in_the_paper_and_compare_their_own_trials_only()
    {
        var brackets = new Brackets(1, 3, 9, seed: 3);
        Assert.Equal(3, brackets.Count);
        Assert.Equal([(1, 3), (3, 3), (9, 0)], Enumerable.Range(0, 200).Select(n => brackets.Ladder(n)).Distinct()
            .Select(l => (First: l.Above(0) ?? 9, Last: l.All.Count > 0 ? l.All[^1] : 0)).Order());

        // Shares ⌈3 · 9 / 3⌉ : ⌈3 · 3 / 2⌉ : 3 = 9 : 5 : 3.
        var counts = Enumerable.Range(0, 17_000).CountBy(brackets.Of).OrderBy(c => c.Key).Select(c => c.Value).ToList();
        Assert.InRange(counts[0], 8_700, 9_300);
        Assert.InRange(counts[1], 4_750, 5_250);
        Assert.InRange(counts[2], 2_800, 3_200);

        var numbers = Enumerable.Range(0, 60).Where(n => brackets.Of(n) == 0).Take(2).ToList();
        var others = Enumerable.Range(0, numbers[1] + 1).Select(n => n == numbers[1] ? Paused(n, 5) : n == numbers[0] ? Complete(n, [.. Enumerable.Repeat(6.0, 9)]) : Complete(n, [.. Enumerable.Repeat(0.0, 9)]));
        Assert.False(new StoppingHalving(brackets.Ladder).Stops(History([.. others]), numbers[1]));
    }
}
