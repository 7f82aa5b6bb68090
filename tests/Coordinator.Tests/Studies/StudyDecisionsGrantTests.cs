using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Studies;

/// <summary>Who is given which trial, and how many are wanted.</summary>
public sealed class StudyDecisionsGrantTests
{
    private readonly StudyBench _bench = new(Specs.Random(100));

    [Fact]
    public void Without_workers_nothing_is_suggested_or_started()
    {
        Assert.Equal(0, _bench.Wanted);
        Assert.DoesNotContain(_bench.Suggest(2).Events, e => e is TrialStarted);
    }

    [Fact]
    public void As_many_suggestions_are_wanted_as_slots_are_free()
    {
        _bench.Join("a", 3);
        _bench.Join("b", 2);
        Assert.Equal(5, _bench.Wanted);
        _bench.Suggest(4);
        Assert.Equal(1, _bench.Wanted);
        _bench.Suggest(1);
        Assert.Equal(0, _bench.Wanted);
        _bench.Complete(2);
        Assert.Equal(1, _bench.Wanted);
    }

    [Fact]
    public void A_worker_never_runs_more_than_its_slots_and_the_oldest_trial_goes_first()
    {
        _bench.Join("a", 2);
        _bench.Suggest(4);
        Assert.Equal([0, 1], Running("a"));
        Assert.Equal([2, 3], Waiting());

        _bench.Complete(1);
        Assert.Equal([0, 2], Running("a"));
    }

    [Fact]
    public void A_worker_that_drains_gets_nothing()
    {
        _bench.Join("a", 0);
        Assert.Equal(0, _bench.Wanted);
        _bench.Suggest(1);
        Assert.Equal([0], Waiting());
    }

    [Fact]
    public void A_released_trial_goes_before_new_ones()
    {
        _bench.Join("a");
        _bench.Suggest(2);
        _bench.End(0, new TrialOutcome.Released("the worker drains"));
        Assert.Equal([0], Running("a"));
    }

    [Fact]
    public void Look_ahead_leases_one_more_trial_a_slot()
    {
        _bench.LookAhead = 1;
        _bench.Join("a", 2);
        Assert.Equal(4, _bench.Wanted);
        _bench.Suggest(4);
        Assert.Equal([0, 1, 2, 3], Running("a"));
        Assert.Equal(0, _bench.Wanted);
    }

    [Fact]
    public void No_trial_waits_at_a_slot_while_another_slot_is_free()
    {
        _bench.LookAhead = 1;
        _bench.Join("a");
        _bench.Join("b", 2);
        _bench.Join("c");
        _bench.Suggest(5);
        Assert.Equal([0, 4], Running("a"));
        Assert.Equal([1, 3], Running("b"));
        Assert.Equal([2], Running("c"));
    }

    [Fact]
    public void Of_the_last_trials_none_waits_at_a_slot()
    {
        var bench = new StudyBench(Specs.Random(10)) { LookAhead = 1 };
        bench.Join("a");
        bench.Join("b");
        bench.Suggest(10);
        foreach (var number in (int[])[0, 2, 4, 5, 6])
        {
            bench.Complete(number);
        }

        Assert.Equal([7, 8], At("a"));
        bench.Complete(7);
        Assert.Equal([8], At("a"));
        Assert.Equal([1, 3], At("b"));
        Assert.Equal(TrialState.Waiting, bench.StateOf(9));
        bench.Complete(8);
        Assert.Equal([9], At("a"));

        IEnumerable<int> At(string worker) => bench.State.OpenTrials.Where(t => t.Lease?.Worker == worker).Select(t => t.Number);
    }

    [Fact]
    public void A_parallel_limit_that_binds_is_spread_over_the_workers()
    {
        var bench = new StudyBench(Specs.Random(100) with { Parallel = new ParallelSpec(2, 1) }) { LookAhead = 1 };
        foreach (var worker in (string[])["a", "b", "c"])
        {
            bench.Join(worker);
        }

        bench.Suggest(3);
        Assert.Equal(["a", "b"], bench.State.OpenTrials.Where(t => t.Lease is not null).Select(t => t.Lease!.Worker));
        bench.Complete(0);
        Assert.Equal(["b", "a"], bench.State.OpenTrials.Where(t => t.Lease is not null).Select(t => t.Lease!.Worker));
    }

    [Fact]
    public void The_parallel_limit_of_the_study_holds_over_all_workers()
    {
        var bench = new StudyBench(Specs.Random(100) with { Parallel = new ParallelSpec(3, 1) });
        bench.Join("a", 2);
        bench.Join("b", 2);
        bench.Suggest(4);
        Assert.Equal((3, 1), (bench.State.RunningCount, bench.State.WaitingCount));

        bench.Complete(0);
        Assert.Equal((3, 0), (bench.State.RunningCount, bench.State.WaitingCount));
    }

