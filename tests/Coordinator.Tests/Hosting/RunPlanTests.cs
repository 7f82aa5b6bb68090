using TuningCluster.Coordinator.Hosting;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Tests.Studies;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Hosting;

public sealed class RunPlanTests
{
    [Fact]
    public void A_new_study_is_created_as_its_first_instance()
    {
        var plan = RunPlan.For(Specs.Random(), found: null, fresh: false);
        var create = Assert.IsType<CreateStudy>(Assert.Single(plan.First));

        Assert.Equal(("hills", 1), (StudyId.NameOf(plan.StudyId), StudyId.InstanceOf(plan.StudyId)));
        Assert.Equal((plan.StudyId, 42), (create.Id, create.Spec.Strategy.Seed));
        Assert.Null(plan.Finished);
    }

    [Fact]
    public void A_study_without_a_seed_gets_one_when_it_is_created()
    {
        var spec = Specs.Random();
        var plan = RunPlan.For(spec with { Strategy = spec.Strategy with { Seed = null } }, found: null, fresh: false);
        Assert.NotNull(Assert.IsType<CreateStudy>(plan.First[0]).Spec.Strategy.Seed);
    }

    [Fact]
    public void An_unfinished_study_goes_on_with_the_files_free_part()
    {
        var bench = new StudyBench(Specs.Random(4));
        var plan = RunPlan.For(Specs.Random(9) with { Parallel = new ParallelSpec(3, 1) }, bench.State, fresh: false);

        Assert.Equal((StudyBench.Id, 3), (plan.StudyId, plan.Slots));
        Assert.Equal(9, Assert.IsType<ExtendStudy>(Assert.Single(plan.First)).Budget.Trials);
        Assert.Null(plan.Finished);
    }

    [Fact]
    public void A_finished_study_is_only_shown()
    {
        var found = Finished();
        Assert.Same(found, RunPlan.For(Specs.Random(1), found, fresh: false).Finished);
    }

    [Fact]
    public void A_finished_study_with_a_smaller_budget_is_only_shown()
    {
        var found = Finished(trials: 2);
        Assert.Same(found, RunPlan.For(Specs.Random(1), found, fresh: false).Finished);
    }

    [Fact]
    public void A_finished_study_with_a_larger_budget_is_extended()
    {
        var plan = RunPlan.For(Specs.Random(2), Finished(), fresh: false);
        Assert.Null(plan.Finished);
        Assert.Equal(2, Assert.IsType<ExtendStudy>(plan.First[0]).Budget.Trials);
    }

    [Fact]
    public void A_study_that_was_stopped_stays_so()
    {
        var bench = new StudyBench(Specs.Random(4));
        bench.Decide(new StopStudy());
        Assert.Same(bench.State, RunPlan.For(Specs.Random(4), bench.State, fresh: false).Finished);
    }

    [Fact]
    public void An_exhausted_grid_stays_finished()
    {
        var bench = new StudyBench(Specs.Grid()) { SamplerSize = 6 };
        bench.Join("a", 6);
        bench.Suggest(6);
        Enumerable.Range(0, 6).ToList().ForEach(n => bench.Complete(n));
        bench.Decide(new FinishStudy(Trial.NoMetrics));
        Assert.Equal(FinishReason.SpaceExhausted, bench.State.FinishReason);
        Assert.Same(bench.State, RunPlan.For(Specs.Grid(), bench.State, fresh: false).Finished);
    }

    [Fact]
    public void Fresh_begins_the_next_instance_whatever_changed()
    {
        var spec = Specs.Random();
        var plan = RunPlan.For(spec with { Strategy = spec.Strategy with { Seed = 43 } }, Finished(), fresh: true);
        Assert.Equal(2, StudyId.InstanceOf(plan.StudyId));
        Assert.IsType<CreateStudy>(Assert.Single(plan.First));
        Assert.Null(plan.Finished);
    }

    [Fact]
    public void Every_change_of_a_fixed_part_is_refused_at_once_with_the_way_out()
    {
        var spec = Specs.Random();
        var changed = spec with
        {
            Strategy = spec.Strategy with { Seed = 43 }, Objective = spec.Objective with { Direction = Direction.Maximize },
        };
        var refused = Assert.Throws<SpecException>(() => RunPlan.For(changed, new StudyBench(spec).State, fresh: false));

        Assert.Equal(2, refused.Errors.Count);
        Assert.All(refused.Errors, e => Assert.Contains("--fresh", e.Hint, StringComparison.Ordinal));
        Assert.Contains(refused.Errors, e => e.Problem.Contains("strategy.seed: was 42, is 43", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_without_a_seed_continues_the_study_whose_seed_was_drawn()
    {
        var spec = Specs.Random();
        var plan = RunPlan.For(spec with { Strategy = spec.Strategy with { Seed = null } }, new StudyBench(spec).State, fresh: false);
        Assert.Equal(StudyBench.Id, plan.StudyId);
    }

    [Fact]
    public void There_is_at_least_one_slot_and_threads_take_several()
    {
        Assert.Equal(200, RunPlan.For(Specs.Random() with { Parallel = new ParallelSpec(null, 200) }, null, false).Slots);
        Assert.Equal(6, RunPlan.For(Specs.Random() with { Parallel = new ParallelSpec(3, 2) }, null, false).Slots);
        Assert.Equal(Environment.ProcessorCount, RunPlan.For(Specs.Random() with { Parallel = new ParallelSpec(null, 1) }, null, false).Slots);
    }

    private static StudyState Finished(int trials = 1)
    {
        var bench = new StudyBench(Specs.Random(trials));
        bench.Join("a", trials);
        bench.Suggest(trials);
        Enumerable.Range(0, trials).ToList().ForEach(n => bench.Complete(n));
        bench.Decide(new FinishStudy(Trial.NoMetrics));
        Assert.Equal(StudyPhase.Finished, bench.State.Phase);
        return bench.State;
    }
}
