using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Search.Grid;
using TuningCluster.Coordinator.Search.Random;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Studies;

public sealed class SuggestingTests
{
    [Fact]
    public void Each_suggestion_sees_the_earlier_ones_as_pending_and_the_sequence_it_was_drawn_from()
    {
        var bench = new StudyBench(Specs.Random());
        bench.Suggest(1);
        var sampler = new Recording(size: null);

        var drawn = Suggesting.Draw(bench.State, sampler, "hash", 3);

        Assert.Equal([1, 2, 3], drawn.Suggestions.Select(s => s.Number));
        Assert.All(drawn.Suggestions, s => Assert.Equal(("hash", "random/recording-1", bench.State.Sequence), (s.SettingsHash, s.Sampler, s.HistorySequence)));
        Assert.False(drawn.Exhausted);
        Assert.Equal([1, 2, 3], sampler.Seen.Select(h => h.NextNumber));
        Assert.All(sampler.Seen, h => Assert.Equal(bench.State.Sequence, h.Sequence));
        Assert.All(sampler.Seen[2].Trials, t => Assert.Equal(TrialState.Waiting, t.State));
        Assert.Equal(drawn.Suggestions[1].Parameters, sampler.Seen[2].Trials[2].Parameters);
    }

    [Fact]
    public void What_was_enqueued_comes_first_and_is_filled_up_by_random()
    {
        var given = new TrialParameters([KeyValuePair.Create("x1", ParameterValue.Float(1.5))]);
        var bench = new StudyBench(Specs.Random() with { Enqueue = [given, Specs.Point(2, 3)] });
        var sampler = new Recording(size: null);

        var drawn = Suggesting.Draw(bench.State, sampler, "hash", 3).Suggestions;

        Assert.Equal([true, true, false], drawn.Select(s => s.Enqueued));
        Assert.Equal(["enqueue", "enqueue", "random/recording-1"], drawn.Select(s => s.Sampler));
        Assert.Equal(ParameterValue.Float(1.5), drawn[0].Parameters["x1"]);
        Assert.True(bench.State.Spec.Space.Contains(drawn[0].Parameters));
        Assert.Equal(Specs.Point(2, 3), drawn[1].Parameters);
        Assert.Single(sampler.Seen);
    }

    [Fact]
    public void Says_when_the_sampler_is_exhausted_and_keeps_what_it_gave()
    {
        var drawn = Suggesting.Draw(new StudyBench(Specs.Random()).State, new Recording(size: 2), "hash", 5);
        Assert.Equal((2, true), (drawn.Suggestions.Count, drawn.Exhausted));
    }

    [Fact]
    public void A_trials_suggestion_depends_on_its_number_not_on_how_many_are_drawn_at_once()
    {
        var bench = new StudyBench(Specs.Random());
        var together = Suggesting.Draw(bench.State, new RandomSampler(), "hash", 3).Suggestions.Select(s => s.Parameters).ToList();

        var apart = new List<TrialParameters>();
        for (var i = 0; i < 3; i++)
        {
            var one = Suggesting.Draw(bench.State, new RandomSampler(), "hash", 1);
            apart.Add(one.Suggestions[0].Parameters);
            bench.Decide(one);
        }

        Assert.Equal(together, apart);
        Assert.Equal(3, together.Distinct().Count());
    }

    [Fact]
    public void A_cancelled_grid_point_is_tried_again_and_none_is_tried_twice()
    {
        var spec = Specs.With(Specs.Grid(), budget => budget with { Time = TimeSpan.FromMinutes(1) });
        var sampler = new GridSampler(spec.Space);
        var bench = new StudyBench(spec) { SamplerSize = sampler.Size };
        bench.Join("a", slots: 4);
        bench.Decide(Suggesting.Draw(bench.State, sampler, "hash", 4));
        bench.Complete(1);
        bench.Complete(3);
        bench.Elapsed = TimeSpan.FromMinutes(1);
        bench.Tick();
        Assert.Equal(2, bench.State.Counts.Cancelled);

        bench.Decide(new ExtendStudy(spec.Budget with { Time = TimeSpan.FromHours(1) }, spec.Limits, spec.Parallel, spec.Retry));
        for (var round = 0; round < 4; round++)
        {
            if (bench.Wanted is > 0 and var wanted)
            {
                bench.Decide(Suggesting.Draw(bench.State, sampler, "hash", wanted));
            }

            foreach (var number in bench.State.Open.ToList())
            {
                bench.Complete(number);
            }
        }

        var tried = bench.State.Trials.Where(t => t.State == TrialState.Complete).Select(t => t.Parameters).ToList();
        Assert.Equal((6, 6), (tried.Count, tried.Distinct().Count()));
        Assert.Equal(FinishReason.SpaceExhausted, bench.EndReason);
    }

    /// <summary>Draws at random and keeps what it was shown.</summary>
    private sealed class Recording(int? size) : ISampler
    {
        public List<StudyHistory> Seen { get; } = [];

        public string Version => "recording-1";

        public bool Learns => true;

        public long? Size => size;

        public TrialParameters? Suggest(SearchSpace space, StudyHistory history, Rng rng)
        {
            Seen.Add(history);
            return history.NextNumber < (size ?? int.MaxValue) ? new RandomSampler().Suggest(space, history, rng) : null;
        }
    }
}
