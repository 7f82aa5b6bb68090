using TuningCluster.Coordinator.Persistence;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Studies;

public sealed class TrialWorthTests
{
    private const string Several =
        """
        name: hills
        objectives: [ { kind: function, name: binh_korn, metric: f1 }, { metric: f2, direction: maximize } ]
        parameters:
          x1: { type: float, low: -5, high: 10 }
          x2: { type: float, low: 0, high: 15 }
        constraints: [ c1 <= 0, "x1 < 9 or c2 <= 1" ]
        strategy: { name: random, seed: 42 }
        budget: { trials: 9 }
        """;

    private readonly StudyBench _bench = new(Specs.Parse(Several));

    public TrialWorthTests()
    {
        _bench.Join("a", 9);
        _bench.Suggest(9);
    }

    [Fact]
    public void The_front_is_what_no_other_trial_beats()
    {
        End(0, 1, 1);
        End(1, 2, 2);
        End(2, 1, 0.5); // Trial 0 is as good in one and better in the other.
        End(3, 2, 2);   // Equal ones stand beside one another.
        End(4, 0, 9, c1: 0.1);
        End(5, 3, -1);
        _bench.End(6, new TrialOutcome.Diverged(1, "NaN"));

        Assert.Equal([0, 1, 3], TrialWorth.Front(_bench.State).Select(t => t.Number));
        Assert.Equal(0, _bench.State.Best);
        Assert.Equal([2.0, 2.0], _bench.State.Trials[1].Values);
        Assert.Equal((0.1, false, 0.0, true), (_bench.State.Trials[4].Violations[0], _bench.State.Trials[4].IsUsable, _bench.State.History.Trials[0].Violations[0], _bench.State.Trials[0].IsUsable));
    }

    [Fact]
    public void Of_one_objective_a_trial_that_violates_a_constraint_is_never_the_best()
    {
        var bench = new StudyBench(Specs.Parse(Several.Replace("objectives: [ { kind: function, name: binh_korn, metric: f1 }, { metric: f2, direction: maximize } ]", "objective: { kind: function, name: gramacy }", StringComparison.Ordinal)));
        bench.Join("a", 9);
        bench.Suggest(3);
        bench.End(0, Completed(5, c1: 1));
        Assert.Null(bench.State.Best);
        bench.End(1, Completed(7));
        bench.End(2, Completed(6, c1: 1e-9));

        Assert.Equal((1, 1, 3), (bench.State.Best, bench.State.SinceBest, bench.State.Counts.Complete));
        Assert.Equal([0, 1, 2], bench.State.History.Finished);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_further_objective_that_is_no_number_is_divergence(double f2)
    {
        End(0, 1, f2);

        Assert.Equal((TrialState.Diverged, $"the objective f2 is {f2}"), (_bench.State.Trials[0].State, _bench.State.Trials[0].Reason));
    }

    [Fact]
    public void An_objective_that_was_not_measured_is_divergence()
    {
        _bench.End(0, new TrialOutcome.Completed(1, null) { Metrics = new Dictionary<string, double> { ["f1"] = 1 } });

        Assert.Equal(TrialState.Diverged, _bench.State.Trials[0].State);
    }

    [Fact]
    public void A_constraint_may_name_parameters_too_and_what_is_not_known_is_not_fulfilled()
    {
        End(0, 1, 1, c2: 5);
        _bench.End(1, new TrialOutcome.Completed(1, null) { Metrics = new Dictionary<string, double> { ["f1"] = 1, ["f2"] = 1, ["c1"] = double.NaN, ["c2"] = 0 } });

        Assert.True(_bench.State.Trials[0].IsUsable);
        Assert.Equal([double.PositiveInfinity, -8], _bench.State.Trials[1].Violations.Select(v => Math.Round(v)));
    }

    [Fact]
    public void A_snapshot_gives_it_back()
    {
        End(0, 1, 1);
        End(1, 2, 2, c1: 3);
        var restored = SnapshotMapper.Restore(SnapshotMapper.ToSnapshot(_bench.State), _ => throw new InvalidOperationException());

        Assert.Equal(_bench.State.Trials.Select(t => string.Join(' ', t.Values.Concat(t.Violations))), restored.Trials.Select(t => string.Join(' ', t.Values.Concat(t.Violations))));
    }

    [Fact]
    public void Workers_are_told_no_incumbent_where_weights_may_be_needed_anyway()
    {
        End(0, 1, 1);
        var run = Assert.IsType<SendRun>(_bench.Decide(StudyBench.Beat("a")).Effects.First(e => e is SendRun));

        Assert.Null(run.Incumbent);
    }

    [Fact]
    public void The_history_tells_every_direction() =>
        Assert.Equal([Direction.Minimize, Direction.Maximize], _bench.State.History.Objectives);

    private void End(int number, double f1, double f2, double c1 = 0, double c2 = 0) => _bench.End(number, Completed(f1, f2, c1, c2));

    private static TrialOutcome.Completed Completed(double f1, double f2 = 0, double c1 = 0, double c2 = 0) => new(f1, null)
    {
        Metrics = new Dictionary<string, double> { ["f1"] = f1, ["f2"] = f2, ["c1"] = c1, ["c2"] = c2 },
    };
}