    [Fact]
    public void No_more_is_suggested_than_the_parallel_limit_lets_run()
    {
        var bench = new StudyBench(Specs.Random(100) with { Parallel = new ParallelSpec(3, 1) });
        bench.Join("a", 8);
        Assert.Equal(3, bench.Wanted);
        bench.Suggest(3);
        Assert.Equal(0, bench.Wanted);
    }

    [Fact]
    public void A_parallel_limit_that_does_not_bind_leaves_look_ahead_alone()
    {
        var bench = new StudyBench(Specs.Random(100) with { Parallel = new ParallelSpec(2, 1) }) { LookAhead = 1 };
        bench.Join("a", 2);
        Assert.Equal(4, bench.Wanted);
    }

    [Fact]
    public void A_larger_parallel_limit_takes_effect_at_once()
    {
        var bench = new StudyBench(Specs.Random(100) with { Parallel = new ParallelSpec(1, 1) });
        bench.Join("a", 4);
        bench.Suggest(3);
        Assert.Equal(1, bench.State.RunningCount);

        var spec = bench.State.Spec;
        bench.Decide(new ExtendStudy(spec.Budget, spec.Limits, new ParallelSpec(3, 1), spec.Retry));
        Assert.Equal(3, bench.State.RunningCount);
    }

    [Fact]
    public void From_its_second_loss_on_a_trial_gets_an_empty_worker_and_runs_alone_there()
    {
        _bench.Join("a", 2);
        _bench.Suggest(1);
        _bench.Join("a", 2, "i2");
        _bench.Join("a", 2, "i3");
        Assert.Equal(2, _bench.State.Trials[0].Losses);
        Assert.Equal([0], Running("a"));

        _bench.Suggest(1);
        Assert.Equal([1], Waiting());
        _bench.Complete(0);
        Assert.Equal([1], Running("a"));
    }

    [Fact]
    public void A_worker_is_emptied_for_a_trial_that_must_run_alone()
    {
        _bench.Join("a", 2);
        _bench.Suggest(2);
        _bench.Join("a", 2, "i2");
        _bench.Join("b", 1);
        _bench.Suggest(1);
        _bench.Leave("b");
        _bench.Complete(1);
        Assert.Equal([0], Running("a"));

        // The second loss of trial 0, while b, the only other worker, is at work.
        _bench.Join("b", 1);
        _bench.FallSilent(0);
        _bench.Suggest(2);
        Assert.Equal([2], Running("b"));

        _bench.Complete(2);
        Assert.Equal([0], Running("b"));
        _bench.Complete(0);
        Assert.Equal([3], Running("b"));
    }

    [Fact]
    public void A_trial_that_must_run_alone_takes_one_worker_and_the_others_work_on()
    {
        _bench.Join("a");
        _bench.Suggest(1);
        _bench.Join("a", 1, "i2");
        _bench.Leave("a");
        _bench.Join("b", 2);
        _bench.Join("c", 2);
        _bench.FallSilent(0);
        _bench.Suggest(4);

        Assert.Equal([0], Running("b"));
        Assert.Equal([1, 2], Running("c"));
        Assert.Equal([3, 4], Waiting());
    }

    [Fact]
    public void Several_lapsed_leases_fill_several_free_slots()
    {
        _bench.Join("a", 2);
        _bench.Suggest(2);
        _bench.FallSilent(0);
        _bench.FallSilent(1);
        _bench.Join("b", 4);
        Assert.Equal([0, 1], Running("b"));
    }

    [Fact]
    public void A_lapsed_trial_goes_before_new_ones()
    {
        var bench = new StudyBench(Specs.Random(10) with { Parallel = new ParallelSpec(2, 1) });
        bench.Join("a");
        bench.Join("b");
        bench.Suggest(4);
        bench.FallSilent(0);
        bench.Complete(1);
        Assert.Equal(("b", TrialState.Waiting), (bench.State.Trials[0].Lease!.Worker, bench.StateOf(2)));
    }

    [Fact]
    public void Suggestions_whose_numbers_are_taken_are_dropped()
    {
        _bench.Join("a", 4);
        var late = _bench.Suggestions(2);
        _bench.Suggest(1);
        Assert.Empty(_bench.Decide(late).Events);
        Assert.Single(_bench.State.Trials);
    }

    [Fact]
    public void No_more_than_a_thousand_are_wanted_at_once()
    {
        var bench = new StudyBench(Specs.Random(5000));
        bench.Join("a", 3000);
        Assert.Equal(1000, bench.Wanted);
    }

    private IEnumerable<int> Running(string worker) =>
        _bench.State.OpenTrials.Where(t => t.State == TrialState.Running && t.Lease!.Worker == worker).Select(t => t.Number);

    private IEnumerable<int> Waiting() => _bench.State.OpenTrials.Where(t => t.State == TrialState.Waiting).Select(t => t.Number);
}
