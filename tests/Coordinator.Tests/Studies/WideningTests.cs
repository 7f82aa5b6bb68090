using TuningCluster.Coordinator.Hosting;
using TuningCluster.Coordinator.Persistence;
using TuningCluster.Coordinator.Search;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Studies;

/// <summary>A changed file whose parameters are wider, and the study that goes on with it.</summary>
public sealed class WideningTests
{
    private const string Wider =
        """
        version: 1
        name: hills
        objective: { kind: function, name: branin }
        parameters:
          x1: { type: float, low: -5, high: 25 }
          x2: { type: float, low: 0, high: 15 }
        strategy: { name: STRATEGY, seed: 42 }
        budget: { trials: TRIALS }
        """;

    private const string WiderGrid =
        """
        version: 1
        name: hills
        objective: { kind: function, name: branin }
        parameters:
          x1: { type: float, low: -5, high: 25, points: 5 }
          x2: { type: float, low: 0, high: 15, points: 4 }
        strategy: { name: grid, seed: 42 }
        """;

    [Fact]
    public void A_running_study_goes_on_in_the_wider_space_with_all_its_trials()
    {
        var bench = Run(Specs.Random(), 2);
        var wider = Specs.Parse(Random(4));

        var plan = RunPlan.For(wider, bench.State, fresh: false);
        var lineage = bench.State.Lineage;
        bench.Decide([.. plan.First]);

        Assert.Contains("x1: was float -5 to 10, is float -5 to 25", Assert.Single(plan.Notes), StringComparison.Ordinal);
        Assert.IsType<SpaceWidened>(bench.Journal[^1]);
        Assert.Equal(wider.Space, bench.State.Spec.Space);
        Assert.Equal((bench.State.Sequence, 2), (bench.State.WidenedAt, bench.State.Older));
        Assert.NotSame(lineage, bench.State.Lineage);
        Assert.Equal(2, bench.State.Counts.Complete);

        // The same command again asks for nothing.
        var events = bench.Journal.Count;
        bench.Decide([.. plan.First, .. RunPlan.For(wider, bench.State, fresh: false).First]);
        Assert.Equal(events, bench.Journal.Count);
        Assert.Equal(StudyBench.Bytes(bench.State), StudyBench.Bytes(SnapshotMapper.Restore(SnapshotMapper.ToSnapshot(bench.State), _ => [])));
        Assert.Equal(2, SnapshotMapper.Restore(SnapshotMapper.ToSnapshot(bench.State), _ => []).History.Older);
    }

    [Theory]
    [InlineData("random")]
    [InlineData("quasirandom")]
    [InlineData("tpe")]
    [InlineData("bayesian")]
    [InlineData("cmaes")]
    [InlineData("metropolis")]
    [InlineData("auto")]
    public void A_finished_study_goes_on_with_a_wider_space_and_a_larger_budget(string strategy)
    {
        var bench = Run(Specs.Parse(Random(12, strategy).Replace("high: 25", "high: 10", StringComparison.Ordinal)), 12);
        bench.Decide(new FinishStudy(Trial.NoMetrics));
        Assert.Equal(StudyPhase.Finished, bench.State.Phase);

        var plan = RunPlan.For(Specs.Parse(Random(24, strategy)), bench.State, fresh: false);
        bench.Decide([.. plan.First]);
        Assert.Equal(StudyPhase.Running, bench.State.Phase);
        Run(bench, 12);
        bench.Decide(new FinishStudy(Trial.NoMetrics));

        Assert.Equal((FinishReason.TrialsDone, 24), (bench.State.FinishReason!.Value, bench.State.Trials.Count));
        Proved(bench);
    }

    [Fact]
    public void A_finished_study_without_budget_left_says_what_to_do_and_stays_as_it_is()
    {
        var bench = Run(Specs.Random(), 4);
        bench.Decide(new FinishStudy(Trial.NoMetrics));

        var refused = Assert.Single(Assert.Throws<SpecException>(() => RunPlan.For(Specs.Parse(Random(4)), bench.State, fresh: false)).Errors);

        Assert.Contains("has ended (All trials of the budget are done), which leaves nothing to run in the wider space (parameters.x1", refused.Problem, StringComparison.Ordinal);
        Assert.Contains("--trials 8", refused.Hint, StringComparison.Ordinal);
        bench.Decide(new ExtendStudy(bench.State.Spec.Budget, bench.State.Spec.Limits, bench.State.Spec.Parallel, bench.State.Spec.Retry) { Wider = Specs.Parse(Random(4)) });
        Assert.Equal(StudyPhase.Finished, bench.State.Phase);
    }

