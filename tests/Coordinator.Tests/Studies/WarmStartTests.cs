using TuningCluster.Coordinator.Persistence;
using TuningCluster.Coordinator.Studies;
using TuningCluster.Coordinator.Views;
using TuningCluster.Shared.SearchSpaces;
using TuningCluster.Shared.Studies;
using TuningCluster.Shared.Trials;

namespace TuningCluster.Coordinator.Tests.Studies;

public sealed class WarmStartTests
{
    private const string Warm = """
        name: valleys
        objective: { kind: function, name: branin }
        parameters:
          x1: { type: float, low: -5, high: 3 }
          x2: { type: float, low: 0, high: 15 }
        strategy: { name: tpe, seed: 1 }
        budget: { trials: 4 }
        warm_start: { study: hills }
        """;

    private const string Network = """
        name: digits
        data: { source: digits.csv, target: label }
        model: { optimizer: adam, epochs: 10 }
        parameters:
          learning_rate: { type: float, low: 1e-4, high: 1, log: true }
          layers: { type: int, low: 1, high: 4 }
        strategy: { name: tpe, seed: 1 }
        budget: { trials: 4 }
        """;

    [Fact]
    public void Takes_complete_and_diverged_trials_inside_the_space_and_says_what_is_left_out()
    {
        var bench = Ended(Specs.Random(), 3);
        var warm = WarmStart.From(Specs.Parse(Warm), bench.State);

        Assert.Equal([(Specs.Point(0), (double?)10), (Specs.Point(1), 11), (Specs.Point(2), null), (Specs.Point(3), 13)], warm.Trials.Select(t => (t.Parameters, t.Value)));
        var note = Assert.Single(warm.Notes);
        Assert.Equal("starts from 4 of 5 trials of study 'hills'; left out: 1 whose x1 is not float -5 to 3 (trial 4 has 4).", note);
    }

    [Fact]
    public void Trials_from_before_count_for_nothing_and_survive_snapshots()
    {
        var spec = Specs.Parse(Warm);
        var created = new StudyCreated("valleys.1.0123abcd", spec) { Prior = WarmStart.From(spec, Ended(Specs.Random(), 3).State).Trials };
        var state = Study.Apply(null, created);

        Assert.Equal((0, 0, (int?)null), (state.Trials.Count, state.Counts.AgainstBudget, state.Best));
        Assert.Equal([-4, -3, -2, -1], state.History.Prior.Select(t => t.Number));
        Assert.Equal([TrialState.Complete, TrialState.Complete, TrialState.Diverged, TrialState.Complete], state.History.Prior.Select(t => t.State));
        var again = SnapshotMapper.Restore((StudySnapshot)JournalManifests.Table.Read("s:study", StudyBench.Bytes(state)), _ => throw new InvalidOperationException("There are no blocks."));
        Assert.Equal(state.History.Prior.Select(t => (t.Number, t.Parameters, t.Value)), again.History.Prior.Select(t => (t.Number, t.Parameters, t.Value)));
        Assert.Empty(StudyAudit.Run([created]).Faults);
        Assert.Equal((new WarmStartSpec("hills", null), 4), StudyViewBuilder.Study(state).WarmStart);
    }

    [Fact]
    public void Another_metric_of_the_earlier_trials_may_be_the_objective()
    {
        var bench = Ended(Specs.Parse(Network), 0, "validation_accuracy");
        var spec = Specs.Parse(Network.Replace("name: digits", "name: b\nobjective: { metric: validation_accuracy }", StringComparison.Ordinal));

        Assert.Equal([0.5, 0.6], WarmStart.From(spec, bench.State).Trials.Select(t => t.Value));
    }

