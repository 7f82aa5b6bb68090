using TuningCluster.Coordinator.Hosting;
using TuningCluster.Coordinator.Persistence;
using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Studies;

/// <summary>Failed trials are run again as new ones.</summary>
public sealed class RetryFailedTests
{
    [Fact]
    public void Failed_trials_of_a_finished_study_are_run_again_and_count_no_more()
    {
        var bench = Bench(Specs.Random());
        Run(bench, ok: [true, false, true, false]);
        bench.Decide(new FinishStudy(Trial.NoMetrics));
        Assert.Equal(StudyPhase.Finished, bench.State.Phase);

        bench.Decide(new RetryFailed());

        Assert.Equal((StudyPhase.Running, 2, 2, 2), (bench.State.Phase, bench.State.Counts.AgainstBudget, bench.State.Counts.Failed, bench.State.Counts.Retried));
        Assert.Equal([1, 3], bench.State.Enqueued.Select(queued => queued.RetryOf!.Value));
        Same(bench);

        // The next command finds none that is not run again already.
        var events = bench.Journal.Count;
        bench.Decide(new RetryFailed());
        Assert.Equal(events, bench.Journal.Count);

        Run(bench, ok: [true, false]);
        Assert.Equal(bench.State.Trials[1].Parameters, bench.State.Trials[4].Parameters);
        Assert.Equal((1, 3), (bench.State.Trials[4].RetryOf!.Value, bench.State.Trials[5].RetryOf!.Value));
        Assert.Equal(FinishReason.TrialsDone, bench.EndReason);
        bench.Decide(new FinishStudy(Trial.NoMetrics));
        Proved(bench);

        // The copy that failed is a failed trial like any other.
        bench.Decide(new RetryFailed());
        Run(bench, ok: [true]);
        Assert.Equal(5, bench.State.Trials[6].RetryOf);
        bench.Decide(new FinishStudy(Trial.NoMetrics));
        Proved(bench);
    }

    [Fact]
    public void Nothing_failed_is_nothing_to_do()
    {
        var bench = Bench(Specs.Random());
        Run(bench, ok: [true, true]);
        var events = bench.Journal.Count;
        bench.Decide(new RetryFailed());
        Assert.Equal(events, bench.Journal.Count);
    }

    [Fact]
    public void Too_many_failures_are_fewer_afterwards()
    {
        var bench = Bench(Specs.With(Specs.Random(10), budget => budget with { Failures = 2 }));
        Run(bench, ok: [true, false, false]);
        bench.Decide(new FinishStudy(Trial.NoMetrics));
        Assert.Equal(FinishReason.TooManyFailures, bench.State.FinishReason);

        bench.Decide(new RetryFailed());
        Assert.Null(bench.EndReason);
        Run(bench, ok: [true, true, true, true, true, true, true, true, true]);
        bench.Decide(new FinishStudy(Trial.NoMetrics));

        Assert.Equal((FinishReason.TrialsDone, 10), (bench.State.FinishReason!.Value, bench.State.Counts.AgainstBudget));
        Proved(bench);
    }

    [Fact]
    public void A_study_that_would_end_all_the_same_stays_as_it_is()
    {
        var bench = Bench(Specs.With(Specs.Random(10), budget => budget with { Target = 0.5 }));
        Run(bench, ok: [false, true], value: 0.25);
        bench.Decide(new FinishStudy(Trial.NoMetrics));

        bench.Decide(new RetryFailed());

        Assert.Equal(FinishReason.TargetReached, bench.State.FinishReason);
        Assert.IsType<StudyFinished>(bench.Journal[^1]);
    }

    [Fact]
    public void A_copy_that_is_cancelled_leaves_its_trial_failed()
    {
        var bench = Bench(Specs.Random());
        Run(bench, ok: [true, false]);
        bench.Decide(new RetryFailed());
        bench.Decide(Suggesting.Draw(bench.State, SamplerFactory.Create(bench.State.Spec), SettingsHash.Of(bench.State.Spec), 1));
        Assert.Equal(1, bench.State.Counts.AgainstBudget);

        bench.Decide(new StopStudy());

        Assert.Equal((2, 0), (bench.State.Counts.AgainstBudget, bench.State.Counts.Retried));
        Assert.Equal([1], Reopening.Retries(bench.State).Select(e => e.RetryOf!.Value));
        Same(bench);
        Proved(bench);
    }

    [Fact]
    public void A_grid_stays_exact()
    {
        var bench = Bench(Specs.Grid());
        Run(bench, ok: [true, false, true, true, true, true]);
        bench.Decide(new FinishStudy(Trial.NoMetrics));
        Assert.Equal(FinishReason.SpaceExhausted, bench.State.FinishReason);

        bench.Decide(new RetryFailed());
        Run(bench, ok: [true]);
        Assert.Equal(FinishReason.SpaceExhausted, bench.EndReason);
        bench.Decide(new FinishStudy(Trial.NoMetrics));

        Assert.Equal(6, bench.State.Trials.Where(t => t.State == TrialState.Complete).Select(t => t.Parameters).Distinct().Count());
        Proved(bench);
    }