    [Fact]
    public void An_exhausted_grid_opens_again_and_tries_each_new_point_once()
    {
        var bench = Run(Specs.Grid(), 6);
        bench.Decide(new FinishStudy(Trial.NoMetrics));
        Assert.Equal(FinishReason.SpaceExhausted, bench.State.FinishReason);

        // Of the six points (-5, 2.5, 10) × (0, 15) those with x1 = -5 or 10 and both ends of x2 are among the twenty; 2.5 is, too: -5, 2.5, 10, 17.5, 25.
        bench.Decide([.. RunPlan.For(Specs.Parse(WiderGrid), bench.State, fresh: false).First]);
        Assert.Equal(20, StrategySize.Of(bench.State));
        bench.SamplerSize = StrategySize.Of(bench.State);
        Run(bench, 14);
        bench.Decide(new FinishStudy(Trial.NoMetrics));

        Assert.Equal(FinishReason.SpaceExhausted, bench.State.FinishReason);
        Assert.Equal(20, bench.State.Trials.Select(t => t.Parameters).Distinct().Count());
        Assert.Same(bench.State, RunPlan.For(Specs.Parse(WiderGrid), bench.State, fresh: false).Finished);
        Proved(bench);
    }

    [Fact]
    public void Grid_points_that_the_wider_grid_has_not_are_kept_beside_it()
    {
        var bench = Run(Specs.Grid(), 5);
        bench.Decide([.. RunPlan.For(Specs.Parse(WiderGrid.Replace("high: 25, points: 5", "high: 30, points: 8", StringComparison.Ordinal)), bench.State, fresh: false).First]);

        // Of the places -5, 0, …, 30 of x1 the old grid had -5 and 10: three of the five trials are points, two are not.
        Assert.Equal(32 + 2, StrategySize.Of(bench.State));
        bench.SamplerSize = StrategySize.Of(bench.State);
        Run(bench, 32 - 3);
        Assert.Equal(FinishReason.SpaceExhausted, bench.EndReason);
        bench.Decide(new FinishStudy(Trial.NoMetrics));
        Proved(bench);
    }

