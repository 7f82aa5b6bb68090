using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Search.Pbt;
using TuningCluster.Shared.Randomness;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Search.Pbt;

/// <summary>Without segments in the history every suggestion is the beginning of a member.</summary>
public sealed class PbtSamplerTests : SamplerContract
{
    private static readonly PbtSettings Four = new(4, 2, 5, 0.25, 0.25, 1.2);

    private static readonly SearchSpace Rates = new(
    [
        new FloatParameter("learning_rate", 1e-4, 1, true, null, null, []),
        new IntParameter("width", 8, 256, true, 1, null, []),
        new FloatParameter("dropout", 0, 0.5, false, 0.1, null, []),
    ]);

    [Fact]
    public void Trains_every_member_in_turns_from_beginning_to_end()
    {
        var study = new SimulatedPopulation(Four, Rates);
        for (var turn = 0; turn < 3; turn++)
        {
            var trials = study.SuggestAll();
            Assert.Equal([0, 1, 2, 3], trials.Select(t => t.Segment!.Member));
            Assert.All(trials, t => Assert.Equal((2 * turn, Math.Min(2 * (turn + 1), 5)), (t.Segment!.Start, t.Segment.Last)));
            trials.ForEach(t => study.Complete(t.Number, t.Segment!.Member));
        }

        Assert.Null(study.Suggest());
        Assert.Equal(1, study.Ready);
        Assert.Equal(12, new PbtSampler(Four).Size);
        Assert.Equal(10, new PbtSampler(Four, enqueued: 2).Size);
        Assert.Equal(12, study.OldestNeeded);
    }

    [Theory]
    [InlineData(Direction.Minimize, 3, 0)]
    [InlineData(Direction.Maximize, 0, 3)]
    public void The_worst_quarter_takes_over_from_the_best(Direction direction, int worst, int best)
    {
        var study = new SimulatedPopulation(Four, Rates, direction);
        study.SuggestAll().ForEach(t => study.Complete(t.Number, t.Segment!.Member));
        foreach (var child in study.SuggestAll())
        {
            var parent = study.Trials[child.Segment!.Parent!.Value];
            if (child.Segment.Member == worst)
            {
                Assert.Equal(best, parent.Number);
                Assert.Equal(parent.Parameters["width"], child.Parameters["width"]);
                Assert.NotEqual(parent.Parameters["learning_rate"], child.Parameters["learning_rate"]);
                Assert.NotEqual(parent.Parameters["dropout"], child.Parameters["dropout"]);
            }
            else
            {
                Assert.Equal(child.Segment.Member, parent.Number);
                Assert.Equal(parent.Parameters, child.Parameters);
            }
        }
    }

    [Fact]
    public void Who_comes_first_is_compared_with_those_that_have_come_so_far_and_waits_for_nobody()
    {
        var study = new SimulatedPopulation(Four, Rates);
        study.SuggestAll();
        study.Complete(2, 9);
        Assert.Equal(2, study.Suggest()!.Segment!.Parent);
        study.Complete(0, 10);
        Assert.Equal((0, 2), (study.Suggest()!.Segment!.Member, study.Trials[5].Segment!.Parent));

        // Member 2 is further by now: what counts is what it had after as many steps.
        study.Complete(4, 0.1);
        Assert.Equal((2, 4), (study.Suggest()!.Segment!.Member, study.Trials[6].Segment!.Parent));
        study.Complete(1, 8);
        Assert.Equal((1, 1), (study.Suggest()!.Segment!.Member, study.Trials[7].Segment!.Parent));
        Assert.Equal(0, study.Ready);
    }

    [Fact]
    public void Those_behind_come_first()
    {
        var study = new SimulatedPopulation(Four, Rates);
        for (var i = 0; i < 12; i++)
        {
            var trial = study.Suggest()!;
            Assert.Equal((i % 4, i / 4), (trial.Segment!.Member, trial.Segment.Start / 2));
            study.Complete(trial.Number, 1);
        }
    }

    [Fact]
    public void What_violates_a_constraint_is_worse_than_what_does_not()
    {
        var study = new SimulatedPopulation(Four, Rates);
        study.SuggestAll();
        study.Complete(0, 1, 0.5);
        study.Complete(1, 2, -1);
        study.Complete(2, 3, 0);
        study.Complete(3, 4, 0);
        Assert.Equal([1, 1, 2, 3], study.SuggestAll().Select(t => t.Segment!.Parent));
    }