    [Fact]
    public void What_was_fixed_is_a_value_of_the_trials_and_what_is_fixed_now_must_be_theirs()
    {
        var earlier = Ended(Specs.Parse(Network.Replace("optimizer: adam, ", "", StringComparison.Ordinal)
            .Replace("parameters:\n", "parameters:\n  optimizer: { type: categorical, choices: [sgd, adam] }\n", StringComparison.Ordinal)), 0);
        var spec = Specs.Parse(Network.Replace("epochs: 10", "width: 16", StringComparison.Ordinal)
            .Replace("parameters:\n", "parameters:\n  epochs: { type: int, low: 5, high: 50 }\n", StringComparison.Ordinal));
        var warm = WarmStart.From(spec, earlier.State);

        Assert.Equal("epochs=10 learning_rate=0.01 layers=2", Assert.Single(warm.Trials).Parameters.ToString());
        Assert.StartsWith("starts from 1 of 2 trials of study 'digits'; left out: 1 whose optimizer is not the adam of model (trial 0 has sgd)", warm.Notes[0], StringComparison.Ordinal);
        Assert.StartsWith("study 'digits' had width 64 where this one has 16", warm.Notes[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_of_which_nothing_is_of_use_is_refused_with_the_reasons()
    {
        var spec = Specs.Parse(Warm.Replace("low: 0, high: 15", "low: 14, high: 15", StringComparison.Ordinal));
        var refused = Assert.Single(Assert.Throws<SpecException>(() => WarmStart.From(spec, Ended(Specs.Random(), 1).State)).Errors);

        Assert.Equal("warm_start.study", refused.Path);
        Assert.StartsWith("none of the 3 trials of study 'hills' is of use here: 3 whose x2 is not float 14 to 15 (trial 0 has 0", refused.Problem, StringComparison.Ordinal);
        refused = Assert.Single(Assert.Throws<SpecException>(() => WarmStart.From(spec, new StudyBench(Specs.Random()).State)).Errors);
        Assert.Equal("study 'hills' has no complete trial to start from", refused.Problem);
    }

    [Fact]
    public void Several_objectives_are_all_taken()
    {
        var spec = Specs.Parse("""
            name: zdt
            objectives: [ { kind: function, name: zdt1, metric: f1 }, { kind: function, name: zdt1, metric: f2 } ]
            parameters:
              x1: { type: float, low: 0, high: 1 }
              x2: { type: float, low: 0, high: 1 }
            strategy: { name: nsga2, seed: 1 }
            budget: { trials: 4 }
            constraints: [ f2 <= 0.5 ]
            """);
        var values = new Dictionary<string, IReadOnlyList<ParameterValue>> { ["x1"] = [ParameterValue.Float(0.5)], ["x2"] = [ParameterValue.Float(0)] };
        var warm = WarmStart.Fit(
            spec, [new EarlierTrial("row 1", values, [0.5, 0.75], new Dictionary<string, double>()), new EarlierTrial("row 2", values, [0.5, null], new Dictionary<string, double>())], "csv", "'t.csv'");
        var state = Study.Apply(null, new StudyCreated("zdt.1.0123abcd", spec) { Prior = warm.Trials });

        var prior = Assert.Single(state.History.Prior);
        Assert.Equal([0.5, 0.75], prior.Values);
        Assert.Equal([0.25], prior.Violations);
        Assert.Contains("1 without a value of f2 (row 2)", warm.Notes[0], StringComparison.Ordinal);
    }

    /// <summary>Complete trials but for the one that diverged, with values from 10 on.</summary>
    private static StudyBench Ended(StudySpec spec, int diverged, string? metric = null)
    {
        var bench = new StudyBench(Specs.With(spec, b => b with { Trials = 5 }));
        bench.Join("a");
        var sets = spec.Data is null ? [.. Enumerable.Range(0, diverged + 2).Select(i => Specs.Point(i))] : (TrialParameters[])[Set(spec, "sgd", 0.1), Set(spec, "adam", 0.01)];
        foreach (var (number, set) in sets.Index())
        {
            bench.Decide(new TakeSuggestions([new Suggestion(number, set, false, bench.State.Sequence, "test/1", "00")], Exhausted: false));
            bench.End(number, spec.Data is null && number == diverged - 1
                ? new TrialOutcome.Diverged(1, "loss is NaN")
                : new TrialOutcome.Completed(10 + number, null) { Metrics = metric is null ? Trial.NoMetrics : new Dictionary<string, double> { [metric] = 0.5 + (0.1 * number) } });
        }

        return bench;
    }

    private static TrialParameters Set(StudySpec spec, string optimizer, double rate) => spec.Space.Arrange(new Dictionary<string, ParameterValue>
    {
        ["optimizer"] = ParameterValue.Text(optimizer), ["learning_rate"] = ParameterValue.Float(rate), ["layers"] = ParameterValue.Int(2),
    });
}