    [Fact]
    public void In_a_strict_study_number_order_no_longer_counts_them()
    {
        var spec = Specs.With(Specs.Random(8), budget => budget with { Failures = 1 }) with { Reproducible = new ReproducibleSpec(2) };
        var bench = Bench(spec);
        Run(bench, ok: [true, false, true]);
        Assert.Equal(FinishReason.TooManyFailures, bench.State.InOrder.Reason);
        bench.Decide(new FinishStudy(Trial.NoMetrics));

        bench.Decide(new RetryFailed());
        Assert.Null(bench.State.InOrder.Reason);
        Run(bench, ok: [true, true, true, true, true, true]);
        bench.Decide(new FinishStudy(Trial.NoMetrics));

        Assert.Equal(FinishReason.TrialsDone, bench.State.FinishReason);
        Same(bench);
        Proved(bench);
    }

    [Fact]
    public void A_trial_from_before_the_space_was_widened_is_run_again_as_it_was_when_it_is_part_of_it()
    {
        const string Text =
            """
            name: hills
            objective: { kind: function, name: sphere }
            parameters:
              x1: { type: float, low: -5, high: 10 }
            strategy: { name: random, seed: 42 }
            budget: { trials: 4 }
            """;
        var bench = Bench(Specs.Parse(Text));
        Run(bench, ok: [true, false]);
        bench.Decide(new RetryFailed());
        bench.Decide([.. RunPlan.For(Specs.Parse(Text.Replace("high: 10 }", "high: 10 }\n  x2: { type: float, low: 0, high: 15, default: 3 }", StringComparison.Ordinal)), bench.State, fresh: false).First]);
        Run(bench, ok: [false]);

        Assert.Equal(ParameterValue.Float(3), bench.State.Trials[2].Parameters["x2"]);
        Assert.Equal(bench.State.Trials[1].Parameters["x1"], bench.State.Trials[2].Parameters["x1"]);
        bench.Decide(new RetryFailed());
        Run(bench, ok: [true]);
        Assert.Equal(bench.State.Trials[2].Parameters, bench.State.Trials[3].Parameters);
        Proved(bench);
    }

    [Theory]
    [InlineData(0, "trial 0 is run again, but has not failed")]
    [InlineData(7, "trial 7 is run again, but has not failed")]
    public void The_audit_finds_what_was_no_failed_trial(int number, string fault)
    {
        var bench = Bench(Specs.Random());
        Run(bench, ok: [true, false]);
        var enqueued = new TrialEnqueued(bench.State.Trials[0].Parameters) { RetryOf = number, Elapsed = bench.Elapsed };

        Assert.Contains(fault, Assert.Single(StudyAudit.Run([.. bench.Journal, enqueued]).Faults), StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => Study.Apply(bench.State, enqueued));
    }

    [Fact]
    public void The_audit_finds_other_parameters_and_a_second_copy()
    {
        var bench = Bench(Specs.Random());
        Run(bench, ok: [false]);
        bench.Decide(new RetryFailed());
        var again = (TrialEnqueued)bench.Journal[^1];
        var other = new TrialSuggested(1, Specs.Point(1, 2), true, bench.State.Sequence, Suggesting.Enqueue, "00");

        Assert.Contains("with other parameters", Assert.Single(StudyAudit.Run([.. bench.Journal, other]).Faults), StringComparison.Ordinal);
        Assert.Contains("trial 0 is run again a second time", Assert.Single(StudyAudit.Run([.. bench.Journal, again]).Faults), StringComparison.Ordinal);
    }

    private static StudyBench Bench(StudySpec spec)
    {
        var bench = new StudyBench(spec) { SamplerSize = SamplerFactory.Create(spec).Size };
        bench.Join("a");
        return bench;
    }

    /// <summary>Trials one at a time, each completing or failing.</summary>
    private static void Run(StudyBench bench, bool[] ok, double value = 1)
    {
        foreach (var completes in ok)
        {
            var number = bench.State.Trials.Count;
            bench.Decide(Suggesting.Draw(bench.State, SamplerFactory.Create(bench.State.Spec), SettingsHash.Of(bench.State.Spec), 1));
            Assert.Equal(number + 1, bench.State.Trials.Count);
            bench.End(number, completes ? new TrialOutcome.Completed(value, null) : new TrialOutcome.Failed(FailureReason.TimeLimit, "too long"));
        }
    }

    /// <summary>From a snapshot as from the journal.</summary>
    private static void Same(StudyBench bench)
    {
        var restored = SnapshotMapper.Restore((StudySnapshot)JournalManifests.Table.Read("s:study", StudyBench.Bytes(bench.State)), _ => []);
        Assert.Equal(StudyBench.Bytes(bench.State), StudyBench.Bytes(restored));
        Assert.Equal(bench.State.InOrder, restored.InOrder);
    }

    private static void Proved(StudyBench bench)
    {
        Assert.Empty(StudyAudit.Run(bench.Journal).Faults);
        Assert.Null(StudyReplay.Run(bench.Journal, StudyBench.Id).Difference);
    }
}
