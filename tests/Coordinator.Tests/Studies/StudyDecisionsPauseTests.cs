using TuningCluster.Coordinator.Pruning;
using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Protocol;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Studies;

/// <summary>Trials that are set aside: judged, let go on, ended.</summary>
public sealed class StudyDecisionsPauseTests
{
    private static readonly IntermediateValue[] Curve = [new(1, 3), new(2, 2)];

    private readonly FakePruner _pruner = new();

    [Fact]
    public void A_lease_says_at_which_step_the_trial_is_to_be_set_aside()
    {
        var bench = Running(slots: 1);
        var first = Assert.IsType<SendRun>(Assert.Single(bench.Suggest(1).Effects));
        _pruner.Go = [0];
        var second = bench.End(0, Paused(2)).Effects.OfType<SendRun>().Single();

        Assert.Equal((2, 4), (first.Until, second.Until));
        Assert.Equal((TrialState.Running, 2, 2), (bench.StateOf(0), bench.State.Trials[0].Attempts, bench.State.Trials[0].PausedAt));
        Assert.Equal(Curve, bench.State.Trials[0].Curve);
    }

    [Fact]
    public void Who_is_stopped_is_pruned_with_its_metrics_and_its_worker_hears_of_it()
    {
        var bench = Running(slots: 1);
        bench.Suggest(1);
        var key = bench.Key(0);
        _pruner.Stopped = [0];
        var decision = bench.End(0, Paused(2));

        Assert.Equal([typeof(TrialPaused), typeof(TrialPruned)], decision.Events.Select(e => e.GetType()));
        Assert.Equal((TrialState.Pruned, 3.5), (bench.StateOf(0), bench.State.Trials[0].Metrics["seconds"]));
        Assert.Equal([new SendAcknowledge("a", key, "way to a"), new SendStop("a", key, StopReason.Pruned, "way to a")], decision.Effects);
        Assert.Equal(1, bench.State.Counts.AgainstBudget);
    }

    [Fact]
    public void Interrupted_trials_come_before_those_that_go_on_and_those_before_new_ones()
    {
        var bench = Running(slots: 3);
        bench.Suggest(3);
        bench.End(0, Paused(2));
        bench.End(1, Paused(2));
        _pruner.Go = [1, 0];
        bench.Leave("a");
        bench.Suggest(1);
        bench.End(2, new TrialOutcome.Released("drains"));

        Assert.Equal([2, 1, 0, 3], bench.Join("b", slots: 4).Events.OfType<TrialStarted>().Select(s => s.Number));
    }

    [Fact]
    public void What_goes_on_takes_the_place_of_suggestions()
    {
        var bench = Running(slots: 2);
        bench.Suggest(2);
        bench.End(0, Paused(2));
        Assert.Equal(1, bench.Wanted);
        bench.Leave("a");
        _pruner.Go = [0];
        Assert.Equal(0, bench.Wanted);
    }

    [Fact]
    public void Paused_trials_are_pruned_once_nothing_can_happen_any_more()
    {
        var bench = Running(slots: 4);
        bench.Suggest(4);
        bench.End(0, Paused(2));
        bench.End(1, Paused(2));
        bench.Complete(2);
        Assert.Equal(TrialState.Paused, bench.StateOf(0));
        bench.Complete(3);

        Assert.Equal([TrialState.Pruned, TrialState.Pruned], [bench.StateOf(0), bench.StateOf(1)]);
        Assert.Equal(FinishReason.TrialsDone, bench.EndReason);
    }

    [Fact]
    public void Where_none_is_complete_the_best_of_those_that_came_furthest_goes_on_to_its_end()
    {
        var bench = Running(slots: 4);
        bench.Suggest(4);
        bench.End(0, At(2, 0.1));
        bench.End(1, At(4, 0.7));
        bench.End(2, At(4, 0.6));
        Assert.Equal(3, bench.State.PausedCount);
        bench.End(3, At(2, 0.2));

        Assert.Equal((TrialState.Running, 3), (bench.StateOf(2), bench.State.PausedCount));
        bench.End(2, At(6, 0.9));
        Assert.Equal(TrialState.Running, bench.StateOf(2));
        bench.Complete(2);
        Assert.Equal([TrialState.Pruned, TrialState.Pruned, TrialState.Complete, TrialState.Pruned], Enumerable.Range(0, 4).Select(bench.StateOf));
        Assert.Equal(FinishReason.TrialsDone, bench.EndReason);

        static TrialOutcome.Paused At(int step, double value) => new(step) { Curve = [new IntermediateValue(step, value)], Metrics = new Dictionary<string, double>() };
    }

    [Fact]
    public void They_are_not_while_there_may_be_more_trials_or_the_study_is_paused()
    {
        var bench = Running(slots: 4);
        bench.Suggest(3);
        bench.Decide(new PauseStudy("lunch"));
        for (var n = 0; n < 3; n++)
        {
            bench.End(n, Paused(2));
        }

        Assert.Equal(3, bench.State.PausedCount);
        bench.Decide(new ResumeStudy());
        Assert.Equal((3, 1), (bench.State.PausedCount, bench.Wanted));
    }

    [Fact]
    public void A_stop_prunes_what_is_set_aside_and_cancels_the_rest()
    {
        var bench = Running(slots: 2);
        bench.Suggest(2);
        bench.End(0, Paused(2));
        bench.Decide(new StopStudy());

        Assert.Equal((TrialState.Pruned, TrialState.Cancelled), (bench.StateOf(0), bench.StateOf(1)));
    }

    private static TrialOutcome.Paused Paused(int step) =>
        new TrialOutcome.Paused(step) { Curve = Curve, Metrics = new Dictionary<string, double> { ["seconds"] = 3.5 } };

    private StudyBench Running(int slots)
    {
        var bench = new StudyBench(Specs.Random(4)) { Pruner = _pruner };
        bench.Join("a", slots);
        return bench;
    }

    /// <summary>Judges every second step, as the test says.</summary>
    private sealed class FakePruner : IPruner
    {
        public IReadOnlyList<int> Stopped { get; set; } = [];

        public IReadOnlyList<int> Go { get; set; } = [];

        public bool LetsWait => true;

        public int? NextStep(int number, int step) => step + 2;

        public bool Stops(StudyHistory history, int number) => Stopped.Contains(number);

        public IReadOnlyList<int> GoOn(StudyHistory history) => [.. Go.Where(n => history.Trials[n].State == TrialState.Paused)];
    }
}