    [Fact]
    public void The_audit_misses_a_point_of_a_widened_grid()
    {
        var bench = Run(Specs.Grid(), 6);
        bench.Decide([.. RunPlan.For(Specs.Parse(WiderGrid), bench.State, fresh: false).First]);
        bench.SamplerSize = 19;
        Run(bench, 13);
        bench.Decide(new FinishStudy(Trial.NoMetrics));

        Assert.Contains("only 19 of its points were tried", Assert.Single(StudyAudit.Run(bench.Journal).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void The_audit_finds_a_space_that_was_changed_instead()
    {
        var bench = Run(Specs.Random(), 1);
        var narrower = Specs.Parse(Random(4).Replace("high: 25", "high: 9", StringComparison.Ordinal));
        bench.Decide(new ExtendStudy(bench.State.Spec.Budget, bench.State.Spec.Limits, bench.State.Spec.Parallel, bench.State.Spec.Retry) { Wider = narrower });

        Assert.Contains("not widened but changed: parameters.x1", Assert.Single(StudyAudit.Run(bench.Journal).Faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Suggestions_drawn_from_the_old_space_are_dropped(bool sameBatch)
    {
        var bench = Run(Specs.Grid(), 2);
        var spec = bench.State.Spec;
        var late = Suggesting.Draw(bench.State, SamplerFactory.Create(spec), SettingsHash.Of(spec), 9);
        Assert.True(late.Exhausted);
        var widen = RunPlan.For(Specs.Parse(WiderGrid), bench.State, fresh: false).First;

        if (sameBatch)
        {
            bench.Decide([.. widen, late]);
        }
        else
        {
            bench.Decide([.. widen]);
            bench.Decide(late);
        }

        Assert.Equal(2, bench.State.Trials.Count);
    }

    [Fact]
    public void The_engine_counts_the_points_of_the_wider_grid_at_once()
    {
        var bench = Run(Specs.Grid(), 6);
        bench.Decide(new FinishStudy(Trial.NoMetrics));
        var engine = new StudyEngine(bench.State, new EngineOptions(EngineOptions.DefaultLease, 6, false, bench.Pruner), () => "l");
        foreach (var command in RunPlan.For(Specs.Parse(WiderGrid), bench.State, fresh: false).First)
        {
            engine.Submit(command);
        }

        engine.Submit(StudyBench.Beat("a"));
        engine.Next(bench.State.UpdatedAt);
        engine.Submit(new TakeSuggestions([], Exhausted: true) { DrawnFrom = bench.State.Sequence });
        engine.Commit();

        Assert.Equal(StudyPhase.Running, engine.State!.Phase);
        Assert.Null(engine.ReadyToFinish(bench.State.UpdatedAt));
        Assert.True(engine.SuggestionsWanted(bench.State.UpdatedAt) > 0);
    }

    [Theory]
    [InlineData("random")]
    [InlineData("tpe")]
    public void A_strict_study_goes_on_too(string strategy)
    {
        var strict = Random(16, strategy) + "reproducible: { mode: strict, window: 3 }\n";
        var bench = Run(Specs.Parse(strict.Replace("high: 25", "high: 10", StringComparison.Ordinal)), 7);
        bench.Decide([.. RunPlan.For(Specs.Parse(strict), bench.State, fresh: false).First]);
        Run(bench, 9);
        bench.Decide(new FinishStudy(Trial.NoMetrics));

        Assert.Equal(FinishReason.TrialsDone, bench.State.FinishReason);
        Proved(bench);
    }

    [Fact]
    public void Metropolis_goes_on_from_the_best_of_the_trials_before()
    {
        var bench = Run(Specs.Parse(Random(60, "metropolis").Replace("high: 25", "high: 10", StringComparison.Ordinal)), 40);
        bench.Decide([.. RunPlan.For(Specs.Parse(Random(60, "metropolis")), bench.State, fresh: false).First]);
        var best = bench.State.BestTrial!.Parameters;
        var next = Suggesting.Draw(bench.State, SamplerFactory.Create(bench.State.Spec), "00", 6).Suggestions.Select(s => s.Parameters);

        // A step goes a fifth of the range at first; the first eight trials lie anywhere.
        Assert.All(next, p => Assert.True(Math.Abs(p["x2"].AsDouble() - best["x2"].AsDouble()) < 12, $"{best} → {p}"));
        Assert.Contains(next, p => Math.Abs(p["x1"].AsDouble() - best["x1"].AsDouble()) < 2 && Math.Abs(p["x2"].AsDouble() - best["x2"].AsDouble()) < 2);
    }

    private static string Random(int trials, string strategy = "random") => Wider.ReplaceLineEndings("\n")
        .Replace("TRIALS", $"{trials}", StringComparison.Ordinal).Replace("STRATEGY", strategy, StringComparison.Ordinal) + "\n";

    private static StudyBench Run(StudySpec spec, int trials)
    {
        var bench = new StudyBench(spec) { SamplerSize = SamplerFactory.Create(spec).Size };
        bench.Join("a");
        return Run(bench, trials);
    }

    /// <summary>So many trials, one at a time, of a bowl.</summary>
    private static StudyBench Run(StudyBench bench, int trials)
    {
        var (sampler, hash) = (SamplerFactory.Create(bench.State.Spec), SettingsHash.Of(bench.State.Spec));
        for (var i = 0; i < trials; i++)
        {
            var number = bench.State.Trials.Count;
            bench.Decide(Suggesting.Draw(bench.State, sampler, hash, 1));
            Assert.Equal(number + 1, bench.State.Trials.Count);
            var parameters = bench.State.Trials[number].Parameters;
            bench.Complete(number, Math.Pow(parameters["x1"].AsDouble() - 7, 2) + Math.Pow(parameters["x2"].AsDouble() - 3, 2));
        }

        return bench;
    }

    private static void Proved(StudyBench bench)
    {
        Assert.Empty(StudyAudit.Run(bench.Journal).Faults);
        Assert.Null(StudyReplay.Run(bench.Journal, StudyBench.Id).Difference);
    }
}