    [Theory]
    [InlineData(TrialState.Failed)]
    [InlineData(TrialState.Diverged)]
    public void Whose_turn_failed_takes_over_or_does_the_steps_again(TrialState state)
    {
        var study = new SimulatedPopulation(Four, Rates);
        study.SuggestAll();
        study.End(0, state);

        // Nobody has come so far: it begins again.
        Assert.Equal(new TrialSegment(0, null, 0, 2), study.Suggest()!.Segment);
        study.End(4, state);
        study.Complete(1, 5);
        Assert.Equal(new TrialSegment(1, 1, 2, 4), study.Suggest()!.Segment);
        Assert.Equal(new TrialSegment(0, 1, 2, 4), study.Suggest()!.Segment);
        study.End(5, state);
        Assert.Equal(new TrialSegment(1, 1, 2, 4), study.Suggest()!.Segment);
        Assert.Equal(0, study.Ready);

        // Member 0 has had its three turns when it comes to the end of the third.
        study.Complete(6, 5);
        Assert.Equal(0, study.Ready);
    }

    [Fact]
    public void A_turn_that_was_cancelled_is_made_up_for()
    {
        var study = new SimulatedPopulation(Four, Rates);
        study.SuggestAll().ForEach(t => study.Complete(t.Number, t.Number));
        var first = study.Suggest()!;
        study.End(first.Number, TrialState.Cancelled);
        Assert.Equal(first.Segment, study.Suggest()!.Segment);
        Assert.Equal(3, study.Ready);
    }

    [Fact]
    public void What_no_trial_can_need_any_more_is_told()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var rng = Rng.For(seed, 0, "ends");
            var study = new SimulatedPopulation(Four with { Quantile = 0.5 }, Rates);
            var (before, left) = (0, new HashSet<int>());
            while (study.Ready > 0 && study.Suggest() is { } next)
            {
                Assert.True(next.Segment!.Parent is not { } parent || left.Contains(parent), $"seed {seed}: trial {next.Number} goes on from what was swept");
                var open = study.Trials.Where(t => !t.State.IsFinal()).ToList();
                while (open.Count > 0 && (study.Ready == 0 || rng.NextInt32(3) == 0))
                {
                    var trial = open[rng.NextInt32(open.Count)];
                    open.Remove(trial);
                    Assert.True(trial.Segment!.Parent is not { } ancestor || left.Contains(ancestor), $"seed {seed}: trial {trial.Number} could not begin again");
                    End(study, trial, rng, left);
                    before = Math.Max(before, study.OldestNeeded);
                    left.RemoveWhere(n => n < before);
                }
            }
        }

        static void End(SimulatedPopulation study, HistoryTrial trial, Rng rng, HashSet<int> left)
        {
            switch (rng.NextInt32(8))
            {
                case 0:
                    study.End(trial.Number, TrialState.Diverged);
                    break;
                case 1:
                    study.End(trial.Number, TrialState.Cancelled);
                    break;
                default:
                    study.Complete(trial.Number, rng.NextDouble());
                    if (trial.Segment!.Last < 5)
                    {
                        left.Add(trial.Number);
                    }

                    break;
            }
        }
    }

    [Fact]
    public void What_a_suggestion_on_its_way_may_need_is_kept()
    {
        var study = new SimulatedPopulation(Four with { Members = 2 }, Rates);
        study.SuggestAll().ForEach(t => study.Complete(t.Number, t.Number));
        study.SuggestAll();
        study.End(2, TrialState.Diverged);

        // Now member 0 would begin again where it began; a moment later it would take over from trial 3.
        study.Complete(3, 1);
        Assert.Equal(0, study.OldestNeeded);
        Assert.Equal(3, study.Suggest()!.Segment!.Parent);
        Assert.Equal(3, study.OldestNeeded);
    }

    [Fact]
    public void Enqueued_sets_begin_members()
    {
        var sampler = new PbtSampler(Four, enqueued: 1);
        Assert.Equal(new TrialSegment(0, null, 0, 2), sampler.SegmentOfEnqueued(History([])));
        var one = new HistoryTrial(0, Set(("learning_rate", ParameterValue.Float(0.1))), TrialState.Running, null, true) { Segment = new TrialSegment(0, null, 0, 2) };
        Assert.Equal(new TrialSegment(1, null, 0, 2), sampler.SegmentOfEnqueued(new StudyHistory(1, Direction.Minimize, [one])));
        Assert.Equal(1, sampler.SuggestSegment(Rates, new StudyHistory(1, Direction.Minimize, [one]), Rng.For(1, 1, "suggest"))!.Segment.Member);
    }

    protected override ISampler Create(SearchSpace space) => new PbtSampler(Four);
}
